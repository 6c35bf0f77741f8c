/* Keeps a locked tablet on its page, as far as a page can: the way back, the keys that leave or reload, the menus. What a
   page cannot do (the system's own buttons) is the tablet's pinned mode, which the organizer's page explains. */

const LEAVING = new Set(["F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "BrowserBack", "BrowserForward", "BrowserHome", "BrowserRefresh", "BrowserSearch", "ContextMenu"]);
const TYPED = "input, select, textarea";

/** Whether this key would leave the page or change it. What is typed into a field stays. */
export function leaves({ key, ctrlKey, metaKey, altKey, inField = false }) {
  if (LEAVING.has(key)) return true;
  if (altKey && ["ArrowLeft", "ArrowRight", "Home"].includes(key)) return true;
  if ((ctrlKey || metaKey) && !(inField && ["a", "c", "v", "x", "z", "Backspace"].includes(key))) return true;
  return key === "Backspace" && !inField;
}

export function createTrap({ screen = document.documentElement } = {}) {
  let closed = false;
  let over = false;

  const back = () => closed && history.pushState(null, "", location.href);
  const key = (event) => closed && leaves({ ...pick(event), inField: Boolean(event.target.closest?.(TYPED)) }) && event.preventDefault();
  const pick = ({ key: name, ctrlKey, metaKey, altKey }) => ({ key: name, ctrlKey, metaKey, altKey });
  const quiet = (event) => closed && event.preventDefault();
  const fill = () => closed && !document.fullscreenElement && screen.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});

  addEventListener("popstate", back);
  document.addEventListener("keydown", key, { capture: true });
  for (const name of ["contextmenu", "dragstart", "drop", "dragover"]) document.addEventListener(name, quiet);
  document.addEventListener("click", fill);

  return {
    close() {
      if (closed || over) return;
      closed = true;
      history.pushState(null, "", location.href);
    },
    open() {
      closed = false;
      document.exitFullscreen?.().catch(() => {});
    },
    /** The tablet's right has ended: nothing closes it again. */
    end() {
      over = true;
      this.open();
    },
  };
}
