import assert from "node:assert/strict";
import { test } from "node:test";
import { createCameBack } from "../../static/js/door/came-back.js";
import { createClock } from "../../static/js/door/clock.js";
import { createHeldCodes } from "../../static/js/door/dedupe.js";
import { createOutbox } from "../../static/js/door/outbox.js";
import { parsePayload } from "../../static/js/door/payload.js";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { createTurnstile } from "../../static/js/door/turnstile.js";
import { createWords } from "../../static/js/door/words.js";

const CODE = "A".repeat(26);
const LISTED = "2026-07-14T05:02:00.000Z";
const say = createWords({});
const clock = createClock({ now: () => Date.parse("2026-07-14T05:10:00Z") });
const soon = async () => {
  for (let round = 0; round < 12; round += 1) await new Promise((resolve) => setImmediate(resolve));
};
const THREE = { record: { p: 3 }, arrival: { people: 3 } };

/* A phone without a network, at a door that notes exits, whose list says that all on the ticket are in. */
function phone({ exits = true, record = {}, arrival = {}, store = Object.assign(memoryStore(), { durable: true }) } = {}) {
  const world = { store, posts: [], shown: [], noted: [], settled: [], count: 1, online: false, verdict: "already_redeemed" };
  const list = {
    about: { at: LISTED, count: 1 }, keyOf: async () => "k",
    find: async () => ({ key: "k", record: { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null, ...record }, arrival: { at: "2026-07-14T05:00:00.000Z", gate: null, ...arrival } }),
  };
  const answers = (scans) => scans.map(({ id, kind }) => ({ id, verdict: kind === "party" ? "ok" : world.verdict, person: { name: "김하늘", reference: "R1" } }));
  const outbox = createOutbox({
    store, setTimer() {}, clearTimer() {},
    post: async (scans) => (world.online ? (world.posts.push(...scans), { how: "answered", body: { outcomes: answers(scans) } }) : { how: "offline" }),
    onOutcome: (outcome, scan) => (scan.kind === "party" ? cameBack.settled(outcome, scan) : (judge.learn(outcome, scan), turnstile.settled(outcome, scan))),
  });
  const judge = createPhoneJudge({ list, store, kept: outbox.kept, serverNow: clock.serverNow });
  const last = { note: (view) => world.noted.push(view), settled: (view) => world.settled.push(view.scanId) };
  const turnstile = createTurnstile({
    parse: (text) => parsePayload(text, { hostPatterns: [] }), held: createHeldCodes(), say, clock, mode: { current: "express" }, send: outbox.add,
    judge: judge.judge, reachable: () => world.online, tracksExits: () => exits, show: (view) => world.shown.push(view?.tone ?? null), setTimer() {}, clearTimer() {},
    onJudged: (_scan, view) => last.note(view),
  });
  const cameBack = createCameBack({ say, clock, outbox, judge, turnstile, last, people: () => world.count });
  const scans = async () => (turnstile.dismiss(), turnstile.typed({ kind: "ticket", code: CODE }), await soon());
  return Object.assign(world, { outbox, judge, turnstile, cameBack, scans });
}

test("whoever had gone out is let in by one tap, which is on the disk before the screen is green", async () => {
  const world = phone();
  await world.scans();
  assert.deepEqual([world.turnstile.view.tone, world.turnstile.view.action], ["already", "back"]);

  await world.cameBack.back(world.turnstile.view);

  const [scan, remark] = await world.store.all();
  assert.deepEqual([scan.let_in, scan.shown, remark.kind, remark.of, remark.admits], [1, "back", "party", scan.id, 1]);
  assert.deepEqual([world.turnstile.view.tone, world.turnstile.view.sync, world.turnstile.view.name], ["ok", "sync_waiting", "person"]);
  assert.equal(world.noted.at(-1).scanId, scan.id);
});

