/* Whether this phone stands at the way in or at the way out. Chosen on the phone and remembered there, as its gate is;
   there is a choice only where the organizer notes who leaves. */

import { part } from "./dom.js";

/** `current` is "entry" or "exit"; a scan is of the way that was chosen when it was made. */
export function createWay({ config, storage, rules, onChange = () => {} }) {
  const key = `door-way-${config.device}`;
  let chosen = storage.get(key) === "exit" ? "exit" : "entry";

  return {
    get current() {
      return rules.current.exits ? chosen : "entry";
    },
    get leaves() {
      return this.current === "exit";
    },
    choose(next) {
      chosen = next;
      storage.set(key, next);
      onChange();
    },
    atWay(scan) {
      return { ...scan, kind: this.current };
    },
  };
}

/** The switch above the picture; all of the page says by its looks and words at which way it stands. */
export function createWayView({ way, rules, say }) {
  const buttons = { entry: part("way-entry"), exit: part("way-exit") };
  for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", () => way.choose(name));

  return {
    draw() {
      part("way").hidden = !rules.current.exits;
      document.body.classList.toggle("door--exit", way.leaves);
      for (const [name, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(name === way.current));
      part("stage-hint").textContent = say(way.leaves ? "hint_exit" : "hint_entry");
      part("typed-submit").querySelector("span").textContent = say(way.leaves ? "do_exit" : "do_entry");
    },
  };
}
