/* What a practice ticket is, and how long a phone may practise, as plain values. The server's side of it is
   app/domain/door/rehearsals.py; tests/contract/rehearsal.json binds both. */

const FORM = /^REHEARSAL[A-Z2-7]{16}Z$/;
const NOBODY = "REHEARSAL";

/** By its form alone: a real ticket's code never ends in Z. */
export const isPractice = (code) => typeof code === "string" && FORM.test(code);

/** Somebody of the practice list; no real reference has an L. */
export const isPracticePerson = (reference) => typeof reference === "string" && reference.startsWith(NOBODY);

/** When a rehearsal that begins now is over at the latest, in milliseconds; null: now none may begin. */
export function endOf({ now, until, lastsMs }) {
  return now < until ? Math.min(now + lastsMs, until) : null;
}

/**
 * Why a rehearsal has to end now, null while it may go on: "time", or "guests" where more people are in than when it
 * began, by the server's count: then the door is open, whatever the clock says.
 */
export function whyOver({ now, end, inside, insideAtFirst }) {
  if (now >= end) return "time";
  return inside !== null && insideAtFirst !== null && inside > insideAtFirst ? "guests" : null;
}

/** What the camera or somebody's fingers gave, seen by a phone that practises or does not: "practice", "real" or null. */
export function asideOf(payload, on) {
  if (payload.kind !== "ticket") return null;
  const practice = isPractice(payload.code);
  return practice === on ? null : practice ? "practice" : "real";
}