test("two taps are one, and after a restart it is sent once, by the same ids", async () => {
  const world = phone();
  await world.scans();
  const { view } = world.turnstile;
  await Promise.all([world.cameBack.back(view), world.cameBack.back(view)]);

  const again = phone({ store: world.store });
  again.online = true;
  await again.outbox.flush();
  await again.outbox.flush();

  assert.deepEqual(again.posts.map(({ kind, let_in: people, admits }) => [kind, people ?? admits]), [["entry", 1], ["party", 1]]);
  assert.equal((await world.store.all()).length, 0);
});

test("that the server knows of no exit yet disturbs nobody, and from then on it can be taken back", async () => {
  const world = phone();
  await world.scans();
  await world.cameBack.back(world.turnstile.view);
  world.turnstile.dismiss();
  world.online = true;

  await world.outbox.flush();

  assert.equal(world.turnstile.view, null);
  assert.deepEqual(world.settled, [world.noted.at(-1).scanId]);
});

test("a ticket that the server refuses altogether is told of until somebody has seen it", async () => {
  const world = phone();
  await world.scans();
  await world.cameBack.back(world.turnstile.view);
  Object.assign(world, { online: true, verdict: "canceled" });

  await world.outbox.flush();

  assert.deepEqual([world.turnstile.view.word, world.turnstile.view.stays], ["word_conflict", null]);
});

test("shown once more the ticket asks once more, and of several people as many come back as the door says", async () => {
  const world = phone(THREE);
  await world.scans();
  world.count = 2;

  await world.cameBack.back(world.turnstile.view);
  await world.scans();

  assert.deepEqual([world.turnstile.view.tone, world.turnstile.view.action], ["already", "back"]);
  assert.deepEqual((await world.store.all()).map(({ let_in: people, admits }) => people ?? admits), [2, 2, 0]);
});

test("the same orange from the server leaves the question on the screen", async () => {
  const world = phone();
  await world.scans();
  world.online = true;

  await world.outbox.flush();

  assert.deepEqual([world.turnstile.view.quiet, world.turnstile.view.action], [true, "back"]);
  await world.cameBack.back(world.turnstile.view);
  await world.outbox.flush();
  assert.deepEqual(world.posts.map(({ kind, let_in: people, admits }) => [kind, people ?? admits]), [["entry", 0], ["party", 1]]);
});

test("a door that notes no exits has no such button, and a phone that keeps nothing lets nobody in by it", async () => {
  const without = phone({ exits: false });
  await without.scans();
  assert.deepEqual([without.turnstile.view.tone, without.turnstile.view.action], ["already", null]);

  const forgetful = phone();
  await forgetful.scans();
  forgetful.store.durable = false;
  await forgetful.cameBack.back(forgetful.turnstile.view);
  assert.deepEqual([forgetful.turnstile.view.tone, forgetful.turnstile.view.action, forgetful.turnstile.view.lines[0]], ["already", null, "override_unkept"]);
});

test("a tap on a late green says how many of the ticket are here", async () => {
  const world = phone();
  world.turnstile.dismiss();
  world.count = 2;
  const view = { tone: "ok", action: "here", scan: { id: "1", kind: "entry" }, scanId: "1" };

  world.cameBack.here(view);
  await soon();

  assert.deepEqual((await world.store.all()).map(({ kind, of, admits }) => [kind, of, admits]), [["party", "1", 2]]);
  assert.deepEqual(world.noted, [view]);
});

test("whoever came back alone is in by a word that the server has, and out again by a newer list", async () => {
  const world = phone();
  await world.scans();
  await world.cameBack.back(world.turnstile.view);
  const remark = (await world.store.all()).find(({ kind }) => kind === "party");

  await world.judge.learn({ id: remark.id, verdict: "ok" }, remark);

  const [passage] = await world.store.passages("k");
  assert.equal(passage.people, 1);
  assert.ok(passage.synced);
});

test("an override lets in one person, and the server is told so", async () => {
  const world = phone({ record: THREE.record, arrival: null });
  await world.scans();
  const [scan] = await world.store.all();

  await world.judge.override(scan, { id: "o", kind: "override", of: scan.id, reason: "아는 분", scanned_at: scan.scanned_at });

  const [kept] = await world.store.all();
  assert.deepEqual([kept.shown, kept.let_in], ["override", 1]);
});
