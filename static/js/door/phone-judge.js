/* Judges scans on the phone when the server does not answer, and remembers who came in and left by this phone.
   A passage is kept with its scan in one transaction; only when that is on the disk the verdict is "ok" or "left". */

import { judged, judgedExit, PASSES, sizeOf } from "./offline-verdict.js";
import { happenedAt } from "./scan.js";
import { replaced } from "./scan-store.js";
import { standing } from "./standing.js";

/* As many as a request's address may hold; docs/door-api.md. */
const MOST_ASKED = 40;
const personOf = (record) => record && { name: record.n, cohort: record.c, reference: record.r, note: record.g, host: record.x ?? null, table: record.b ?? null };
const without = (passages, scanId) => passages.filter(({ id }) => id !== scanId);
const leaves = (scan) => scan.kind === "exit";
/* What this phone showed for a scan, and how many people it let in by it. */
const said = (scan, shown, people) => ({ ...scan, shown, ...(leaves(scan) ? {} : { let_in: people }) });
const passageOf = (scan, fields) => ({
  id: scan.id, way: leaves(scan) ? "out" : "in", at: happenedAt(scan), gate: scan.gate, synced: false, ...fields,
});

/* Fewer went through by this passage. Of one that the server has answered `people` are those who are in. */
const lessBy = (fewer, each) => ({ ...each, people: each.people + (each.way === "out" && each.synced ? fewer : -fewer) });

/* The server's word on a scan, before it has the correction that this phone made meanwhile. */
function stillCorrected(told, passages) {
  const fewer = passages.find(({ id }) => id === told.id)?.fewer;
  return fewer ? { ...lessBy(fewer, told), fewer } : told;
}

/**
 * `list` is the manifest store, `people` the list of people (people-store.js), `store` the scan store, `name` this phone's own; `kept(id)` resolves when the outbox
 * has put the scan away. `showsRefusals`: what is judged is shown at once; else whoever shows a refusal says so by `refused`.
 */
