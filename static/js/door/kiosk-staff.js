/* The staff's side of a tablet: the code, and what can be done once it is unlocked. It locks itself again. */

import { part } from "./dom.js";

const CLOSES_MS = 30_000;
const LOCKS_MS = 60_000;
const TICK_MS = 1000;

/** `lock` is kiosk-lock.js, `trap` kiosk-trap.js; `onUnlocked()` fills in what staff may see, until `onLocked()`. */
export function createKioskStaff({ say, lock, trap, onUnlocked, onLocked }) {
  const sheet = part("staff");
  const form = part("code-form");
  const input = part("code-input");
  const error = part("code-error");
  const submit = part("code-submit");
  const inside = part("unlocked");
  let timer = null;
  let counting = null;

  const isOpen = () => !sheet.hidden;

  function soon() {
    clearTimeout(timer);
    timer = isOpen() ? setTimeout(shut, inside.hidden ? CLOSES_MS : LOCKS_MS) : null;
  }

  function tellWait() {
    const seconds = Math.ceil(lock.wait() / 1000);
    error.textContent = seconds > 0 ? say("code_wait", { seconds }) : "";
    submit.setAttribute("aria-disabled", String(seconds > 0));
    if (seconds === 0) clearInterval(counting);
  }

  function count() {
    clearInterval(counting);
    counting = setInterval(tellWait, TICK_MS);
    tellWait();
  }

  function open() {
    sheet.hidden = false;
    form.hidden = false;
    inside.hidden = true;
    input.value = "";
    error.textContent = "";
    count();
    soon();
    input.focus();
  }

  function shut() {
    clearInterval(counting);
    sheet.hidden = true;
    if (!inside.hidden) onLocked();
    inside.hidden = true;
    trap.close();
    soon();
    part("staff-open").focus();
  }

  function unlocked() {
    clearInterval(counting);
    form.hidden = true;
    inside.hidden = false;
    trap.open();
    soon();
    onUnlocked();
    part("unlocked-title").focus();
  }

  async function attempt() {
    submit.setAttribute("aria-busy", "true");
    const answer = await lock.attempt(input.value).catch(() => "none");
    submit.removeAttribute("aria-busy");
    input.value = "";
    if (answer === "open") return unlocked();
    if (lock.wait() > 0) return count();
    error.textContent = say(answer === "none" ? "code_none" : "code_wrong");
    return input.focus();
  }

  part("staff-open").addEventListener("click", open);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!submit.getAttribute("aria-busy") && lock.wait() === 0) attempt();
  });
  sheet.addEventListener("click", (event) => event.target.closest("[data-lock]") && shut());
  for (const name of ["pointerdown", "keydown", "input"]) sheet.addEventListener(name, soon);
  sheet.addEventListener("keydown", (event) => event.key === "Escape" && shut());

  return {
    /** Nobody is scanned while staff are at it. */
    get busy() {
      return isOpen();
    },
  };
}
