/* Below the waiting screen: whether the tablet is ready for its first guest, and what it lacks. It tells of things, never
   of anybody, and goes with the first guest who was let in while nothing was missing. */

import { part, setIcon } from "./dom.js";

const NEEDED = ["camera", "list", "sound"];

/** What a guest would miss, of {camera, list, sound}; said in the order in which staff can do something about it. */
export const missingOf = (has) => NEEDED.filter((key) => !has[key]);

/** `facts()` gives {camera, list, sound}: whether there is a picture, a list, and a sound, or somebody's wish for none. */
export function createReadyLine({ say, facts }) {
  const line = part("readiness");
  const words = part("readiness-text");
  let greeted = false;

  function draw() {
    const missing = missingOf(facts());
    const text = missing.length ? say("ready_line_no", { missing: missing.map((key) => say(`ready_line_${key}`)).join(", ") }) : say("ready_line_yes");
    line.dataset.level = missing.length ? "look" : "good";
    setIcon(line.querySelector("svg"), missing.length ? "alert" : "check-circle");
    /* A text set anew is read out anew: only when it says something else. */
    if (words.textContent !== text) words.textContent = text;
    line.classList.toggle("kiosk__ready--over", greeted && missing.length === 0);
  }

  return {
    draw,
    /** A guest was let in. */
    greeted() {
      greeted = true;
      draw();
    },
  };
}
