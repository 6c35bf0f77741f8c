/* How the people on one ticket stand, as this phone knows: what the list says, and over it what this phone did that
   the list cannot know yet. Knows no page, no store and no network. */

const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
/* How long an upload may take: by so much the server's time of an entry differs from the phone's. */
const UPLOAD_MS = 5000;
const apart = (one, other) => Math.abs(Date.parse(one) - Date.parse(other));
const sameGate = (one, other) => !one || !other || one === other;
const earlier = (a, b) => (a && a.at <= b.at ? a : b);

/* Whether the list's first entry is this one: the server has it, and the phone doesn't know, as the answer was lost. */
function isListed({ way, synced, at, gate }, arrival, known) {
  return Boolean(arrival) && way === "in" && !synced && Date.parse(at) <= known && apart(at, arrival.at) < UPLOAD_MS && sameGate(gate, arrival.gate);
}

/**
 * `arrival` {at, gate, people, left} is the list's word as of `listedAt`, null for none. `passages` are this phone's
 * own, {id, way: "in" | "out", at, gate, people, synced}: while not `synced`, so many people went through; once the
 * server has answered (`synced`: when, by its clock) so many are in.
 */
export function standing({ arrival, passages, listedAt, size }) {
  const known = Date.parse(listedAt ?? 0);
  const news = passages.filter(({ synced }) => !synced || synced > known).sort(byTime);
  let inside = arrival ? Math.min(arrival.people ?? 1, size) : 0;
  let first = arrival ? { at: arrival.at, gate: arrival.gate ?? null } : null;
  let left = arrival?.left ? { at: arrival.left, gate: null } : null;
  for (const each of news) {
    const own = { at: each.at, gate: each.gate ?? null, own: true };
    const people = isListed(each, arrival, known) ? 0 : each.people;
    const sum = inside + (each.way === "out" ? -people : people);
    inside = each.synced ? each.people : Math.max(0, Math.min(sum, size));
    if (each.way === "out") left = own;
    else first = earlier(first, own);
    if (inside >= size) left = null;
  }
  return { inside, first, left, waiting: news.some(({ synced }) => !synced) };
}
