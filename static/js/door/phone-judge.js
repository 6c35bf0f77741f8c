/* Judges scans on the phone when the server does not answer, and remembers who came in by this phone.
   An entry is kept with its scan in one transaction; only when that is on the disk the verdict is "ok". */

import { judged, sizeOf } from "./offline-verdict.js";

const personOf = (record) => record && { name: record.n, cohort: record.c, reference: record.r, note: record.g };
const earlier = (a, b) => (a && b ? (a.at <= b.at ? a : b) : (a ?? b));

/**
 * `list` is the manifest store, `people` the list of people (people-store.js), `store` the scan store, `name` this phone's own; `kept(id)` resolves when the outbox
 * has put the scan away.
 */
export function createPhoneJudge({ list, people = null, store, name = null, kept = async () => {} }) {
  const ownFirst = (entry) => entry && { at: entry.at, gate: entry.gate, device: name };
  const listFirst = (arrival) => arrival && { at: arrival.at, gate: arrival.gate, device: null };

  /* An unreadable store tells of no entry; the server settles it later. */
  const entryOf = (key) => store.entry(key).catch(() => null);

  /* How many of a ticket's people are in: what the list says, and over it what this phone has not told the server. */
  function insideOf(arrival, own) {
    const [listed, mine] = [arrival ? (arrival.people ?? 1) : 0, own ? (own.people ?? 1) : 0];
    return own?.synced ? Math.max(listed, mine) : listed + mine;
  }

  /* The rest of a party: an entry of its own, and then one that counts them all. */
  async function letIn(scan, key, own, people) {
    if (!store.durable) return undefined;
    const entry = { key, id: scan.id, at: scan.scanned_at, gate: scan.gate, synced: false, people };
    if (!own) return store.admit({ ...scan, shown: "ok" }, entry).catch(() => undefined);
    const kept = await store.admit({ ...scan, shown: "ok" }, { ...entry, key: `${key}#${scan.id}` }).catch(() => undefined);
    if (kept === null) await store.note({ ...own, people: (own.people ?? 1) + people }).catch(() => {});
    return kept;
  }

  async function keyOf(scan) {
    if (scan.code) return list.keyOf(scan.code);
    return scan.registration && people?.line(scan.registration) ? people.keyOf(scan.registration) : null;
  }

  async function remembered(scan, outcome) {
    await store.amend({ ...scan, shown: outcome.verdict }).catch(() => {});
    return outcome;
  }

  return {
    /**
     * {id, verdict, person, first, listedAt}, as the server's outcomes are; null where this phone cannot judge:
     * without a list, somebody picked by name who is not on the list of people, or a store that keeps nothing.
     */
    async judge(scan) {
      const about = list.about;
      if (!about || (scan.registration && !people?.line(scan.registration))) return null;
      await kept(scan.id);
      const base = { id: scan.id, person: null, first: null, listedAt: about.at };
      if (!scan.code && !scan.registration) return remembered(scan, { ...base, verdict: "invalid", foreign: true });
      const found = scan.code ? await list.find(scan.code) : people.find(scan.registration, list.arrivalOf);
      if (!found) return null;
      const own = await entryOf(found.key);
      const mine = own?.id === scan.id ? null : own;
      const before = earlier(listFirst(found.arrival), ownFirst(mine));
      const [size, inside] = [sizeOf(found.record), insideOf(found.arrival, mine)];
      const party = size > 1 ? { party: { size, in: Math.min(inside, size), by_this: 0 } } : {};
      const known = judged({ record: found.record, inside });
      const verdict = known === "unknown" && mine?.override ? "already_redeemed" : known;
      const outcome = { ...base, person: personOf(found.record), first: before, ...party, verdict };
      if (outcome.verdict !== "ok") return remembered(scan, outcome);
      if (size > 1) Object.assign(outcome, { first: null, party: { size, in: size, by_this: size - inside } });
      const first = await letIn(scan, found.key, mine, size - inside);
      if (first === undefined) return null;
      return first ? remembered(scan, { ...outcome, verdict: "already_redeemed", first: ownFirst(first) }) : outcome;
    },
    /** What the server answered to a scan, so that the same ticket is judged alike without it. */
    async learn(outcome, scan) {
      const key = await keyOf(scan);
      if (outcome.verdict === "ok" && key) {
        await store.note({ key, id: scan.id, at: scan.scanned_at, gate: scan.gate, synced: true, people: outcome.party?.in ?? 1 });
      } else if (!["ok", "already_redeemed"].includes(outcome.verdict)) {
        await store.forget((entry) => entry.id === scan.id && !entry.override);
      }
    },
    /** A supervisor lets in whom this phone does not know; whether scan, override and entry are on the disk. */
    async override(scan, override) {
      const key = await keyOf(scan).catch(() => null);
      if (!store.durable || !key) return false;
      const entry = { key, id: scan.id, at: scan.scanned_at, gate: scan.gate, synced: false, people: 1, override: true };
      return store.override({ ...scan, shown: "override" }, override, entry).then(() => true, () => false);
    },
    /** The server has the override. */
    async overrideStored({ of }) {
      const own = (await store.entries()).find((entry) => entry.id === of);
      if (own) await store.note({ ...own, synced: true });
    },
    /** Of a party, fewer came in by a scan than it had let in: so many less are in. */
    async corrected(code, fewer) {
      const own = await entryOf(await list.keyOf(code));
      if (own) await store.note({ ...own, people: (own.people ?? 1) - fewer });
    },
    /** Entries that the server says were undone; one of this phone's that still waits is newer than that. */
    undone: (keys) => (keys.length ? store.forget((entry) => entry.synced && keys.includes(entry.key)) : Promise.resolve()),
    /** An entry taken back on this phone. */
    undoneHere: (scanId) => store.forget((entry) => entry.id === scanId),
    forgetAll: () => store.forget(() => true),
  };
}
