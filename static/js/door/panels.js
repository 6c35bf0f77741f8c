/* The sheets over the scanner: search, typed code, settings, undo. One is open at a time; Escape closes it and
   gives the focus back to where it was: to the button that opened it, of which Safari says nothing by itself. */

import { part } from "./dom.js";

export function createPanels(names, { onOpen = {}, onClose = {} } = {}) {
  const sheets = Object.fromEntries(names.map((name) => [name, part(`panel-${name}`)]));
  let open = null;
  let opener = null;

  function close() {
    if (!open) return;
    const name = open;
    open = null;
    sheets[name].hidden = true;
    document.body.classList.remove("door--panel");
    onClose[name]?.();
    opener?.focus();
  }

  function show(name, from = document.activeElement) {
    if (open && open !== name) close();
    if (!from?.closest(".sheet")) opener = from;
    open = name;
    sheets[name].hidden = false;
    document.body.classList.add("door--panel");
    onOpen[name]?.();
    (sheets[name].querySelector("[data-focus-first]") ?? sheets[name].querySelector("h2")).focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open-panel], [data-close-panel]");
    if (!button) return;
    if (button.hasAttribute("data-close-panel")) return close();
    show(button.dataset.openPanel, button);
  });
  document.addEventListener("keydown", (event) => {
    const answered = document.body.classList.contains("door--answered");
    if (event.key === "Escape" && open && !answered) close();
  });

  return {
    show,
    close,
    get open() {
      return open;
    },
  };
}
