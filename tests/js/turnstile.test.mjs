import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { createHeldCodes } from "../../static/js/door/dedupe.js";
import { parsePayload } from "../../static/js/door/payload.js";
import { createTurnstile } from "../../static/js/door/turnstile.js";
import { createWords } from "../../static/js/door/words.js";

const A = "A".repeat(26);
const B = "B".repeat(26);
const soon = () => new Promise((resolve) => setImmediate(resolve));
const outcome = (scan, verdict, more = {}) => ({ id: scan.id, verdict, person: { name: "김하늘", cohort: "1기" }, ...more });

function setting(mode = "express", more = {}) {
  const world = { time: 0, sent: [], shown: [], settled: [], timers: new Map(), nextTimer: 1 };
  const say = createWords({ person: "{name} 님" });
  world.turnstile = createTurnstile({
    parse: (text) => parsePayload(text, { hostPatterns: ["host:*"] }),
    held: createHeldCodes(), say, clock: createClock(), mode: { current: mode },
    send: (scan) => world.sent.push(scan),
    show: (view) => world.shown.push(view?.tone ?? null),
    onSettled: (_outcome, _scan, view, late) => world.settled.push([view.tone, late]),
    now: () => world.time,
    setTimer: (act, ms) => (world.timers.set(world.nextTimer, { act, at: world.time + ms }), world.nextTimer++),
    clearTimer: (id) => world.timers.delete(id),
    ...more,
  });
  world.pass = (ms) => {
    world.time += ms;
    for (const [id, { act, at }] of world.timers) if (at <= world.time) world.timers.delete(id), act();
  };
  return world;
}

