/* Exit and re-entry on the phone: what it knows by itself, what it says, and that an exit is never taken for an entry. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { countLine } from "../../static/js/door/counts-view.js";
import { createHeldCodes } from "../../static/js/door/dedupe.js";
import { stepperOf } from "../../static/js/door/party-view.js";
import { parsePayload } from "../../static/js/door/payload.js";
import { rowsOf } from "../../static/js/door/people-model.js";
import { stateOf } from "../../static/js/door/people-rows.js";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { standing } from "../../static/js/door/standing.js";
import { createTurnstile } from "../../static/js/door/turnstile.js";
import { offlineView, outcomeView } from "../../static/js/door/verdict-model.js";
import { createWay } from "../../static/js/door/way.js";
import { keeping } from "./keeping.mjs";

const CODE = "A".repeat(26);
const at = (minute) => `2026-07-14T05:${String(minute).padStart(2, "0")}:00.000Z`;
const ms = (minute) => Date.parse(at(minute));
const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
const clock = { format: (iso) => iso.slice(14, 16) };
const ONE = { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null };
const scan = (id, minute, kind = "entry") => ({ id, code: CODE, registration: null, kind, gate: "정문", scanned_at: at(minute) });

/* A phone whose list, as of `listed`, tells `arrival` of every code. */
function phone({ record = ONE, listed = 1, arrival = null } = {}) {
  const world = { listed, arrival, store: Object.assign(memoryStore(), { durable: true }), now: ms(30) };
  const list = {
    get about() { return { at: at(world.listed), count: 1 }; },
    keyOf: async () => "key",
    find: async () => ({ key: "key", record, arrival: world.arrival }),
  };
  const judge = keeping(world.store, createPhoneJudge({ list, store: world.store, name: "지민 폰", serverNow: () => world.now }));
  const words = async (...scans) => {
    const told = [];
    for (const each of scans) told.push((await judge.judge(each)).verdict);
    return told;
  };
  return Object.assign(world, { judge, words });
}

test("without the server somebody enters, leaves and comes back, each kept on the disk", async () => {
  const { words, store } = phone();

  const told = await words(scan("1", 10), scan("2", 11), scan("3", 12, "exit"), scan("4", 13, "exit"), scan("5", 14));

  assert.deepEqual(told, ["ok", "already_redeemed", "left", "not_in", "ok"]);
  assert.deepEqual((await store.all()).map(({ id, shown }) => [id, shown]), [["1", "ok"], ["2", "already_redeemed"], ["3", "left"], ["4", "not_in"], ["5", "ok"]]);
});

test("whoever comes back is told when they left, and orange names the first entry", async () => {
  const { judge } = phone({ arrival: { at: at(0), gate: "후문" } });
  await judge.judge(scan("1", 12, "exit"));

  const back = await judge.judge(scan("2", 13));
  const orange = await judge.judge(scan("3", 14));

  assert.deepEqual([back.verdict, back.left], ["ok", { at: at(12), gate: "정문", device: "지민 폰" }]);
  assert.deepEqual([orange.verdict, orange.first], ["already_redeemed", { at: at(0), gate: "후문", device: null }]);
});

test("an exit at another phone is known by the list, and this phone's own older entry does not hold against it", async () => {
  const world = phone();
  await world.judge.learn({ id: "1", verdict: "ok" }, scan("1", 10));
  assert.deepEqual(await world.words(scan("2", 31)), ["already_redeemed"]);

  Object.assign(world, { listed: 32, arrival: { at: at(10), gate: null, people: 0, left: at(31) } });

  assert.deepEqual(await world.words(scan("3", 33, "exit"), scan("4", 33)), ["not_in", "ok"]);
});

test("what this phone noted after its list was made counts over what the list says", async () => {
  const world = phone({ arrival: { at: at(0), gate: null } });
  await world.judge.learn({ id: "1", verdict: "left" }, scan("1", 20, "exit"));

  assert.deepEqual(await world.words(scan("2", 21, "exit"), scan("3", 21)), ["not_in", "ok"]);
});

test("an exit undone by a supervisor elsewhere is none once the list is newer", async () => {
  const world = phone({ arrival: { at: at(0), gate: null } });
  await world.judge.learn({ id: "1", verdict: "left" }, scan("1", 20, "exit"));

  world.listed = 31;

  assert.deepEqual(await world.words(scan("2", 33)), ["already_redeemed"]);
});

test("an exit undone on this phone leaves them in at once", async () => {
  const { judge, words } = phone({ arrival: { at: at(0), gate: null } });
  await judge.judge(scan("1", 20, "exit"));

  await judge.undoneHere("1");

  assert.deepEqual(await words(scan("2", 21)), ["already_redeemed"]);
});

