/* The scanner without the server, its parts together: turnstile, outbox, the phone's judge, and what they say. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { countLine } from "../../static/js/door/counts-view.js";
import { createHeldCodes } from "../../static/js/door/dedupe.js";
import { lineOf, stateOf } from "../../static/js/door/link-model.js";
import { createOutbox } from "../../static/js/door/outbox.js";
import { parsePayload } from "../../static/js/door/payload.js";
import { openScan, makeScanKey, sealScan } from "../../static/js/door/scan-sealing.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { createTurnstile } from "../../static/js/door/turnstile.js";
import { overrideView } from "../../static/js/door/verdict-model.js";
import { createWords } from "../../static/js/door/words.js";

const A = "A".repeat(26);
const B = "B".repeat(26);
const LISTED = "2026-07-14T05:02:00Z";
const say = createWords({ person: "{name} 님", unknown_title: "이 폰의 {time} 명단에는 없어요", conflict_line: "{shown}" });
const clock = createClock({ now: () => Date.parse("2026-07-14T05:10:00Z") });
const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

function setting({ verdict = "ok", reachable = false, judge, maySupervise = false, ...given } = {}) {
  const world = { time: 0, sent: [], shown: [], lines: [], timers: [], reachable, quiet: [] };
  world.turnstile = createTurnstile({
    parse: (text) => parsePayload(text), held: createHeldCodes(), say, clock, maySupervise, mode: { current: "express" },
    atGate: (scan) => ({ ...scan, gate: "정문" }),
    send: (scan) => world.sent.push(scan),
    show: (view) => (world.shown.push(view?.tone ?? null), world.quiet.push(Boolean(view?.quiet))),
    judge: judge ?? (async (scan) => ({ id: scan.id, verdict, person: { name: "김하늘", cohort: "3기" }, first: null, listedAt: LISTED })),
    reachable: () => world.reachable,
    onSettled: (_outcome, _scan, view, late, shown) => world.lines.push([view.tone, late, shown]),
    now: () => world.time,
    setTimer: (act, ms) => world.timers.push({ act, at: world.time + ms }),
    clearTimer: (id) => id && (world.timers[id - 1].at = Infinity),
    ...given,
  });
  world.pass = async (ms) => {
    world.time += ms;
    for (const timer of world.timers) if (timer.at <= world.time) (timer.at = Infinity), timer.act();
    await soon();
  };
  world.answer = (scan, given, more = {}) => world.turnstile.settled({ id: scan.id, verdict: given, person: { name: "김하늘" }, ...more }, scan);
  return world;
}

/* A phone that refused somebody, or did not, and `after` that long hears the server's word; `meanwhile` the screen may be another's. */
async function heardLate(verdict, after, given, { more = {}, meanwhile = ({ turnstile }) => turnstile.dismiss() } = {}) {
  const came = [];
  const world = setting({ verdict, onCameIn: (scan, people) => came.push([scan.code, people]) });
  world.turnstile.sighted([A]);
  await soon();
  meanwhile(world);
  world.time += after;
  world.answer(world.sent[0], given, more);
  return { came, action: world.turnstile.view?.action ?? null };
}

const THREE = { party: { size: 3, in: 3, by_this: 3 } };

test("whom the server lets in after this phone's red came in there once a tap says that they are here, and not before", async () => {
  for (const meanwhile of [() => {}, ({ turnstile }) => turnstile.dismiss()]) {
    assert.deepEqual(await heardLate("canceled", 5000, "ok", { more: THREE, meanwhile }), { came: [], action: "here" });
  }
});

test("nobody has seen a green that waits behind the next guest's verdict", async () => {
  const next = ({ turnstile }) => turnstile.typed({ kind: "ticket", code: B });

  assert.deepEqual(await heardLate("already_redeemed", 45_000, "ok", { meanwhile: next }), { came: [], action: null });
});

test("green in the place of amber that is still on the screen is seen, a line beside the screen is not", async () => {
  assert.deepEqual((await heardLate("unknown", 5000, "ok", { more: THREE, meanwhile: () => {} })).came, [[A, 3]]);
  assert.deepEqual((await heardLate("unknown", 5000, "ok")).came, []);
});

