/* The last person let in or out, left standing under the picture; a supervisor can take it back from there. */

import { part, setIcon } from "./dom.js";
import { passes } from "./verdict-model.js";

/** `recent` (recent-view.js) remembers those before; `onChange()` follows whatever happens to them. */
export function createLastView({ say, clock, maySupervise, recent, onChange, onUndo }) {
  const bar = part("last");
  const button = part("undo-last");
  let entry = null;

  button.addEventListener("click", () => entry && onUndo(entry));

  function draw() {
    const focused = bar.contains(document.activeElement);
    bar.hidden = !entry;
    button.hidden = !maySupervise || Boolean(entry?.sync);
    if (focused && (bar.hidden || button.hidden)) document.querySelector(".counts summary").focus({ preventScroll: true });
    part("last-who").textContent = entry ? [entry.name, entry.cohort].filter(Boolean).join(", ") : "";
  }

  function put(view, late = "") {
    const way = view.tone === "left" ? "out" : "in";
    part("last-label").textContent = late ? say(`just_${way}`, { time: late }) : say(view.sync ? `last_${way}_waiting` : `last_${way}`);
    setIcon(bar.querySelector("svg"), way === "out" ? "sign-out" : "check-circle");
    entry = view;
    draw();
  }

  return {
    /** `late`: the time of a scan whose answer came after its screen was gone; the line is all that tells of it. */
    note(view, late = "") {
      if (!passes(view)) return;
      put(view, late);
      recent.note(view, new Date(clock.serverNow()).toISOString());
      onChange();
    },
    /** The server has answered a scan that this phone let in by itself. */
    settled(view) {
      recent.settled(view);
      onChange();
      if (entry?.scanId !== view.scanId) return;
      if (passes(view)) return put({ ...view, name: view.name || entry.name });
      entry = null;
      draw();
    },
    /** It was taken back on this phone. */
    undone(scanId) {
      recent.undone(scanId);
      if (entry?.scanId === scanId) entry = null;
      draw();
      onChange();
    },
    clear() {
      entry = null;
      recent.clear();
      draw();
      onChange();
    },
  };
}