test("what the server says of an entry or an exit takes the place of the phone's own word", async () => {
  const wrong = phone();
  await wrong.judge.judge(scan("1", 10));
  await wrong.judge.learn({ id: "1", verdict: "already_redeemed", first: { at: at(5), gate: "후문", device: "B" } }, scan("1", 10));
  Object.assign(wrong, { listed: 31, arrival: { at: at(5), gate: "후문", people: 0, left: at(20) } });
  assert.deepEqual(await wrong.words(scan("2", 33)), ["ok"]);

  const early = phone();
  await early.judge.judge(scan("1", 10));
  await early.judge.judge(scan("2", 11, "exit"));
  await early.judge.learn({ id: "2", verdict: "not_in" }, scan("2", 11, "exit"));
  assert.deepEqual(await early.words(scan("3", 12, "exit")), ["left"]);
});

test("a party leaves together, or as many as the door says, and the next scan lets in as many again", async () => {
  const { judge } = phone({ record: { ...ONE, p: 3 }, arrival: { at: at(0), gate: null, people: 3 } });

  const gone = await judge.judge(scan("1", 10, "exit"));
  await judge.corrected(scan("1", 10, "exit"), 2);
  const back = await judge.judge(scan("2", 11));

  assert.deepEqual([gone.verdict, gone.party], ["left", { size: 3, in: 0, by_this: 3 }]);
  assert.deepEqual([back.verdict, back.party], ["ok", { size: 3, in: 3, by_this: 1 }]);
});

test("a correction of an exit that the server has answered leaves so many more in", async () => {
  const { judge } = phone({ record: { ...ONE, p: 3 }, arrival: { at: at(0), gate: null, people: 3 } });
  await judge.learn({ id: "1", verdict: "left", party: { size: 3, in: 0, by_this: 3 } }, scan("1", 10, "exit"));

  await judge.corrected(scan("1", 10, "exit"), 2);

  assert.equal((await judge.judge(scan("2", 11, "exit"))).party.by_this, 2);
});

test("an old ticket says nothing of its holder on the way out, and what is on no list is unknown there too", async () => {
  assert.deepEqual(await phone({ record: { ...ONE, s: "revoked" } }).words(scan("1", 10, "exit")), ["revoked"]);
  assert.deepEqual(await phone({ record: null }).words(scan("1", 10, "exit")), ["unknown"]);
});

test("a phone that cannot keep an exit does not say goodbye", async () => {
  const full = phone({ arrival: { at: at(0), gate: null } });
  full.store.pass = async () => { throw new Error("quota"); };

  assert.equal(await full.judge.judge(scan("1", 10, "exit")), null);
});

test("two passages of one instant are taken in the order in which they were made", () => {
  const passages = [
    { id: "1", way: "in", at: at(10), gate: null, people: 1, synced: false },
    { id: "2", way: "out", at: at(10), gate: null, people: 1, synced: false },
  ];

  assert.equal(standing({ arrival: null, passages, listedAt: at(0), size: 1 }).inside, 0);
});

/* A passage of two here, whose upload's answer was lost; the list says how many of the ticket's four are in. */
const counted = (arrival, { way = "in", listed = ["1"] } = {}) => standing({
  arrival: { at: at(9), gate: null, ...arrival }, listedAt: at(11), size: 4, isListed: (id) => listed.includes(id),
  passages: [{ id: "1", way, at: at(10), gate: "정문", people: 2, synced: false }],
});

test("what the list tells already, though its answer never came, counts once: a first entry, a second one, an exit", () => {
  assert.deepEqual([counted({ people: 3 }).inside, counted({ people: 3 }).waiting], [3, false]);
  assert.deepEqual([counted({ people: 2, left: at(10) }, { way: "out" }).inside, counted({ at: at(10), people: 2 }).inside], [2, 2]);
});

test("what the list does not tell yet is added to what it tells, whatever the time and the gate", () => {
  assert.equal(counted({ at: at(10), gate: "정문", people: 1 }, { listed: [] }).inside, 3);
  assert.equal(counted({ people: 4 }, { way: "out", listed: ["2"] }).inside, 2);
});

test("the phone asks about its newest passages that have no answer", async () => {
  const { words, judge } = phone();
  await words(scan("1", 10), scan("2", 20, "exit"), scan("3", 25));
  await judge.learn({ id: "2", verdict: "left" }, scan("2", 20, "exit"));

  assert.deepEqual([await judge.unanswered(), await judge.unanswered(1)], [["3", "1"], ["3"]]);
});

function memory() {
  const held = new Map();
  return { get: (key) => held.get(key) ?? null, set: (key, value) => held.set(key, value) };
}

test("the way is this phone's own, is remembered, and is the way in wherever nobody notes who leaves", () => {
  const [storage, rules] = [memory(), { current: { exits: true } }];
  const way = createWay({ config: { device: 7 }, storage, rules });
  assert.equal(way.current, "entry");

  way.choose("exit");

  assert.deepEqual(way.atWay({ id: "1", kind: "entry" }), { id: "1", kind: "exit" });
  assert.equal(createWay({ config: { device: 7 }, storage, rules }).current, "exit");
  assert.equal(createWay({ config: { device: 8 }, storage, rules }).current, "entry");
  rules.current = { exits: false };
  assert.deepEqual([way.current, way.leaves, way.atWay({ id: "2" }).kind], ["entry", false, "entry"]);
});

