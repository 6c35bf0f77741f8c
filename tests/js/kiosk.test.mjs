import assert from "node:assert/strict";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createHeldCodes } from "../../static/js/door/dedupe.js";
import { createKioskLock, opens, waitAfter } from "../../static/js/door/kiosk-lock.js";
import { createTrap, leaves } from "../../static/js/door/kiosk-trap.js";
import { missingOf } from "../../static/js/door/kiosk-ready-line.js";
import { createKioskTurnstile } from "../../static/js/door/kiosk-turnstile.js";
import { answerOf } from "../../static/js/door/kiosk-view.js";
import { masked } from "../../static/js/door/masking.js";
import { createOutbox } from "../../static/js/door/outbox.js";
import { parsePayload } from "../../static/js/door/payload.js";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";

const { cases } = JSON.parse(await readFile(new URL("../contract/masking.json", import.meta.url)));
const A = "A".repeat(26);
const B = "B".repeat(26);
const settle = () => new Promise((resolve) => setImmediate(resolve));

for (const { name, masked: shown } of cases) {
  test(`the tablet shows ${JSON.stringify(name)} as ${shown}, also when it is masked already`, () => {
    assert.equal(masked(name), shown);
    assert.equal(masked(shown), shown);
  });
}

function kiosk({ reachable = true, word = null } = {}) {
  const world = { time: 0, sent: [], refused: [], judged: [], shown: [], timers: new Map(), nextTimer: 1, reachable };
  world.turnstile = createKioskTurnstile({
    parse: (text) => parsePayload(text), held: createHeldCodes(), atGate: (scan) => ({ ...scan, gate: "정문" }),
    send: (scan) => world.sent.push(scan), judge: async (scan) => (world.judged.push(scan), word), refused: ({ id }) => world.refused.push(id), reachable: () => world.reachable,
    show: (view) => world.shown.push(view ? [view.screen, view.name, view.people].filter(Boolean).join(" ") : null),
    now: () => world.time,
    setTimer: (act, ms) => (world.timers.set(world.nextTimer, { act, at: world.time + ms }), world.nextTimer++),
    clearTimer: (id) => world.timers.delete(id),
  });
  world.pass = async (ms) => {
    world.time += ms;
    for (const [id, { act, at }] of [...world.timers]) if (at <= world.time) world.timers.delete(id), act();
    await settle();
  };
  return world;
}

const ok = (scan, name = "김민수") => ({ id: scan.id, verdict: "ok", person: { name } });

test("a guest is green after the answer, by a masked name, and the tablet waits again by itself", async () => {
  const { turnstile, sent, shown, pass } = kiosk();

  turnstile.sighted([A]);
  assert.deepEqual([sent.length, shown], [1, ["checking"]]);
  turnstile.settled(ok(sent[0]), sent[0]);
  await pass(4000);

  assert.deepEqual(shown, ["checking", "ok 김*수 1", null]);
});

test("what the tablet judges, and keeps by that, is the very scan that it sends, gate and all, marked as made by the guest", async () => {
  const { turnstile, sent, judged } = kiosk({ reachable: false });

  turnstile.sighted([A]);
  await settle();

  assert.deepEqual([judged, sent[0].gate, sent[0].self], [sent, "정문", true]);
});

test("whoever is not let in, for whatever reason, gets one and the same screen", async () => {
  const seen = new Set();
  for (const verdict of ["ask_staff", "already_redeemed", "canceled", "waitlisted", "unknown", "invalid", undefined]) {
    const { turnstile, sent, shown } = kiosk();
    turnstile.sighted([A]);
    turnstile.settled({ id: sent[0].id, verdict, person: { name: "김민수" } }, sent[0]);
    seen.add(JSON.stringify(shown));
  }
  const { turnstile, sent, shown } = kiosk();
  turnstile.sighted(["https://elsewhere.example/"]);
  assert.equal(sent.length, 0);

  assert.deepEqual([...seen], ['["checking","staff"]']);
  assert.deepEqual(shown, ["staff"]);
});

test("without the server the tablet's own list answers at once, and without a list the staff do", async () => {
  const own = kiosk({ reachable: false, word: { verdict: "ok", person: { name: "김*수" } } });
  const none = kiosk({ reachable: false });

  own.turnstile.sighted([A]);
  none.turnstile.sighted([A]);
  await settle();

  assert.deepEqual([own.shown, none.shown], [["checking", "ok 김*수 1"], ["checking", "staff"]]);
  assert.deepEqual([own.sent.length, none.sent.length], [1, 1]);
});

test("a server that thinks too long is not waited for", async () => {
  const slow = kiosk({ word: { verdict: "ok", person: { name: "김*수" } } });
  slow.turnstile.sighted([A]);
  await slow.pass(1500);
  assert.deepEqual(slow.shown, ["checking", "ok 김*수 1"]);

  const lost = kiosk();
  lost.turnstile.sighted([A]);
  await lost.pass(1500);
  await lost.pass(8000);
  assert.deepEqual(lost.shown, ["checking", "staff"]);
});

