/* The verdict without the server, from the same table of cases (tests/contract/verdicts.json): what the ticket's
   record says, then whether its holder is in already. Knows no page, no store and no network. */

/* What a record may say. A word that this page does not know opens no door. */
const REFUSALS = new Set(["canceled", "revoked", "waitlisted", "unapproved", "not_verified", "called_off", "wrong_meetup", "invalid"]);

/* On the way out these stay what they are. */
const STAYING = new Set(["revoked", "wrong_meetup", "invalid"]);

/** The verdicts by which somebody goes through the door, in or out. */
export const PASSES = new Set(["ok", "left"]);

/** How many people come on a ticket. */
export const sizeOf = (record) => record?.p ?? 1;

/** `record` null: on no list; `inside`: how many of the people on this ticket are in. */
export function judged({ record, inside }) {
  if (!record) return "unknown";
  if (record.s !== "admitted") return REFUSALS.has(record.s) ? record.s : "unknown";
  return inside >= sizeOf(record) ? "already_redeemed" : "ok";
}

/** The same on the way out: whoever is in may go, whatever became of their seat. */
export function judgedExit({ record, inside }) {
  if (!record) return "unknown";
  if (STAYING.has(record.s)) return record.s;
  return inside > 0 ? "left" : "not_in";
}