test("a ticket is sent once and is not green before the server has answered", () => {
  const { turnstile, sent, shown, pass } = setting();

  for (let i = 0; i < 10; i += 1) turnstile.sighted([A]), pass(100);
  assert.deepEqual([sent.length, shown], [1, ["checking"]]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  assert.deepEqual(shown, ["checking", "ok"]);
  assert.deepEqual([sent[0].code, sent[0].method, sent[0].kind], [A, "camera", "entry"]);
});

test("no answer in time is shown as waiting, and the answer replaces it", () => {
  const { turnstile, sent, shown, pass } = setting();
  turnstile.sighted([A]);

  pass(4000);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  assert.deepEqual(shown, ["checking", "waiting", "ok"]);
});

test("the waiting screen stays, and takes no other ticket, until it is answered", () => {
  const { turnstile, sent, shown, pass } = setting();
  turnstile.sighted([A]);
  pass(4000);

  for (let minute = 0; minute < 10; minute += 1) pass(60_000), turnstile.sighted([B]);
  assert.deepEqual([sent.length, shown.at(-1)], [1, "waiting"]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  assert.deepEqual([shown.at(-1), turnstile.view.lines[0]], ["ok", "late_line"]);
  pass(8000);
  assert.equal(shown.at(-1), "ok");
});

test("a green whose waiting screen was dismissed is told of as late, and takes no screen", () => {
  const { turnstile, sent, shown, settled, pass } = setting();
  turnstile.sighted([A]);
  pass(4000);
  turnstile.dismiss();
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  assert.deepEqual([shown.at(-1), settled], [null, [["ok", true]]]);
});

test("the same guest again, before the answer, is the same scan and no second entry", () => {
  const { turnstile, sent, shown, pass } = setting();
  turnstile.sighted([A]);
  pass(4000);
  turnstile.dismiss();
  pass(4000);
  turnstile.sighted([A]);
  assert.deepEqual([sent.length, shown.at(-1)], [1, "checking"]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);
  assert.equal(shown.at(-1), "ok");

  turnstile.typed({ kind: "ticket", code: A });

  assert.equal(sent.length, 2);
});

test("a person picked from the list is named while the server is waited for", () => {
  const { turnstile, shown, pass } = setting();
  turnstile.picked({ reference: "R1", name: "김하늘", cohort: "3기" });

  pass(4000);

  assert.deepEqual([shown.at(-1), turnstile.view.name, turnstile.view.cohort], ["waiting", "김하늘 님", "3기"]);
});

test("scanning goes on by itself after some seconds", () => {
  const { turnstile, sent, shown, pass } = setting();
  turnstile.sighted([A]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  pass(4000);

  assert.equal(shown.at(-1), null);
});

test("the next person's ticket takes over once the verdict could be read, not before", () => {
  const { turnstile, sent, pass } = setting();
  turnstile.sighted([A]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  turnstile.sighted([B]);
  assert.equal(sent.length, 1);
  pass(1300);
  turnstile.sighted([B]);

  assert.deepEqual(sent.map(({ code }) => code), [A, B]);
});

test("two tickets in one frame come one after the other", () => {
  const { turnstile, sent, pass } = setting();

  turnstile.sighted([A, B]);
  assert.deepEqual(sent.map(({ code }) => code), [A]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);
  pass(1300);
  turnstile.sighted([A, B]);

  assert.deepEqual(sent.map(({ code }) => code), [A, B]);
});

test("a ticket next to another QR is the one that counts", () => {
  const { turnstile, sent } = setting();

  turnstile.sighted(["https://week.example/badge", A]);

  assert.deepEqual(sent.map(({ code }) => code), [A]);
});

test("a foreign QR goes to the server as text", () => {
  const { turnstile, sent } = setting();

  turnstile.sighted(["javascript:alert(1)"]);

  assert.deepEqual([sent[0].code, sent[0].payload], [null, "javascript:alert(1)"]);
});

test("the host event's QR is sent nowhere and offers the search", () => {
  const { turnstile, sent } = setting();

  turnstile.sighted(["host:1"]);

  assert.deepEqual([sent.length, turnstile.view.tone, turnstile.view.action], [0, "neutral", "search"]);
});

test("in confirm mode a tap admits, and without it nothing is sent", () => {
  const { turnstile, sent } = setting("confirm");
  turnstile.sighted([A]);
  assert.deepEqual([sent.length, turnstile.view.action], [0, "admit"]);

  turnstile.admit();
  turnstile.admit();

  assert.equal(sent.length, 1);
});

test("in confirm mode a guest came in when somebody tapped, not when the ticket was read", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-05-01T09:00:00Z") });
  const { turnstile, sent } = setting("confirm");
  turnstile.sighted([A]);

  t.mock.timers.tick(20_000);
  turnstile.admit();

  assert.equal(sent[0].scanned_at, "2026-05-01T09:00:20.000Z");
});

test("whoever is picked by name came in when somebody tapped, too", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-05-01T09:00:00Z") });
  const { turnstile, sent } = setting("confirm");
  turnstile.picked({ reference: "R1", name: "김하늘", cohort: "3기" });

  t.mock.timers.tick(20_000);
  turnstile.admit();

  assert.equal(sent[0].scanned_at, "2026-05-01T09:00:20.000Z");
});

test("the question names whom the phone's list has under the ticket, without a second sound", async () => {
  const { turnstile, shown, pass } = setting("confirm", { whose: async ({ code }) => (code === A ? { name: "김하늘", cohort: "3기" } : null) });

  turnstile.sighted([A]);
  assert.deepEqual([shown, turnstile.view.name], [["neutral"], ""]);
  await soon();
  assert.deepEqual([turnstile.view.name, turnstile.view.cohort, turnstile.view.action, turnstile.view.quiet], ["김하늘 님", "3기", "admit", true]);
  turnstile.admit();
  pass(4000);

  assert.deepEqual([shown.at(-1), turnstile.view.name], ["waiting", "김하늘 님"]);
});

test("a name that is found after the question was answered or dismissed takes no screen", async () => {
  const answers = [];
  const { turnstile, sent, shown } = setting("confirm", { whose: () => new Promise((resolve) => answers.push(resolve)) });
  turnstile.sighted([A]);
  turnstile.dismiss();

  answers[0]({ name: "김하늘", cohort: "3기" });
  await soon();
  turnstile.admit();

  assert.deepEqual([shown.at(-1), sent], [null, []]);
});

test("a list that cannot be read stops no question", async () => {
  const { turnstile, sent } = setting("confirm", { whose: async () => { throw new Error("unreadable"); } });
  turnstile.sighted([A]);
  await soon();

  turnstile.admit();

  assert.deepEqual(sent.map(({ code }) => code), [A]);
});

test("a dismissed question cannot be admitted afterwards", () => {
  const { turnstile, sent } = setting("confirm");
  turnstile.picked({ reference: "R1", name: "김하늘" });
  turnstile.dismiss();

  turnstile.admit();

  assert.equal(sent.length, 0);
});

test("a late red waits for the verdict on the screen and then shows itself", () => {
  const { turnstile, sent, shown, pass } = setting();
  turnstile.sighted([A]);
  pass(4000);
  turnstile.dismiss();
  turnstile.sighted([B]);
  turnstile.settled(outcome(sent[1], "ok"), sent[1]);
  turnstile.settled(outcome(sent[0], "canceled"), sent[0]);
  assert.equal(shown.at(-1), "ok");

  pass(4000);

  assert.equal(shown.at(-1), "refused");
  assert.equal(turnstile.view.lines[0], "late_line");
});

/* What a wedge scanner reads takes the screen at once, whatever stands there. */
const wedged = ({ turnstile, sent }, code, verdict = "ok") => {
  turnstile.typed({ kind: "ticket", code });
  turnstile.settled(outcome(sent.at(-1), verdict), sent.at(-1));
};

test("what the server says otherwise comes back after each guest of a wedge scanner, until somebody has seen it", () => {
  const world = setting();
  const { turnstile, shown, pass } = world;
  turnstile.settled(outcome({ id: "early" }, "canceled"), { id: "early", kind: "entry", shown: "ok" });
  assert.equal(turnstile.view.word, "word_conflict");

  for (const code of [A, B]) {
    wedged(world, code);
    assert.equal(shown.at(-1), "ok");
    pass(4000);
    assert.equal(turnstile.view.word, "word_conflict");
  }
  turnstile.dismiss();

  assert.equal(turnstile.view, null);
  wedged(world, A);
  pass(4000);
  assert.equal(turnstile.view, null);
});

test("two that the server says otherwise come back in their order, before what is told later", () => {
  const world = setting();
  const conflict = (id) => world.turnstile.settled(outcome({ id }, "canceled"), { id, kind: "entry", shown: "ok" });
  conflict("1");
  wedged(world, A);
  conflict("2");
  world.pass(4000);
  wedged(world, B);

  const ids = [];
  for (let i = 0; i < 3; i += 1) world.turnstile.dismiss(), ids.push(world.turnstile.view?.scanId);
  assert.deepEqual(ids, ["1", "2", undefined]);
});

test("a late red comes back where a wedge scanner left no time to read it, else not", () => {
  const world = setting();
  const { turnstile, shown, pass } = world;
  const late = (id) => turnstile.settled(outcome({ id }, "canceled"), { id, kind: "entry" });
  late("1");
  pass(1000);
  wedged(world, A);
  pass(4000);
  assert.deepEqual([shown.at(-1), turnstile.view.scanId], ["refused", "1"]);

  pass(3000);
  wedged(world, B);
  pass(4000);

  assert.equal(shown.at(-1), null);
});

test("late greens are counted, not shown", () => {
  const { turnstile, shown } = setting();

  for (let i = 0; i < 50; i += 1) turnstile.settled(outcome({ id: i }, "ok"), { id: i });

  assert.deepEqual(shown, []);
});

test("a typed code counts although the same ticket is held in view", () => {
  const { turnstile, sent } = setting();
  turnstile.sighted([A]);
  turnstile.settled(outcome(sent[0], "ok"), sent[0]);

  turnstile.typed({ kind: "ticket", code: A });

  assert.deepEqual(sent.map(({ method }) => method), ["camera", "typed"]);
});
