/* One line after a tap: who came in or left, and for some seconds the way to take it back. */

import { part, setIcon } from "./dom.js";

const STAYS_MS = 6000;

/** `onUndo(view)` is a tap on its button; only supervisors take back, and only what the server has stored. */
export function createSnack({ say, maySupervise, onUndo }) {
  const bar = part("snack");
  const words = part("snack-text");
  const button = part("snack-undo");
  let shown = null;
  let timer = null;

  function put(text, icon, tone, undo) {
    clearTimeout(timer);
    bar.hidden = false;
    bar.className = `snack snack--${tone}`;
    setIcon(part("snack-icon"), icon);
    words.textContent = text;
    button.hidden = !undo;
    button.removeAttribute("aria-busy");
    timer = setTimeout(hide, STAYS_MS);
  }

  function hide() {
    clearTimeout(timer);
    if (button === document.activeElement) part("list-input").focus({ preventScroll: true });
    bar.hidden = true;
    words.textContent = "";
    shown = null;
  }

  button.addEventListener("click", () => {
    if (!shown || button.getAttribute("aria-busy")) return;
    clearTimeout(timer);
    button.setAttribute("aria-busy", "true");
    onUndo(shown);
  });

  return {
    show(view) {
      shown = view;
      const who = { name: view.name, cohort: view.cohort };
      const [way, icon, tone] = view.tone === "left" ? ["left", "sign-out", "left"] : ["in", "check-circle", "ok"];
      put(say(`snack_${way}${view.sync ? "_waiting" : ""}`, who), view.sync ? "clock" : icon, tone, maySupervise && !view.sync);
    },
    trouble: (text) => put(text, "alert", "refused", Boolean(shown)),
    done: (text) => put(text, "undo", "neutral", false),
    hide,
  };
}
