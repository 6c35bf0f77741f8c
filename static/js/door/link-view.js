/* Whether the server was reached at the last try, how many scans it has not yet answered, and, in a line of plain
   words, by what this phone judges right now. */

import { part, setIcon } from "./dom.js";
import { isNews, lineOf, stateOf } from "./link-model.js";

const AGE_MS = 20_000;

/** `about()` is the list's {at, count} or null. */
export function createLinkView({ say, clock, about }) {
  const chip = part("link");
  const line = part("status-line");
  let online = null;
  let waiting = 0;
  let held = 0;
  let ticks = 0;
  let restored = null;

  function write(element, text) {
    /* A text set anew is read out anew: only when it says something else. */
    if (element.textContent !== text) element.textContent = text;
  }

  function draw() {
    const known = { online, waiting, held, ticks, restored, about: about() };
    const state = stateOf(known);
    if (chip.dataset.state !== state) chip.dataset.state = state;
    setIcon(chip.querySelector("svg"), state === "off" ? "wifi-off" : "wifi");
    write(part("link-text"), say(online === false ? "link_off" : online ? "link_on" : "link_asking"));
    line.dataset.state = state;
    write(line, lineOf(known, { say, clock }));
  }

  setInterval(draw, AGE_MS);

  return {
    draw,
    heard(answer) {
      online = !["offline", "later"].includes(answer.how);
      draw();
    },
    /** `kept`: so many more lie on the phone that it may not send. */
    waiting(count, kept = 0) {
      waiting = count;
      held = kept;
      draw();
    },
    /** The server had lost one more scan to a restored backup, and has it again. */
    restored() {
      restored = { count: (isNews(restored, clock) ? restored.count : 0) + 1, at: clock.serverNow() };
      draw();
    },
    ticksWaiting(count) {
      ticks = count;
      draw();
    },
    /** null before the first answer. */
    get online() {
      return online;
    },
    get reachable() {
      return online !== false;
    },
  };
}
