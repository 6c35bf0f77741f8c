import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { createHeldCodes } from "../../static/js/door/dedupe.js";
import { createKioskTurnstile } from "../../static/js/door/kiosk-turnstile.js";
import { createOutbox } from "../../static/js/door/outbox.js";
import { parsePayload } from "../../static/js/door/payload.js";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { createTurnstile } from "../../static/js/door/turnstile.js";
import { createWords } from "../../static/js/door/words.js";

const CODE = "A".repeat(26);
const RECORD = { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null };
const settle = async (rounds = 12) => {
  for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setImmediate(resolve));
};

/* A disk that takes its time with an entry: it is written when `written()` is called. */
function slowStore() {
  const store = Object.assign(memoryStore(), { durable: true });
  const { pass } = store;
  let begin;
  const disk = new Promise((resolve) => (begin = resolve));
  store.pass = async (...given) => (await disk, pass(...given));
  return { store, written: async () => (begin(), settle()) };
}

/* The device as it is put together, with a server that answers `verdict` when `answer()` is called. */
function door(kind, verdict, { patience = [1500] } = {}) {
  const world = { posts: [], shown: [], timers: [], ...slowStore() };
  const { store } = world;
  const list = { about: { at: "2026-07-14T05:02:00.000Z", count: 1 }, keyOf: async () => "k", find: async () => ({ key: "k", record: RECORD, arrival: null }) };
  let answers;
  const post = async (scans) => {
    world.posts.push(...scans.map(({ let_in: people }) => people));
    if (world.posts.length === 1) await new Promise((resolve) => (answers = resolve));
    return { how: "answered", body: { outcomes: scans.map(({ id }) => ({ id, verdict, person: { name: "김하늘" }, reason: "why" })) } };
  };
  const outbox = createOutbox({ store, post, onOutcome: (outcome, scan) => (judge.learn(outcome, scan), turnstile.settled(outcome, scan)), setTimer() {}, clearTimer() {} });
  const judge = createPhoneJudge({ list, store, kept: outbox.kept, showsRefusals: kind === "phone" });
  const common = {
    parse: (text) => parsePayload(text, { hostPatterns: [] }), held: createHeldCodes(), send: outbox.add, judge: judge.judge, reachable: () => true,
    setTimer: (act, ms) => patience.includes(ms) && world.timers.push(act), clearTimer() {},
    show: (view) => world.shown.push(view?.tone ?? view?.screen ?? null),
  };
  const turnstile = kind === "phone"
    ? createTurnstile({ ...common, say: createWords({}), clock: createClock(), mode: { current: "express" } })
    : createKioskTurnstile({ ...common, refused: judge.refused });
  world.scanned = async () => (turnstile.sighted([CODE]), settle());
  world.impatient = async () => (world.timers.shift()(), settle());
  world.answer = async () => (answers(), settle());
  world.left = async () => [(await store.all()).map(({ let_in: people }) => people), await store.passages("k").then((all) => all.filter(({ synced }) => !synced).length)];
  return world;
}

for (const [kind, verdict, screen] of [["phone", "canceled", "refused"], ["phone", "already_redeemed", "already"], ["kiosk", "ask_staff", "staff"]]) {
  test(`a ${kind} that shows the server's "${verdict}" has let in nobody, though it was about to judge for itself`, async () => {
    const world = door(kind, verdict);
    await world.scanned();
    await world.impatient();

    await world.answer();
    await world.written();

    assert.deepEqual([world.shown, world.posts, await world.left()], [["checking", screen], [undefined], [[], 0]]);
  });

  test(`a ${kind} that was green before the server's "${verdict}" came says so to the server`, async () => {
    const world = door(kind, verdict);
    await world.scanned();
    await world.impatient();

    await world.written();
    await world.answer();

    assert.deepEqual([world.shown.slice(0, 2), world.posts, await world.left()], [["checking", "ok"], [undefined, 1], [[], 0]]);
  });
}

test("what the phone did between the server's answer and the scan's leaving is told as well", async () => {
  const world = door("phone", "canceled");
  const { remove } = world.store;
  world.store.remove = async (...given) => (await world.written(), remove(...given));
  await world.scanned();
  await world.impatient();

  await world.answer();
  await settle(40);

  assert.deepEqual([world.shown.slice(0, 2), world.posts, (await world.store.all()).length], [["checking", "ok"], [undefined, 1], 0]);
});

test("a tablet that has sent a guest to the staff lets them in by no entry that is written after that", async () => {
  const world = door("kiosk", "ok", { patience: [1500, 8000] });
  await world.scanned();
  const [patient, judging] = world.timers;
  judging();
  await settle();

  patient();
  await settle();
  await world.written();

  assert.deepEqual([world.shown, await world.left()], [["checking", "staff"], [[0], 0]]);
});
