import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutbox } from "../../static/js/door/outbox.js";
import { createTickBook } from "../../static/js/door/tick-book.js";
import { memoryTickStore } from "../../static/js/door/tick-store.js";
import { takesTicks, tickNote } from "../../static/js/door/ticks.js";

const GUEST = "ABCD2345";
const NAMES = ["명찰", "식권"];
const at = (minute) => `2026-07-14T09:${String(minute).padStart(2, "0")}:00.000Z`;

function setting(store = memoryTickStore()) {
  const world = { minute: 0, ids: 0, store };
  world.book = createTickBook({
    store, serverNow: () => Date.parse(at(world.minute)), now: () => new Date(at(world.minute)), makeId: () => `mark-${(world.ids += 1)}`,
  });
  world.state = () => world.book.of(GUEST, NAMES).map(({ given, waiting }) => [given, waiting]);
  return world;
}

test("a tap gives, the next one takes back, each by an id of its own", async () => {
  const { book, state } = setting();

  const given = book.toggled(GUEST, "명찰");
  assert.deepEqual(state(), [[true, true], [false, false]]);
  const back = book.toggled(GUEST, "명찰");

  assert.deepEqual([given.given, back.given, given.id === back.id], [true, false, false]);
  assert.deepEqual(state(), [[false, true], [false, false]]);
});

test("an answer settles its own mark and not a tap that came after it", async () => {
  const { book, state } = setting();
  const given = book.toggled(GUEST, "명찰");
  const back = book.toggled(GUEST, "명찰");

  await book.settled({ id: given.id, given: true, at: at(0) }, given);
  assert.deepEqual(state()[0], [false, true]);
  await book.settled({ id: back.id, given: false, at: at(0) }, back);

  assert.deepEqual(state()[0], [false, false]);
});

test("what the server tells with a scan replaces what was known, but no newer tap that waits", async () => {
  const world = setting();
  await world.book.learn(GUEST, [{ tick: "명찰", at: at(0) }, { tick: "식권", at: at(0) }]);
  world.minute = 5;
  world.book.toggled(GUEST, "식권");

  await world.book.learn(GUEST, [{ tick: "식권", at: at(0) }], at(6));

  assert.deepEqual(world.state(), [[false, false], [false, true]]);
});

test("another phone's later word wins over a tap that waits", async () => {
  const world = setting();
  const mine = world.book.toggled(GUEST, "명찰");

  await world.book.settled({ id: mine.id, given: false, at: at(9) }, mine);

  assert.deepEqual(world.state()[0], [false, false]);
});

test("a refused mark is taken off the screen", async () => {
  const world = setting();
  const mine = world.book.toggled(GUEST, "명찰");

  await world.book.settled({ id: mine.id, error: "no_such_attendee" }, mine);

  assert.deepEqual(world.state()[0], [false, false]);
});

test("after a restart without a network the phone knows what it gave, and sends it then", async () => {
  const store = memoryTickStore();
  const before = setting(store);
  await store.put(before.book.toggled(GUEST, "명찰"));

  const after = setting(store);
  await after.book.load();
  const sent = [];
  const outbox = createOutbox({
    store,
    post: async (marks) => (sent.push(...marks), { how: "answered", body: { outcomes: marks.map(({ id }) => ({ id, given: true, at: at(0) })) } }),
    onOutcome: (outcome, mark) => after.book.settled(outcome, mark),
  });
  assert.deepEqual(after.state()[0], [true, true]);
  await outbox.flush();

  assert.deepEqual([sent.length, sent[0].tick, after.state()[0], (await store.all()).length], [1, "명찰", [true, false], 0]);
});

test("what a phone knew is gone when its right ends; what it has not sent stays", async () => {
  const world = setting();
  await world.store.put(world.book.toggled(GUEST, "명찰"));

  await world.book.forget();

  assert.deepEqual([world.state()[0], (await world.store.standing()).length, (await world.store.all()).length], [[false, false], 0, 1]);
});

test("ticks stand under green and orange of somebody known, and nowhere else", () => {
  const views = [["ok", GUEST], ["already", GUEST], ["refused", GUEST], ["ok", null], ["unknown", GUEST]];

  assert.deepEqual(views.map(([tone, reference]) => takesTicks({ tone, reference })), [true, true, false, false, false]);
  assert.equal(takesTicks(null), false);
});

test("a tick says since when it is given, and what waits", () => {
  const words = { say: (key, { time } = {}) => (time ? `${key} ${time}` : key), clock: { format: () => "18:04" } };

  assert.equal(tickNote({ given: true, at: at(4), waiting: false }, words), "tick_given 18:04");
  assert.equal(tickNote({ given: true, at: at(4), waiting: true }, words), "tick_given 18:04 · sync_waiting");
  assert.equal(tickNote({ given: false, at: at(4), waiting: false }, words), "");
});
