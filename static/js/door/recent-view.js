/* Whom this phone let in or out last, for a supervisor who notices a wrong tap some people later: one tap, why, undone.
   In the page's memory alone; names are kept nowhere else. */

import { make, part } from "./dom.js";
import { happenedAt } from "./scan.js";
import { passes } from "./verdict-model.js";

const MOST = 20;

/** The newest first, as plain values: `note(view, at)`, `settled(view)` once the server has answered, `undone(scanId)`. */
export function createRecent() {
  let entries = [];
  const others = (scanId) => entries.filter((each) => each.scanId !== scanId);

  return {
    note({ scanId, name, title, cohort, tone, sync, reference, scan }, at) {
      entries = [{ scanId, name: name || title, cohort, tone, sync, reference, at: scan ? happenedAt(scan) : at }, ...others(scanId)].slice(0, MOST);
    },
    settled(view) {
      if (!passes(view)) entries = others(view.scanId);
      else entries = entries.map((each) => (each.scanId === view.scanId ? { ...each, name: view.name || each.name, cohort: view.cohort || each.cohort, sync: "" } : each));
    },
    undone(scanId) {
      entries = others(scanId);
    },
    clear() {
      entries = [];
    },
    /** This phone's last passage of that person, if it was their entry and can be taken back now; else null. */
    entryOf(reference) {
      const last = reference ? entries.find((each) => each.reference === reference) : null;
      return last?.tone === "ok" && !last.sync ? last : null;
    },
    get all() {
      return entries;
    },
  };
}

/** `onUndo(entry)` is a tap on one of them. Only a supervisor's page has the sheet. */
export function createRecentView({ recent, say, clock, onUndo }) {
  const list = part("recent-list");
  if (!list) return { draw() {} };

  function row(entry) {
    const { name, cohort, tone, sync, at } = entry;
    const time = say(tone === "left" ? "row_left" : "row_in", { time: clock.format(at) });
    const button = make("button", { className: `person person--${sync ? "gone" : "undo"}`, type: "button", ...(sync ? { "aria-disabled": "true" } : {}) }, [
      make("span", { className: "person__who" }, [make("span", { className: "person__name", text: name }), make("span", { className: "person__cohort", text: cohort })]),
      make("span", { className: "person__hint", text: time }),
      make("span", { className: "person__state", text: sync || say(tone === "left" ? "undo_exit" : "undo_entry") }),
    ]);
    button.addEventListener("click", () => sync || onUndo(entry));
    return make("li", {}, [button]);
  }

  return {
    draw() {
      list.replaceChildren(...recent.all.map(row));
      part("recent-none").hidden = recent.all.length > 0;
      part("recent-open").hidden = recent.all.length < 2;
    },
  };
}
