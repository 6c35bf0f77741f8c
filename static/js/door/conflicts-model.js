/* What a conflict says to the people at the door, as plain values: what happened, when and where, what to do. */

const NAME_LIMIT = 80;

const short = (text) => Array.from(String(text ?? "")).slice(0, NAME_LIMIT).join("");

function seen({ at, gate, device, here }, { say, clock }) {
  return [clock.format(at), short(gate), here ? say("conflict_here") : short(device)].filter(Boolean).join(" · ");
}

/* What the ticket was no longer good by. */
const VOID = { replaced: "conflict_replaced", released: "conflict_released", called_off: "conflict_called_off" };

/* {label, text} each: before, then. */
function facts({ kind, first, again, void_since: since, void_by: by, verdict, over, size, people }, environment) {
  const { say, clock } = environment;
  const twice = [first && { label: say("conflict_first"), text: seen(first, environment) }, { label: say("conflict_second"), text: seen(again, environment) }].filter(Boolean);
  if (kind === "again") return twice;
  if (kind === "too_many") return [...twice, { label: say("conflict_people"), text: say("conflict_over", { over, size }) }];
  const number = people > 0 && size > 1 ? [say("conflict_came_people", { people, size })] : [];
  const came = { label: say("conflict_came"), text: [seen(again, environment), ...number].join(" · ") };
  if (kind === "cancelled" || kind === "old_list") return [came, { label: say(VOID[by] ?? "conflict_void"), text: clock.format(since) }];
  return [came, { label: say("conflict_server"), text: say(`verdict_${verdict}`) }];
}

/* Which words tell of it. */
function wordOf(known, { void_by: by }) {
  if (by === "called_off") return by;
  return known === "cancelled" && by === "released" ? by : known;
}

/** {name, cohort, what, facts, then} of one conflict; a kind that this page does not know is told without advice. */
export function conflictItem(conflict, environment) {
  const { say } = environment;
  const { kind, name, cohort } = conflict;
  const known = ["again", "too_many", "cancelled", "old_list", "override"].includes(kind) ? kind : "again";
  const word = wordOf(known, conflict);
  const nobody = known === "override" && !name;
  return {
    name: name ? say("person", { name: short(name) }) : say("conflict_nobody"), cohort: short(cohort),
    what: say(`conflict_is_${word}`), facts: facts({ ...conflict, kind: known }, environment), then: say(nobody ? "conflict_then_nobody" : `conflict_then_${word}`),
  };
}

/** Those that nobody has looked at on this phone. */
export const unseen = (conflicts, ids) => conflicts.filter(({ id }) => !ids.includes(id));
