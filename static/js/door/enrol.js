/* The enrolment page inside a messenger's browser: leave it, or take the link along. */

import { outsideAddress } from "./in-app.js";

async function copy(button) {
  const text = button.dataset.copyLink;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    /* In-app browsers often forbid the clipboard: the link is shown to be held and copied by hand. */
    const shown = document.createElement("input");
    Object.assign(shown, { value: text, readOnly: true, className: "input" });
    button.replaceWith(shown);
    return shown.select();
  }
  button.querySelector("span").textContent = button.dataset.copied;
  return undefined;
}

const warning = document.querySelector("[data-in-app]");
if (warning) {
  const way = warning.querySelector("[data-open-outside]");
  const address = outsideAddress(location.href, warning.dataset.inApp, navigator.userAgent);
  if (address) {
    way.href = address;
    way.hidden = false;
  }
  const button = warning.querySelector("[data-copy-link]");
  button.addEventListener("click", () => copy(button));
}
