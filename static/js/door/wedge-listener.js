/* Listens for a wedge scanner on the whole page, except where the keys belong to a field. */

import { createWedge } from "./wedge.js";

/* With a Korean input method on, `key` is "Process" and only the physical key tells what was pressed. */
const PHYSICAL = {
  Slash: ["/", "?"], Period: [".", ">"], Semicolon: [";", ":"], Minus: ["-", "_"], Equal: ["=", "+"],
};

function pressed(event) {
  if (event.key !== "Process" && event.keyCode !== 229) return event.key;
  const letter = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code);
  return letter?.[1] ?? letter?.[2] ?? PHYSICAL[event.code]?.[event.shiftKey ? 1 : 0] ?? event.key;
}

export function listenForWedge(onText) {
  const wedge = createWedge();
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target.closest?.("input:not([readonly]), select, textarea")) return;
      /* Scanners send a code's control characters as Ctrl and a letter: that must print, save or open nothing. */
      if (event.ctrlKey && wedge.typing(event.timeStamp)) return event.preventDefault();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const text = wedge.key(pressed(event), event.timeStamp);
      if (text === null) return;
      /* Its Enter must not press the button that happens to have the focus. */
      event.preventDefault();
      event.stopPropagation();
      onText(text);
    },
    { capture: true },
  );
}