test("who has gone away meanwhile, was let in anyway or is refused by the server, too, is not asked about", async () => {
  assert.deepEqual(await heardLate("canceled", 90_000, "ok"), { came: [], action: null });
  assert.deepEqual(await heardLate("ok", 5000, "ok"), { came: [], action: null });
  assert.deepEqual(await heardLate("unknown", 5000, "canceled"), { came: [], action: null });
});

test("offline a ticket is judged at once, and its green is marked as waiting to sync", async () => {
  const { turnstile, shown } = setting();

  turnstile.sighted([A]);
  await soon();

  assert.deepEqual(shown, ["checking", "ok"]);
  assert.equal(turnstile.view.sync, "sync_waiting");
});

test("online the phone judges when the server takes longer than a second and a half, not before", async () => {
  const { turnstile, shown, pass } = setting({ reachable: true });
  turnstile.sighted([A]);

  await pass(1400);
  assert.deepEqual(shown, ["checking"]);
  await pass(200);

  assert.deepEqual([shown, turnstile.view.sync], [["checking", "ok"], "sync_waiting"]);
});

test("a request that failed is not waited for", async () => {
  const { turnstile, shown } = setting({ reachable: true });
  turnstile.sighted([A]);

  turnstile.unreachable();
  await soon();

  assert.deepEqual(shown, ["checking", "ok"]);
});

test("an answer in time is the server's word, without a mark", async () => {
  const { turnstile, shown, sent, answer, pass } = setting({ reachable: true, verdict: "canceled" });
  turnstile.sighted([A]);
  answer(sent[0], "ok");
  await pass(1600);

  assert.deepEqual([shown, turnstile.view.sync], [["checking", "ok"], ""]);
});

test("an answer that comes while the phone is still thinking wins", async () => {
  let release;
  const { turnstile, shown, sent, answer } = setting({ judge: () => new Promise((resolve) => (release = resolve)) });
  turnstile.sighted([A]);
  answer(sent[0], "ok");
  release({ verdict: "canceled", listedAt: LISTED });
  await soon();

  assert.deepEqual(shown, ["checking", "ok"]);
});

test("the server's same answer takes the mark away, without another beep", async () => {
  const { turnstile, shown, sent, quiet, answer } = setting();
  turnstile.sighted([A]);
  await soon();

  answer(sent[0], "ok");

  assert.deepEqual([shown, quiet.at(-1), turnstile.view.sync], [["checking", "ok", "ok"], true, ""]);
});

test("what the server confirms later is told nobody again", async () => {
  const { turnstile, shown, sent, lines, answer } = setting();
  turnstile.sighted([A]);
  await soon();
  turnstile.dismiss();

  answer(sent[0], "ok");

  assert.deepEqual([shown.at(-1), lines], [null, [["ok", true, "ok"]]]);
});

test("the server says otherwise: both words are shown until somebody taps", async () => {
  const { turnstile, sent, answer, pass } = setting();
  turnstile.sighted([A]);
  await soon();
  turnstile.dismiss();
  answer(sent[0], "already_redeemed", { first: { at: "2026-07-14T05:00:00Z", gate: "후문", device: "다른 폰" } });

  await pass(600_000);

  assert.deepEqual([turnstile.view.tone, turnstile.view.word, turnstile.view.lines[0]], ["already", "word_conflict", "verdict_ok"]);
  turnstile.dismiss();
  assert.equal(turnstile.view, null);
});

test("a difference is told also after the page was closed in between", () => {
  const { turnstile, answer } = setting();

  answer({ id: "1", code: A, scanned_at: "2026-07-14T05:00:00Z", shown: "ok" }, "canceled");

  assert.deepEqual([turnstile.view.tone, turnstile.view.word], ["refused", "word_conflict"]);
});

test("who was not on the list and is let in by the server is a line and no alarm", async () => {
  const { turnstile, shown, sent, lines, answer } = setting({ verdict: "unknown" });
  turnstile.sighted([A]);
  await soon();
  assert.deepEqual([shown.at(-1), turnstile.view.title], ["unknown", "이 폰의 오후 2:02 명단에는 없어요"]);
  turnstile.dismiss();

  answer(sent[0], "ok");

  assert.deepEqual([turnstile.view, lines.at(-1)], [null, ["ok", true, "unknown"]]);
});

