/* That this phone is rehearsing: a band over everything and a striped frame, so that nobody takes it for the real door. */

import { part } from "./dom.js";

const CLASS = "door--rehearsal";

export function createRehearsalView({ say, clock, onBegin, onEnd }) {
  const band = part("rehearsal");
  const line = part("rehearsal-line");
  const start = part("rehearsal-begin");
  const closed = part("rehearsal-closed");

  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  start.addEventListener("click", onBegin);
  part("rehearsal-end").addEventListener("click", onEnd);

  return {
    /** Whether a rehearsal may begin now. */
    offer(may) {
      start.hidden = !may;
      closed.hidden = may;
    },
    begun() {
      band.hidden = false;
      document.body.classList.add(CLASS);
    },
    running({ end, inside }) {
      write(line, say("rehearsal_line", { time: clock.format(new Date(end).toISOString()), count: inside }));
    },
    ended() {
      band.hidden = true;
      write(line, "");
      document.body.classList.remove(CLASS);
    },
  };
}
