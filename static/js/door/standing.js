/* How the people on one ticket stand, as this phone knows: what the list says, and over it what this phone did that
   the list cannot know yet. Knows no page, no store and no network. */

const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
const earlier = (a, b) => (a && a.at <= b.at ? a : b);

/**
 * `arrival` {at, gate, people, left} is the list's word as of `listedAt`, null for none. `passages` are this phone's
 * own, {id, way: "in" | "out", at, gate, people, synced}: while not `synced`, so many people went through; once the
 * server has answered (`synced`: when, by its clock) so many are in. `isListed(id)`: the list tells of that one already,
 * though its answer never came.
 */
export function standing({ arrival, passages, listedAt, size, isListed = () => false }) {
  const known = Date.parse(listedAt ?? 0);
  const news = passages.filter(({ id, synced }) => (synced ? synced > known : !isListed(id))).sort(byTime);
  let inside = arrival ? Math.min(arrival.people ?? 1, size) : 0;
  let first = arrival ? { at: arrival.at, gate: arrival.gate ?? null } : null;
  let left = arrival?.left ? { at: arrival.left, gate: null } : null;
  for (const each of news) {
    const own = { at: each.at, gate: each.gate ?? null, own: true };
    const sum = inside + (each.way === "out" ? -each.people : each.people);
    inside = each.synced ? each.people : Math.max(0, Math.min(sum, size));
    if (each.way === "out") left = own;
    else first = earlier(first, own);
    if (inside >= size) left = null;
  }
  return { inside, first, left, waiting: news.some(({ synced }) => !synced) };
}