function turnstile(way) {
  const world = { sent: [], shown: [] };
  world.turnstile = createTurnstile({
    parse: (text) => parsePayload(text), held: createHeldCodes(), say, clock: createClock(), mode: { current: "express" },
    atGate: (made) => ({ ...made, kind: way.current }), send: (made) => world.sent.push(made),
    show: (view) => world.shown.push(view && [view.tone, view.word]),
    setTimer: () => 0, clearTimer() {}, now: () => 0,
  });
  return world;
}

test("the same ticket at the way in and at the way out is two scans, though neither is answered", () => {
  const way = { current: "entry" };
  const { turnstile: door, sent } = turnstile(way);
  door.typed(parsePayload(CODE));
  way.current = "exit";
  door.typed(parsePayload(CODE));
  door.typed(parsePayload(CODE));

  assert.deepEqual(sent.map(({ kind }) => kind), ["entry", "exit"]);
});

test("a late answer to an exit disturbs nobody, whatever the phone had said", () => {
  const { turnstile: door, shown } = turnstile({ current: "exit" });

  door.settled({ id: "1", verdict: "left" }, { ...scan("1", 10, "exit"), shown: "not_in" });
  door.settled({ id: "2", verdict: "not_in" }, { ...scan("2", 10, "exit"), shown: "left" });
  door.settled({ id: "3", verdict: "left" }, scan("3", 10, "exit"));

  assert.deepEqual(shown, []);
});

const person = { name: "김하늘", cohort: "3기", reference: "R1", note: null };
const view = (fields, leaves = true) => outcomeView({ id: "1", person, first: null, reason: "", ...fields }, { say, clock, leaves });

test("goodbye, welcome back and not in each have a look and a word of their own", () => {
  const left = { at: at(20), gate: "정문", device: null };
  const [goodbye, gone, never, back] = [
    view({ verdict: "left" }), view({ verdict: "not_in", left }), view({ verdict: "not_in" }), view({ verdict: "ok", left }, false),
  ];

  assert.deepEqual([goodbye.tone, goodbye.word, goodbye.name, goodbye.cohort], ["left", "word_left", "person 김하늘", "3기"]);
  assert.deepEqual([gone.tone, gone.word, gone.title, gone.lines], ["not_in", "word_not_in", "verdict_gone 20", ["not_in_then"]]);
  assert.equal(never.title, "verdict_not_in");
  assert.deepEqual([back.tone, back.word, back.title, back.lines], ["ok", "word_back", "", ["had_left_where 20 정문"]]);
});

test("on the way out nobody is told that they are not admitted", () => {
  assert.equal(view({ verdict: "invalid" }).word, "word_not_noted");
  assert.equal(view({ verdict: "invalid" }, false).word, "word_refused");
  const unknown = offlineView({ id: "1", verdict: "unknown", listedAt: at(2) }, { say, clock, leaves: true, maySupervise: true });
  assert.deepEqual([unknown.lines, unknown.action], [["unknown_exit"], null]);
});

test("the stepper of an exit counts those who left and says who is still in", () => {
  assert.deepEqual(stepperOf({ size: 3, in: 0, by_this: 3 }, 1, true), { count: 1, least: 1, most: 3, left: 2 });
  assert.equal(view({ verdict: "left", party: { size: 3, in: 0, by_this: 2 } }).title, "people 2");
  assert.equal(view({ verdict: "left", party: { size: 3, in: 1, by_this: 2 } }).title, "party_still 1 3");
});

test("on the way out a row offers the exit of whoever is in, and says of the others that they are not", () => {
  const line = { r: "R1", n: "김하늘", s: "admitted", t: "confirmed" };
  const state = (entry, leaves) => stateOf(line, entry, { say, clock, leaves });
  const gone = { people: 0, at: at(1), left: at(20), waiting: false };

  assert.deepEqual([state({ people: 1, at: at(1) }, true).tone, state({ people: 1, at: at(1) }, true).text], ["ready", "do_exit"]);
  assert.deepEqual([state(gone, true).tone, state(gone, true).text, state(null, true).text], ["gone", "row_left 20", "row_not_in"]);
  assert.deepEqual([state(gone, false).tone, state(gone, false).why], ["ready", "row_left 20"]);
});

test("so does a row that the search found", () => {
  const found = (fields, leaves) => rowsOf([{ name: "김하늘", status: "confirmed", in: false, ...fields }], { say, clock, leaves })[0];

  assert.equal(found({ in: true, in_at: at(1) }, true).state.text, "do_exit");
  assert.equal(found({ left_at: at(20) }, true).state.text, "row_left 20");
  assert.deepEqual([found({ left_at: at(20) }, false).state.tone, found({ left_at: at(20) }, false).left], ["ready", "row_left 20"]);
});

test("the line of numbers tells who is in now and who came, where that is noted", () => {
  const known = { in: 27, came: 31, expected: 40, at: at(2) };

  assert.deepEqual(countLine({ known, offline: false, exits: true }, { say, clock }), { inside: "27", of: "count_now 31 40 02" });
  assert.deepEqual(countLine({ known, offline: false }, { say, clock }), { inside: "27", of: "count_of 31 40 02" });
});