export function createPhoneJudge({ list, people = null, store, name = null, kept = async () => {}, serverNow = Date.now, showsRefusals = true }) {
  /* Refused without an answer, where no late one is seen. */
  const sentOn = new Set();
  const told = (passage) => passage && { at: passage.at, gate: passage.gate, device: passage.own ? name : null };

  /* An unreadable store tells of no passage; the server settles it later. */
  const passagesOf = (key) => store.passages(key).catch(() => []);

  async function keyOf(scan) {
    if (scan.code) return list.keyOf(scan.code);
    return scan.registration && people?.line(scan.registration) ? people.keyOf(scan.registration) : null;
  }

  async function remembered(scan, outcome) {
    if (showsRefusals) await store.amend(said(scan, outcome.verdict, 0)).catch(() => {});
    return outcome;
  }

  /* What this scan of a ticket comes to after these passages: the verdict, and how its people stand before it. */
  function weighed(scan, { record, arrival }, listedAt, passages) {
    const earlier = without(passages, scan.id);
    const stands = standing({ arrival, passages: earlier, listedAt, size: sizeOf(record), isListed: list.isListed });
    if (leaves(scan)) return { stands, verdict: judgedExit({ record, inside: stands.inside }) };
    const verdict = judged({ record, inside: stands.inside });
    const known = verdict === "unknown" && earlier.some(({ override }) => override);
    return { stands, verdict: known ? "already_redeemed" : verdict };
  }

  const moved = (scan, record, { inside }) => (leaves(scan) ? inside : sizeOf(record) - inside);

  function partyOf(scan, record, { stands, verdict }) {
    const size = sizeOf(record);
    if (size === 1) return {};
    const passes = PASSES.has(verdict);
    const after = passes ? (leaves(scan) ? 0 : size) : stands.inside;
    return { party: { size, in: after, by_this: passes ? moved(scan, record, stands) : 0 } };
  }

  function outcomeOf(scan, record, listedAt, weight) {
    const { stands, verdict } = weight;
    return {
      id: scan.id, verdict, listedAt, person: personOf(record), ...partyOf(scan, record, weight),
      first: verdict === "already_redeemed" ? told(stands.first) : null,
      left: ["ok", "not_in"].includes(verdict) ? told(stands.left) : null,
      released: verdict === "waitlisted" ? (record?.v ?? null) : null,
    };
  }

  /* The server has what was said of a scan: so many are in; of somebody alone it tells no number. */
  async function recounted({ party, error }, { of }) {
    if (error) return;
    await amendPassage(of, ({ fewer, ...each }) => ({ ...each, people: party?.in ?? each.people, synced: serverNow() }));
  }

  async function amendPassage(id, change) {
    const row = (await store.entries()).find(({ passages }) => passages.some((each) => each.id === id));
    if (row) await store.note(row.key, (passages) => passages.map((each) => (each.id === id ? change(each) : each)));
  }

  return {
    /**
     * {id, verdict, person, first, left, released, listedAt}, as the server's outcomes are; null where this phone cannot judge:
     * without a list, somebody picked by name who is not on the list of people, or a store that keeps nothing.
     */
    async judge(scan) {
      const about = list.about;
      if (!about || (scan.registration && !people?.line(scan.registration))) return null;
      await kept(scan.id);
      const foreign = { id: scan.id, verdict: "invalid", foreign: true, person: null, first: null, left: null, listedAt: about.at };
      if (!scan.code && !scan.registration) return remembered(scan, foreign);
      const found = scan.code ? await list.find(scan.code) : people.find(scan.registration, list.arrivalOf);
      if (!found) return null;
      const weigh = (passages) => weighed(scan, found, about.at, passages);
      const tell = (weight) => outcomeOf(scan, found.record, about.at, weight);
      const weight = weigh(await passagesOf(found.key));
      if (!PASSES.has(weight.verdict)) return remembered(scan, tell(weight));
      if (!store.durable) return null;
      /* undefined: the server's word came first. */
      const passage = await store.pass(said(scan, weight.verdict, moved(scan, found.record, weight.stands)), found.key, (passages) => {
        const { verdict, stands } = weigh(passages);
        if (sentOn.has(scan.id)) return null;
        return PASSES.has(verdict) ? passageOf(scan, { people: moved(scan, found.record, stands) }) : null;
      }).catch(() => undefined);
      if (passage === undefined) return null;
      /* Another page of this phone was quicker. */
      return passage ? tell(weight) : remembered(scan, tell(weigh(await passagesOf(found.key))));
    },
    /** Nobody was let in by this scan, whatever is answered later. */
    async refused(scan) {
      sentOn.add(scan.id);
      await kept(scan.id);
      await store.amend(said(scan, "staff", 0)).catch(() => {});
      await store.forget(({ id }) => id === scan.id).catch(() => {});
    },
    /** Whom the list has under a ticket, whatever became of their seat; null for nobody. */
    async whose({ code }) {
      const found = code ? await list.find(code) : null;
      return personOf(found?.record) ?? null;
    },
    /** What the server answered to a scan, or a remark on one, so that the same ticket is judged alike without it. */
    async learn(outcome, scan) {
      if (scan.kind === "party") return recounted(outcome, scan);
      const key = await keyOf(scan);
      const stands = { ok: 1, already_redeemed: 1, left: 0 }[outcome.verdict];
      if (!key || stands === undefined || sentOn.delete(scan.id)) return store.forget((each) => each.id === scan.id && !each.override);
      const passage = passageOf(scan, { people: outcome.party?.in ?? stands, synced: serverNow() });
      const first = outcome.verdict === "already_redeemed" && outcome.first;
      const told = first ? { ...passage, at: first.at, gate: first.gate } : passage;
      return store.note(key, (passages) => replaced(passages, stillCorrected(told, passages)));
    },
    /** A supervisor lets in whom this phone does not know; whether scan, override and entry are on the disk. */
    async override(scan, override) {
      const key = await keyOf(scan).catch(() => null);
      if (!store.durable || !key) return false;
      const passage = passageOf(scan, { people: 1, override: true });
      return store.letIn(said(scan, "override", 1), override, key, passage).then(() => true, () => false);
    },
    /** So many who were in by this phone's list had gone out, and come back; whether scan, remark and entry are on the disk. */
    async cameBack(scan, remark, people) {
      const key = await keyOf(scan).catch(() => null);
      if (!store.durable || !key) return false;
      return store.letIn(said(scan, "back", people), remark, key, passageOf(scan, { people })).then(() => true, () => false);
    },
    /** The server has the override. */
    overrideStored: ({ of }) => amendPassage(of, (each) => ({ ...each, synced: serverNow() })),
    /** Of a party, fewer went through by this scan than it had let through. */
    async corrected(scan, fewer) {
      const amended = (each) => (each.id === scan.id ? { ...lessBy(fewer, each), fewer: (each.fewer ?? 0) + fewer } : each);
      const key = await keyOf(scan);
      if (key) await store.note(key, (passages) => passages.map(amended));
    },
    /**
     * Entries that the server says were undone when it made its list, at `madeAt`. What it has answered since then, or
     * not yet, is newer than that.
     */
    async undone(keys, madeAt) {
      const known = Date.parse(madeAt);
      if (keys.length) await store.forget(({ synced }, key) => synced && synced <= known && keys.includes(key));
    },
    /** The newest scans by which somebody came in or left here, and which the server has not answered. */
    async unanswered(most = MOST_ASKED) {
      const passages = (await store.entries()).flatMap((row) => row.passages).filter(({ synced }) => !synced);
      return passages.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, most).map(({ id }) => id);
    },
    /** A passage taken back on this phone. */
    undoneHere: (scanId) => store.forget(({ id }) => id === scanId),
    forgetAll: () => store.forget(() => true),
  };
}
