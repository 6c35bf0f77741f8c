/* The last person let in, left standing under the picture; a supervisor can take it back from there. */

import { part } from "./dom.js";

export function createLastView({ maySupervise, onUndo }) {
  const bar = part("last");
  const button = part("undo-last");
  let entry = null;

  button.addEventListener("click", () => entry && onUndo(entry));

  function draw() {
    bar.hidden = !entry;
    button.hidden = !maySupervise;
    part("last-who").textContent = entry ? [entry.name, entry.cohort].filter(Boolean).join(", ") : "";
  }

  return {
    note(view) {
      if (view.tone !== "ok") return;
      entry = view;
      draw();
    },
    clear() {
      entry = null;
      draw();
    },
  };
}