test("nobody is said to be refused before the tablet shows it, nor whom the server has judged", async () => {
  const slow = kiosk({ word: { verdict: "unknown" } });
  slow.turnstile.sighted([A]);
  await slow.pass(1500);
  slow.turnstile.settled(ok(slow.sent[0]), slow.sent[0]);
  assert.deepEqual([slow.shown.at(-1), slow.refused], ["ok 김*수 1", []]);

  const told = kiosk();
  told.turnstile.sighted([A]);
  told.turnstile.settled({ id: told.sent[0].id, verdict: "canceled" }, told.sent[0]);
  assert.deepEqual([told.shown.at(-1), told.refused], ["staff", []]);

  for (const reachable of [true, false]) {
    const alone = kiosk({ reachable, word: { verdict: "unknown" } });
    alone.turnstile.sighted([A]);
    await alone.pass(1500);
    await alone.pass(8000);
    assert.deepEqual(alone.refused, [alone.sent[0].id]);
  }
});

/* Tablet, list and outbox together, before a server that answers after `seconds`: what it was sent, and whom it counts. */
async function slowly(seconds) {
  const store = memoryStore();
  const sent = [];
  let answer = null;
  const list = { about: { at: "2026-07-14T05:02:00.000Z", count: 1 }, keyOf: async () => "k", find: async () => ({ key: "k", record: null, arrival: null }) };
  const post = (scans) => (sent.push(...scans.map(({ let_in: people }) => people)), new Promise((resolve) => (answer = () => resolve({ how: "answered", body: { outcomes: scans.map((scan) => ok(scan)) } }))));
  const outbox = createOutbox({ store, post, onOutcome: (outcome, scan) => (judge.learn(outcome, scan), turnstile.settled(outcome, scan)) });
  const judge = createPhoneJudge({ list, store, kept: outbox.kept, showsRefusals: false });
  const timers = [];
  const shown = [];
  const turnstile = createKioskTurnstile({
    parse: (text) => parsePayload(text), held: createHeldCodes(), send: outbox.add, judge: judge.judge, refused: judge.refused, reachable: () => true,
    show: (view) => shown.push(view?.screen ?? null), setTimer: (act, ms) => timers.push({ act, ms }), clearTimer: (id) => id && (timers[id - 1].act = () => {}),
  });
  turnstile.read({ kind: "ticket", code: A });
  await settle();
  for (const ms of [1500, 8000]) if (ms < seconds * 1000) for (const timer of [...timers]) if (timer.ms === ms) (timer.act(), await settle());
  for (let i = 0; i < 4; i += 1) (answer?.(), await settle());
  return { shown, sent, inside: (await store.passages("k")).map(({ people }) => people) };
}

test("a slow server's green is shown, and it is not told that there was none", async () => {
  assert.deepEqual(await slowly(3), { shown: ["checking", "ok"], sent: [undefined], inside: [1] });
});

test("whom the tablet sent to the staff meanwhile, the server is told of, and the tablet lets them in later", async () => {
  assert.deepEqual(await slowly(9), { shown: ["checking", "staff"], sent: [undefined, 0], inside: [] });
});

test("a late answer shows nothing to the next guest", async () => {
  const { turnstile, sent, shown, pass } = kiosk();
  turnstile.sighted([A]);
  await pass(8000);
  turnstile.dismiss();
  turnstile.sighted([B]);

  turnstile.settled(ok(sent[0], "이서준"), sent[0]);

  assert.deepEqual(shown, ["checking", "staff", null, "checking"]);
});

test("a ticket that stays before the camera is one scan, and nobody else is taken meanwhile", async () => {
  const { turnstile, sent, pass } = kiosk();

  turnstile.sighted([A]);
  turnstile.settled(ok(sent[0]), sent[0]);
  for (let i = 0; i < 60; i += 1) {
    turnstile.sighted(i % 7 ? [A] : [A, B]);
    await pass(100);
  }

  assert.deepEqual(sent.map(({ code }) => code), [A]);
});

test("what is said to a guest does not say why somebody is sent to the staff, nor their name", () => {
  const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");

  assert.equal(answerOf({ screen: "ok", name: "김*수" }, say, say).line, "ok_more");
  assert.equal(answerOf({ screen: "ok", name: "김*수", table: 7 }, say, say).table, "table 7");
  assert.equal(answerOf({ screen: "staff", name: "김*수", table: 7 }, say, say).table, "");
  assert.deepEqual(answerOf({ screen: "staff", name: "김*수" }, say, say), { word: "staff", name: "", table: "", line: "staff_more", other: "staff" });
});

test("several people have time to say how many they are, and more of it while they do", async () => {
  const { turnstile, sent, shown, pass } = kiosk();
  turnstile.sighted([A]);
  turnstile.settled({ ...ok(sent[0]), party: { size: 3, in: 3, by_this: 3 } }, sent[0]);

  await pass(11_000);
  turnstile.linger();
  await pass(11_000);
  assert.deepEqual(shown, ["checking", "ok 김*수 3"]);
  assert.deepEqual([turnstile.view.scan.id, turnstile.view.party.by_this], [sent[0].id, 3]);
  await pass(1000);

  assert.equal(shown.at(-1), null);
});

