/* The stage of a rehearsal: a list of invented people, their tickets and a memory of who came in, all of it in this page
   and nowhere else. Judges by the very modules that judge real tickets, and answers as the server would. */

import { PASSES } from "./offline-verdict.js";
import { createPhoneJudge } from "./phone-judge.js";
import { keyOf as searchKey, question } from "./people-search.js";
import { memoryStore } from "./scan-store.js";
import { standing } from "./standing.js";

const STATUS = { admitted: "confirmed", canceled: "cancelled", waitlisted: "waitlisted" };
const NAMELESS = ["wrong_meetup", "invalid", "unknown"];

/* What a sealed list would say. A code is its own key: there is nothing to hide. */
function listOf(samples, at) {
  const byCode = new Map(samples.map((sample) => [sample.code, sample]));
  const arrivals = new Map(samples.filter(({ inside }) => inside).map(({ code, inside }) => [code, { at, gate: null, people: inside }]));
  const record = ({ name, cohort, reference, state, people }) => ({ n: name, c: cohort, r: reference, s: state, g: null, p: people });
  return {
    about: { at, count: samples.length },
    keyOf: async (code) => code,
    arrivalOf: (key) => arrivals.get(key) ?? null,
    sizeOf: (key) => byCode.get(key)?.people ?? 1,
    async find(code) {
      const sample = byCode.get(code);
      return { key: code, record: sample?.state ? record(sample) : null, arrival: arrivals.get(code) ?? null };
    },
  };
}

function peopleOf(samples) {
  const lines = new Map(samples.filter(({ state }) => state in STATUS).map((sample) => [sample.reference, {
    r: sample.reference, n: sample.name, c: sample.cohort, o: sample.cohortKey, t: STATUS[sample.state], s: sample.state,
    p: sample.people, h: null, k: sample.code,
  }]));
  return {
    ready: true,
    lines: () => [...lines.values()],
    line: (reference) => lines.get(reference) ?? null,
    keyOf: (reference) => lines.get(reference)?.k ?? reference,
    find(reference, arrivalOf) {
      const line = lines.get(reference);
      return line ? { key: line.k, record: { n: line.n, c: line.c, r: line.r, s: line.s, g: null, p: line.p }, arrival: arrivalOf(line.k) } : null;
    },
  };
}

/** `samples` as the page brings them, `cohorts` for walk-ins: [{key, label}]; `now()` is an ISO time by the server's clock. */
export function createStage({ samples, cohorts, say, now }) {
  const list = listOf(samples, now());
  const people = peopleOf(samples);
  const store = { ...memoryStore(), durable: true };
  const judge = createPhoneJudge({ list, people, store, serverNow: () => Date.parse(now()) + 1 });
  let walkIns = 0;

  const answered = (body) => ({ how: "answered", status: 200, rehearsed: true, body });

  async function personOf(line) {
    const stands = standing({ arrival: list.arrivalOf(line.k), passages: await store.passages(line.k), listedAt: list.about.at, size: line.p });
    return { reference: line.r, name: line.n, cohort: line.c, status: line.t, in: stands.inside > 0, in_at: stands.first?.at ?? null, hint: null };
  }

  const told = async (lines) => answered({ people: await Promise.all(lines.map(personOf)), more: false });

  return {
    list, people, store, judge,
    /** The answer to a scan, as the server's; null where this phone would be left to itself (amber). */
    async answer(scan) {
      await store.put(scan);
      const outcome = await judge.judge(scan);
      await store.remove([scan.id]);
      if (!outcome || outcome.verdict === "unknown") return null;
      /* The stage is the server, too: nothing of it waits to be sent. */
      if (PASSES.has(outcome.verdict)) await judge.learn(outcome, scan);
      const { listedAt, foreign, ...rest } = outcome;
      const person = outcome.person && !NAMELESS.includes(outcome.verdict) ? { ...outcome.person, note: say("rehearsal_note") } : null;
      return { ...rest, person, reason: foreign ? say("verdict_foreign") : null, advice: person ? null : say("rehearsal_note") };
    },
    /** How many this rehearsal let in and not out again. */
    async inside() {
      const before = (key) => list.arrivalOf(key)?.people ?? 0;
      const now = ({ key, passages }) => standing({ arrival: list.arrivalOf(key), passages, listedAt: list.about.at, size: list.sizeOf(key) }).inside;
      return (await store.entries()).reduce((sum, row) => sum + Math.max(0, now(row) - before(row.key)), walkIns);
    },
    /* As api.js: what a tap would ask the server. */
    api: {
      search: (text) => told(people.lines().filter((line) => question(text)(searchKey(line.n)))),
      people: (cohort) => told(people.lines().filter((line) => cohort === line.o || cohort === line.c)),
      async undo(id, undoes) {
        await judge.undoneHere(undoes);
        return answered({ id, verdict: "undone", person: null });
      },
      async walkIn({ id, name, cohort }) {
        walkIns += 1;
        const label = cohorts.find(({ key }) => key === cohort)?.label ?? "";
        return answered({ id, verdict: "ok", person: { name, cohort: label, reference: null, note: say("rehearsal_note") }, first: null });
      },
      release: async () => ({ how: "refused", status: 409, rehearsed: true, body: { error: "no_release_yet", reason: say("rehearsal_note") } }),
    },
  };
}
