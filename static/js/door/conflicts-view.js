/* Conflicts in which this phone has a part: a quiet line until somebody has looked, then a button among the settings.
   The server tells of them; the phone keeps no more than which it has shown, by their ids. */

import { conflictItem, unseen } from "./conflicts-model.js";
import { make, part } from "./dom.js";

const REMEMBERED = 200;

/** `learn(body)` takes a state's answer; `opened()` and `closed()` follow the sheet. */
export function createConflictsView({ say, clock, storage, device }) {
  const key = `door-conflicts-${device}`;
  const strip = part("conflicts-open");
  const again = part("conflicts-again");
  let conflicts = [];
  let shown = [];
  let drawn = "";

  const seen = () => (storage.get(key) ?? "").split(" ").filter(Boolean);

  function fact({ label, text }) {
    return make("div", {}, [make("dt", { text: label }), make("dd", { text })]);
  }

  function row(conflict) {
    const item = conflictItem(conflict, { say, clock });
    const name = make("h3", { className: "conflict__name", text: item.name }, [
      ...(item.cohort ? [" ", make("span", { className: "conflict__cohort", text: item.cohort })] : []),
    ]);
    return make("li", { className: "conflict" }, [
      name,
      make("p", { className: "conflict__what", text: item.what }),
      make("dl", { className: "conflict__facts" }, item.facts.map(fact)),
      make("p", { className: "conflict__then", text: item.then }),
    ]);
  }

  function draw() {
    const left = unseen(conflicts, seen()).length;
    /* Written anew it would be read out anew. */
    const now = `${left}/${conflicts.length}`;
    if (now === drawn) return;
    drawn = now;
    strip.hidden = left === 0;
    part("conflicts-text").textContent = left ? say("conflicts", { count: left }) : "";
    again.hidden = conflicts.length === 0;
    part("conflicts-all").textContent = say("conflicts", { count: conflicts.length });
  }

  return {
    learn(body) {
      if (!Array.isArray(body?.conflicts)) return;
      conflicts = body.conflicts;
      draw();
    },
    opened() {
      shown = conflicts.map(({ id }) => id);
      part("conflicts-list").replaceChildren(...conflicts.map(row));
      part("conflicts-none").hidden = conflicts.length > 0;
    },
    /** Seen, as far as they were shown. The line goes, and hands the focus on. */
    closed() {
      storage.set(key, [...new Set([...seen(), ...shown])].slice(-REMEMBERED).join(" "));
      part("conflicts-list").replaceChildren();
      draw();
      if (strip.hidden) document.querySelector("[data-open-panel='settings']").focus();
    },
    /** This phone's right has ended. */
    forget() {
      conflicts = [];
      storage.remove(key);
      part("conflicts-list").replaceChildren();
      draw();
    },
  };
}