test("the same ticket held up again is a second scan once the phone has judged the first", async () => {
  const { turnstile, sent, pass } = setting();
  turnstile.sighted([A]);
  await soon();
  await pass(5000);

  turnstile.sighted([A]);

  assert.equal(sent.length, 2);
});

test("without a list nothing turns green: the screen waits for the server", async () => {
  const { turnstile, shown, pass } = setting({ judge: async () => null });
  turnstile.sighted([A]);
  await soon();
  await pass(3600);

  assert.deepEqual(shown, ["checking", "waiting"]);
});

test("a verdict whose screen was tapped away comes as a line or after the present one", async () => {
  const { turnstile, shown, pass } = setting({ verdict: "canceled", reachable: true });
  turnstile.sighted([A]);
  turnstile.dismiss();
  await pass(1600);

  assert.deepEqual([shown.at(-1), turnstile.view.lines[0]], ["refused", "late_line"]);
});

test("what is sent carries the gate, and no word of what was shown", async () => {
  const posts = [];
  const store = memoryStore();
  const outbox = createOutbox({ store, post: async (scans) => (posts.push(...scans), { how: "offline" }), onOutcome() {}, setTimer() {}, clearTimer() {} });
  await store.put({ id: "1", code: A, scanned_at: "1", gate: "정문", shown: "ok" });

  await outbox.flush();

  assert.deepEqual(posts, [{ id: "1", code: A, scanned_at: "1", gate: "정문" }]);
});

test("the record that is kept and the one that is judged are one", async () => {
  const judged = [];
  const { turnstile, sent } = setting({ judge: async (scan) => (judged.push(scan), null) });
  turnstile.sighted([B]);
  await soon();

  assert.deepEqual([judged[0], judged[0].gate], [sent[0], "정문"]);
});

test("a scan at rest holds no code in clear, and opens as it was", async () => {
  const key = await makeScanKey();
  const scan = { id: "1", code: A, scanned_at: "now", payload: "김하늘" };

  const row = await sealScan(scan, key);

  assert.deepEqual(await openScan(row, key), scan);
  assert.ok(!Buffer.from(row.sealed).includes(A));
  assert.deepEqual(Object.keys(row), ["id", "nonce", "sealed"]);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
  await assert.rejects(openScan({ ...row, id: "2" }, key));
  assert.notDeepEqual((await sealScan(scan, key)).nonce, row.nonce);
});

test("the status line says who judges, how old the list is and what waits", () => {
  const words = createWords(Object.fromEntries(["judge_server", "judge_phone", "judge_nobody", "list_none"].map((key) => [key, key])));
  const sentences = (key, values = {}) => (["list_fresh", "list_old", "scans_wait", "scans_held", "restored"].includes(key) ? `${key} ${values.minutes ?? values.count}` : words(key));
  const line = (known) => lineOf(known, { say: sentences, clock: { ...clock, serverNow: () => Date.parse("2026-07-14T05:10:30Z") } });
  const about = { at: LISTED, count: 312 };

  assert.equal(line({ online: null, waiting: 0, about: null }), "list_none");
  assert.equal(line({ online: true, waiting: 0, about: { ...about, at: "2026-07-14T05:10:00Z" } }), "judge_server list_fresh 0");
  assert.equal(line({ online: false, waiting: 3, about }), "judge_phone list_old 8 scans_wait 3");
  assert.equal(line({ online: false, waiting: 1, about: null }), "judge_nobody scans_wait 1");
  assert.equal(line({ online: false, waiting: 0, held: 2, about: null }), "judge_nobody scans_held 2");
  const restored = { count: 5, at: Date.parse("2026-07-14T05:09:00Z") };
  assert.equal(line({ online: true, waiting: 0, about: null, restored }), "judge_server list_none restored 5");
  assert.equal(line({ online: true, waiting: 0, about: null, restored: { ...restored, at: Date.parse(LISTED) - 180_000 } }), "judge_server list_none");
  assert.deepEqual([stateOf({ online: false, waiting: 0 }), stateOf({ online: true, waiting: 1 }), stateOf({ online: null, waiting: 0 })], ["off", "waiting", "on"]);
});

