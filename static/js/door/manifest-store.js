/* The sealed list on this phone: fetched as deltas, looked up by a ticket's code, aware of its age. It reveals a
   person only to whoever holds that person's ticket; the contract is docs/door-api.md, "The sealed list". */

import { bytesOf, textOf } from "./base64.js";
import { bucketOf, lookupOf, openRecord, recordIn } from "./sealing.js";

/* How often the age alone is written down; between, a page that dies forgets at most this much of it. */
const NOTE_MS = 60_000;

const nothing = () => ({ facts: null, buckets: new Map(), arrivals: new Map() });

const arrivalOf = (at, gate, people, left) => ({ at, gate: gate ?? null, ...(people === undefined ? {} : { people }), ...(left ? { left } : {}) });

/* The answer in the shelf's terms: an empty bucket is gone; an entry undone stays as null within a page, gone on the shelf. */
function changesOf(body, asked) {
  return {
    fresh: !asked.have,
    facts: { tags: body.tags, cursor: body.cursor, count: body.count, version: body.version, checkedAt: body.made_at, stored: body.stored ?? [] },
    buckets: Object.entries(body.buckets).map(([name, text]) => [name, text ? bytesOf(text) : null]),
    arrivals: body.arrivals.map(([lookup, at, ...rest]) => [lookup, at ? arrivalOf(at, ...rest) : null]),
  };
}

function take(list, { fresh, facts, buckets, arrivals }) {
  const next = fresh ? nothing() : list;
  next.facts = facts;
  for (const [map, entries] of [[next.buckets, buckets], [next.arrivals, arrivals]]) {
    for (const [key, value] of entries) value === null ? map.delete(key) : map.set(key, value);
  }
  return next;
}

/**
 * `ask({have, after, tag, asks})` is api.manifest; `unanswered()` the ids of this phone's scans that the list may tell of already; `serverNow()` the server's time; `onUndone(lookups, madeAt)` hears of entries
 * that were taken back by the time the list was made; `onChange()` follows whatever changes what `about` says.
 */
export function createManifestStore({ shelf, meetup, ask, serverNow, unanswered = async () => [], onAnswer = () => {}, onUndone = () => {}, onChange = () => {},
  subtle = globalThis.crypto?.subtle }) {
  let list = nothing();
  let asking = null;
  let wiped = false;
  let notedAt = 0;
  let whole = false;

  async function load() {
    try {
      const kept = await shelf.load();
      if (kept.facts && !list.facts) list = { facts: kept.facts, buckets: new Map(kept.buckets), arrivals: new Map(kept.arrivals) };
    } catch {
      /* A shelf that cannot be read is like an empty one: the whole list is fetched anew. */
    }
    onChange();
  }

  /* The list is as of when it was asked for, by the server's clock. */
  async function confirm(asked) {
    list.facts = { ...list.facts, checkedAt: new Date(asked).toISOString() };
    if (serverNow() - notedAt < NOTE_MS) return;
    notedAt = serverNow();
    await shelf.note(list.facts).catch(() => {});
  }

  async function receive(body, tag, asked) {
    const changes = changesOf(body, asked);
    changes.facts.tag = tag;
    list = take(list, changes);
    notedAt = serverNow();
    onUndone(changes.arrivals.filter(([, entry]) => entry === null).map(([lookup]) => lookup), body.made_at);
    /* What cannot be written is still in this page, and the next start fetches it again. */
    await shelf.change(changes).catch(() => {});
  }

  async function fetchDelta() {
    const asked = list.facts && !whole ? { have: list.facts.tags, after: list.facts.cursor, tag: list.facts.tag } : {};
    const asks = await unanswered().catch(() => []);
    const since = serverNow();
    const answer = await ask(asks.length ? { ...asked, asks } : asked);
    onAnswer(answer);
    if (wiped) return;
    /* What this phone holds is nothing that the server gave out: ask for all of it. */
    whole = answer.how === "refused" && !whole;
    if (answer.how === "unchanged" && list.facts) await confirm(since);
    else if (answer.how === "answered" && answer.body?.buckets) await receive(answer.body, answer.tag, asked);
    else return;
    onChange();
  }

  function refresh() {
    if (wiped || !subtle) return Promise.resolve();
    asking ??= fetchDelta().finally(() => (asking = null));
    return asking;
  }

  return {
    load,
    /** Bring the list up to date. Two at once are one, but for `anew`: what is on its way may be older than what was just done. */
    refresh({ anew = false } = {}) {
      return anew && asking ? asking.then(refresh, refresh) : refresh();
    },
    /** {at, count}: as of when the list is and how many tickets are on it; null without a list. */
    get about() {
      return list.facts && { at: list.facts.checkedAt, count: list.facts.count };
    },
    /** Whether the list tells of this scan of the phone's own already. */
    isListed: (scanId) => Boolean(list.facts?.stored?.includes(scanId)),
    /** The name under which a code's own entry is kept: its look-up, which leads back to no code. */
    keyOf: async (code) => textOf(await lookupOf(code, meetup, subtle)),
    /**
     * What the list knows of a code: {key, record, arrival}; record null: it is on no list; arrival: the first entry.
     * null without a list to look into. A record that does not open is not believed: it counts as none.
     */
    async find(code) {
      if (!list.facts || !subtle) return null;
      const { buckets, arrivals } = list;
      const lookup = await lookupOf(code, meetup, subtle);
      const bucket = buckets.get(bucketOf(lookup));
      const sealed = bucket && recordIn(bucket, lookup);
      const record = sealed ? await openRecord(sealed, code, meetup, subtle).catch(() => null) : null;
      const key = textOf(lookup);
      return { key, record, arrival: arrivals.get(key) ?? null };
    },
    /** The first entry of whoever holds the ticket of this look-up (base64url), null for none. */
    arrivalOf: (key) => list.arrivals.get(key) ?? null,
    /** This phone's right has ended: the list goes at once, from the page and from the phone. */
    async wipe() {
      wiped = true;
      list = nothing();
      await shelf.wipe().catch(() => {});
      onChange();
    },
  };
}
