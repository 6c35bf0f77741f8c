import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { judgedExit } from "../../static/js/door/offline-verdict.js";
import { createRehearsal } from "../../static/js/door/rehearsal.js";
import { scanOfPayload } from "../../static/js/door/scan.js";

const { samples } = JSON.parse(await readFile(new URL("../contract/rehearsal.json", import.meta.url)));
const REAL = "A".repeat(26);
const at = Date.parse("2026-11-28T09:00:00Z");
const say = (key) => key;

/* As much of a page as the band over a rehearsal needs; `begin` and `end` are its two buttons. */
function page(t) {
  const kept = globalThis.document;
  t.after(() => (globalThis.document = kept));
  const elements = new Map();
  const element = () => ({ textContent: "", addEventListener(_, act) { this.click = act; }, classList: { add() {}, remove() {} } });
  globalThis.document = {
    body: element(), addEventListener() {},
    querySelector(name) {
      if (!elements.has(name)) elements.set(name, element());
      return elements.get(name);
    },
  };
  const tap = (name) => elements.get(`[data-part="${name}"]`).click();
  return { begin: () => tap("rehearsal-begin"), end: () => tap("rehearsal-end") };
}

/* The parts behind the gates: each call of theirs is noted as it came. */
function door(t) {
  const calls = [];
  const noting = (...names) => Object.fromEntries(names.map((name) => [name, async (...given) => void calls.push([name, ...given])]));
  const buttons = page(t);
  const parts = {
    config: { rehearsal: { until: "2026-11-28T12:00:00Z", minutes: 60, samples: samples.map((each) => ({ ...each, cohort: "1기", cohortKey: "1" })) }, cohorts: [{ key: "1", label: "1기" }] },
    say, clock: { serverNow: () => at, format: String }, counts: { inside: 0 }, over: false,
    panels: { close() {} }, last: { clear() {} }, door: { renew() {} }, turnstile: { view: null, settled() {}, putLater() {} },
    outbox: noting("add", "follow"), judge: noting("judge", "whose", "override", "corrected", "undoneHere"), api: noting("undo", "walkIn", "search"),
    people: noting("line"), list: { arrivalOf: () => null }, store: { entries: async () => [] }, parse: () => ({ kind: "ticket", code: REAL }),
  };
  createRehearsal(parts);
  return { parts, calls, ...buttons };
}

test("of a real party, fewer than came are told to the phone's own judge, scan and number as they are", async (t) => {
  const { parts, calls } = door(t);

  await parts.judge.corrected({ id: "scan-1", code: REAL }, 2);

  assert.deepEqual(calls, [["corrected", { id: "scan-1", code: REAL }, 2]]);
});

test("of a practised party, fewer than came are told to the rehearsal, and to nobody after it", async (t) => {
  const { parts, calls, begin, end } = door(t);
  const group = samples.find(({ people, verdict }) => people > 1 && verdict === "ok");
  begin();
  const entry = scanOfPayload({ kind: "ticket", code: group.code }, "camera");
  await parts.outbox.add(entry);

  await parts.judge.corrected(entry, 1);

  const [{ passages }] = await parts.store.entries();
  assert.equal(passages[0].people, group.people - 1);
  end();
  await parts.judge.corrected(entry, 1);
  assert.deepEqual(calls, []);
});

test("a practice ticket is named by the rehearsal, a real one by the phone's own list", async (t) => {
  const { parts, calls, begin } = door(t);
  const practised = scanOfPayload({ kind: "ticket", code: samples.find(({ state }) => state === "admitted").code }, "camera");
  assert.equal(await parts.judge.whose(practised), null);
  begin();

  const { cohort } = await parts.judge.whose(practised);
  await parts.judge.whose({ id: "scan-1", code: REAL });

  assert.deepEqual([cohort, calls], ["1기", [["whose", { id: "scan-1", code: REAL }]]]);
});

test("during a rehearsal a real check-in is taken back for real, a practised one on the stage", async (t) => {
  const { parts, calls, begin } = door(t);
  begin();
  const entry = scanOfPayload({ kind: "ticket", code: samples[0].code }, "camera");
  await parts.outbox.add(entry);
  await parts.api.walkIn({ id: "walk-in", name: "손님", cohort: "1" });

  const practised = [await parts.api.undo("u1", entry.id, "practised"), await parts.api.undo("u2", "walk-in", "practised")];
  await parts.api.undo("u3", "real-scan", "mistaken");

  assert.deepEqual(practised.map(({ rehearsed }) => rehearsed), [true, true]);
  assert.deepEqual(calls, [["undo", "u3", "real-scan", "mistaken"]]);
});

test("on the way out, too, a ticket of another meetup or of nothing stays what it is", () => {
  const told = ["wrong_meetup", "invalid", "revoked", "canceled"].map((s) => judgedExit({ record: { s }, inside: 0 }));

  assert.deepEqual(told, ["wrong_meetup", "invalid", "revoked", "not_in"]);
});