const salt = "ab".repeat(32);
const kept = createHmac("sha256", Buffer.from(salt, "hex")).update("482913").digest("hex");
const lock = { salt, rounds: 1000, verifier: pbkdf2Sync(kept, Buffer.from(salt, "hex"), 1000, 32, "sha256").toString("hex") };

test("the code opens, another one does not", async () => {
  assert.deepEqual(await Promise.all(["482913", "482914", ""].map((code) => opens(code, lock))), [true, false, false]);
});

test("after three wrong codes a try costs time, more after further ones, also after a reload", async () => {
  const memory = new Map();
  const storage = { get: (key) => memory.get(key) ?? null, set: (key, value) => memory.set(key, value), remove: (key) => memory.delete(key) };
  let time = 1_000_000;
  const fresh = () => createKioskLock({ lock: () => lock, storage, now: () => time });

  assert.deepEqual([await fresh().attempt("1"), await fresh().attempt("2"), await fresh().attempt("3")], ["wrong", "wrong", "wrong"]);
  assert.equal(fresh().wait(), 30_000);
  assert.equal(await fresh().attempt("482913"), "wait");
  time += 30_000;
  assert.equal(await fresh().attempt("4"), "wrong");
  assert.equal(fresh().wait(), 60_000);
  time += 60_000;
  assert.equal(await fresh().attempt("482-913"), "open");
  assert.equal(fresh().wait(), 0);
});

test("no wait is longer than a minute, nor longer for a clock that was set back", () => {
  assert.equal(waitAfter({ wrong: 50, at: 0 }, 0), 60_000);
  assert.equal(waitAfter({ wrong: 3, at: 5_000_000 }, 0), 30_000);
});

test("wrong tries are forgotten after five minutes without one", async () => {
  const memory = new Map();
  const storage = { get: (key) => memory.get(key) ?? null, set: (key, value) => memory.set(key, value), remove: (key) => memory.delete(key) };
  let time = 1_000_000;
  const door = createKioskLock({ lock: () => lock, storage, now: () => time });
  for (const code of ["1", "2", "3"]) await door.attempt(code);

  time += 300_000;

  assert.equal(await door.attempt("4"), "wrong");
  assert.equal(door.wait(), 0);
});

test("a trap that is over does not close again", (t) => {
  const kept = { document: globalThis.document, history: globalThis.history, addEventListener: globalThis.addEventListener };
  t.after(() => Object.assign(globalThis, kept));
  const heard = {};
  const pushed = [];
  Object.assign(globalThis, {
    document: { addEventListener: (name, act) => (heard[name] = act) }, history: { pushState: () => pushed.push(1) },
    location: { href: "" }, addEventListener() {},
  });
  const stopped = () => {
    let prevented = false;
    heard.contextmenu({ preventDefault: () => (prevented = true) });
    return prevented;
  };
  const trap = createTrap({ screen: {} });
  trap.close();
  const before = stopped();

  trap.end();
  trap.close();

  assert.deepEqual([before, stopped(), pushed.length], [true, false, 1]);
});

test("a practice ticket is not sent, and says what it is", () => {
  const { turnstile, sent, shown } = kiosk();

  turnstile.sighted(["REHEARSALAAAAAAAAAAAAAAAAZ"]);

  assert.deepEqual([sent, shown], [[], ["practice"]]);
});

test("while the server is only slow, the list's no is not its last word", async () => {
  const slow = kiosk({ word: { verdict: "unknown", person: null } });
  slow.turnstile.sighted([A]);
  await slow.pass(1500);
  assert.deepEqual(slow.shown, ["checking"]);
  slow.turnstile.settled(ok(slow.sent[0]), slow.sent[0]);
  assert.deepEqual(slow.shown, ["checking", "ok 김*수 1"]);

  const lost = kiosk({ word: { verdict: "unknown", person: null } });
  lost.turnstile.sighted([A]);
  await lost.pass(1500);
  await lost.pass(6500);
  assert.deepEqual(lost.shown, ["checking", "staff"]);
});

test("keys that leave or reload the page do nothing, and a code can be typed", () => {
  const pressed = (key, more = {}) => leaves({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

  assert.deepEqual(["F5", "BrowserBack", "Backspace"].map((key) => pressed(key)), [true, true, true]);
  assert.deepEqual([pressed("r", { ctrlKey: true }), pressed("w", { metaKey: true }), pressed("ArrowLeft", { altKey: true })], [true, true, true]);
  assert.deepEqual([pressed("4", { inField: true }), pressed("Backspace", { inField: true }), pressed("Tab"), pressed("Enter")], [false, false, false, false]);
});

test("what a tablet lacks is said in the order in which staff can see to it", () => {
  assert.deepEqual(missingOf({ camera: true, list: true, sound: true }), []);
  assert.deepEqual(missingOf({ camera: false, list: false, sound: false }), ["camera", "list", "sound"]);
  assert.deepEqual(missingOf({ camera: true, list: true, sound: false }), ["sound"]);
});