test("every sentence of the offline screens stands in the page's table", () => {
  const table = ["words", "_ended_words"].map((name) => readFileSync(new URL(`../../templates/checkin/${name}.html`, import.meta.url), "utf8")).join("");
  const scripts = ["verdict-model", "link-model", "link-view", "last-view", "recent-view", "ended-view", "counts-view", "main"];
  const said = scripts.flatMap((name) => [...readFileSync(new URL(`../../static/js/door/${name}.js`, import.meta.url), "utf8").matchAll(/say\((?:[^()"]*\? )?"(\w+)"(?: : "(\w+)")?/g)].flatMap(([, ...keys]) => keys.filter(Boolean)));
  const known = new Set([...table.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key));

  assert.deepEqual(said.filter((key) => !known.has(key)), []);
  assert.ok(said.includes("judge_nobody") && said.includes("sync_waiting"));
});

test("numbers of people are shown as of when the server counted them, and none as none", () => {
  const words = { say: (key, { expected, time } = {}) => [key, expected, time].filter(Boolean).join(" "), clock };
  const known = { in: 2, expected: 40, at: "2026-07-14T05:02:00Z" };

  assert.deepEqual(countLine({ known, offline: false }, words).of.split(" ").slice(0, 2), ["count_of", "40"]);
  assert.equal(countLine({ known, offline: true }, words).of, `count_of_at 40 ${clock.format(known.at)}`);
  assert.deepEqual(countLine({ known: null, offline: true }, words), { inside: "–", of: "count_none" });
  assert.deepEqual(countLine({ known: null, offline: false }, words), { inside: "–", of: "" });
});

const { overrides } = JSON.parse(readFileSync(new URL("../contract/verdicts.json", import.meta.url), "utf8"));

for (const each of overrides) {
  test(`let in by a supervisor without the server, then it answers: ${each.name}`, async () => {
    const { turnstile, sent, shown, answer } = setting({ verdict: "unknown", maySupervise: true });
    turnstile.sighted([A]);
    await soon();
    const { action, scan } = turnstile.view;
    turnstile.dismiss();

    turnstile.letIn(scan, overrideView(scan, "아는 분", say), "override");
    assert.deepEqual([action, turnstile.view.tone, turnstile.view.sync], ["override", "ok", "sync_waiting"]);
    turnstile.dismiss();
    answer(sent[0], each.verdict);

    assert.equal(turnstile.view !== null, each.conflict);
    if (each.conflict) assert.deepEqual([turnstile.view.word, turnstile.view.stays, turnstile.view.lines[0]], ["word_conflict", null, "conflict_override"]);
    else assert.equal(shown.at(-1), null);
  });
}

test("only a supervisor's phone may override, and only amber", async () => {
  const staff = setting({ verdict: "unknown" });
  const red = setting({ verdict: "canceled", maySupervise: true });
  for (const { turnstile } of [staff, red]) turnstile.sighted([A]);
  await soon();

  assert.deepEqual([staff.turnstile.view.action, red.turnstile.view.action], [null, null]);
});

test("a phone whose clock is an hour fast writes the server's time in what it says later", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-07-14T06:10:00Z") });
  const own = createClock();
  own.learn("2026-07-14T05:10:00Z");
  const words = createWords({ conflict_line: "{time}", late_line: "{time}" });
  const { turnstile, sent, answer } = setting({ clock: own, say: words });
  turnstile.sighted([A]);
  await soon();

  answer(sent[0], "canceled");
  assert.equal(sent[0].scanned_at, "2026-07-14T06:10:00.000Z");
  assert.equal(turnstile.view.lines[0], "오후 2:10");

  turnstile.dismiss();
  turnstile.settled({ id: "late", verdict: "canceled" }, { ...sent[0], id: "late" });
  assert.equal(turnstile.view.lines[0], "오후 2:10");
});
