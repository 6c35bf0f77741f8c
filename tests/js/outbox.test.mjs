import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutbox } from "../../static/js/door/outbox.js";
import { overrideScan } from "../../static/js/door/override-view.js";
import { memoryStore } from "../../static/js/door/scan-store.js";

const scan = (id, scanned_at = `2026-05-01T09:00:00.${id.padStart(3, "0")}Z`) => ({ id, code: "A".repeat(26), scanned_at });
const answered = (scans) => ({ how: "answered", body: { outcomes: scans.map(({ id }) => ({ id, verdict: "ok" })) } });
const soon = () => new Promise((resolve) => setImmediate(resolve));
const offline = { how: "offline", body: null };

/* A server that gives the listed answers (a function of the scans, or a fixed one), then answers everything. */
function setting(...answers) {
  const posts = [];
  const outcomes = [];
  const waiting = [];
  const timers = [];
  const store = memoryStore();
  const outbox = createOutbox({
    store,
    post: async (scans) => {
      posts.push(structuredClone(scans));
      const next = answers.shift() ?? answered;
      return typeof next === "function" ? next(scans) : next;
    },
    onOutcome: (outcome) => outcomes.push(outcome),
    onWaiting: (count, held) => waiting.push(count - held),
    setTimer: (act) => timers.push(act),
    clearTimer: () => {},
  });
  return { outbox, store, posts, outcomes, waiting, timers };
}

test("an answered scan leaves the phone", async () => {
  const { outbox, store, outcomes, waiting } = setting();

  await outbox.add(scan("1"));

  assert.deepEqual(outcomes, [{ id: "1", verdict: "ok" }]);
  assert.deepEqual([await store.all(), waiting.at(-1)], [[], 0]);
});

test("each batch says how many scans are left on the phone besides it, also those that only another may send", async () => {
  const left = [];
  const store = memoryStore();
  for (let n = 0; n < 450; n += 1) await store.put(scan(String(n)));
  await store.put({ ...scan("900"), held: "me" });
  const outbox = createOutbox({ store, who: "me", post: async (scans, besides) => (left.push(besides), answered(scans)), onOutcome: () => {}, setTimer: () => {}, clearTimer: () => {} });

  await outbox.flush();

  assert.deepEqual(left, [251, 51, 1]);
});

test("a scan without an answer stays, and is sent again with the same id and body", async () => {
  const { outbox, store, posts, outcomes, waiting, timers } = setting(offline, { how: "later", body: null });

  await outbox.add(scan("1"));
  assert.deepEqual([outcomes.length, (await store.all()).length, waiting.at(-1)], [0, 1, 1]);
  await timers.at(-1)();
  await timers.at(-1)();

  assert.equal(posts.length, 3);
  assert.deepEqual(posts[0], posts[2]);
  assert.equal(outcomes.length, 1);
});

test("what the phone did meanwhile goes along at the next try, and what it showed stays on the phone", async () => {
  const { outbox, store, posts, timers } = setting(offline);
  await outbox.add(scan("1"));
  await store.amend({ ...scan("1"), shown: "ok", skew: -3_600_000, let_in: 2 });

  await timers.at(-1)();

  assert.deepEqual(posts, [[scan("1")], [{ ...scan("1"), skew: -3_600_000, let_in: 2 }]]);
});

const entry = (id) => ({ ...scan(id), kind: "entry" });

/* A server that is slow: before its answer comes, the phone has judged. */
const judgingMeanwhile = (world, fields) => async (scans) => {
  await world.store.amend({ ...scans[0], ...fields });
  return answered(scans);
};

test("whom the phone let in while the answer was on its way is told before the scan leaves", async () => {
  const answers = [];
  const world = setting((scans) => answers.shift()(scans));
  answers.push(judgingMeanwhile(world, { shown: "ok", let_in: 2 }));

  await world.outbox.add(entry("1"));

  assert.deepEqual(world.posts, [[entry("1")], [{ ...entry("1"), let_in: 2 }]]);
  assert.deepEqual([world.outcomes.length, await world.store.all(), world.waiting.at(-1)], [1, [], 0]);
});

test("that nobody was let in meanwhile is told, too, and is no second answer to anybody", async () => {
  const answers = [];
  const world = setting((scans) => answers.shift()(scans), offline);
  answers.push(judgingMeanwhile(world, { shown: "canceled", let_in: 0 }));

  await world.outbox.add(entry("1"));
  assert.deepEqual([world.outcomes.length, world.waiting.at(-1)], [1, 1]);
  await world.timers.at(-1)();

  assert.deepEqual(world.posts.map(([{ let_in }]) => let_in), [undefined, 0, 0]);
  assert.deepEqual([world.outcomes.length, await world.store.all()], [1, []]);
});

test("what the phone had told already is not told twice, and what it has not judged is sent once", async () => {
  const { outbox, store, posts } = setting();
  await store.put({ ...entry("1"), shown: "ok", let_in: 1 });
  await store.put(entry("2"));

  await outbox.flush();

  assert.deepEqual([posts.length, await store.all()], [1, []]);
});

test("scans of an earlier page life are sent too, in the order in which they were made", async () => {
  const { outbox, store, posts } = setting();
  await store.put(scan("2"));
  await store.put(scan("1"));

  await outbox.flush();

  assert.deepEqual(posts[0].map(({ id }) => id), ["1", "2"]);
});

test("at most 200 go at once", async () => {
  const { outbox, store, posts } = setting();
  for (let i = 0; i < 450; i += 1) await store.put(scan(String(i)));

  await outbox.flush();

  assert.deepEqual(posts.map((scans) => scans.length), [200, 200, 50]);
});

test("a scan made while another is on its way goes right after it", async () => {
  let release;
  const { outbox, posts, outcomes } = setting((scans) => new Promise((resolve) => (release = () => resolve(answered(scans)))));
  const first = outbox.add(scan("1"));
  while (!release) await new Promise((resolve) => setTimeout(resolve, 1));
  const second = outbox.add(scan("2"));
  release();
  await Promise.all([first, second]);

  assert.deepEqual(posts.map((scans) => scans.map(({ id }) => id)), [["1"], ["2"]]);
  assert.equal(outcomes.length, 2);
});

test("what piles up is told while the network still swallows what was sent before", async () => {
  const given = [];
  const swallowed = () => new Promise((resolve) => given.push(() => resolve(offline)));
  const { outbox, posts, waiting } = setting(swallowed, swallowed, swallowed, swallowed);

  const all = [outbox.add(scan("1"))];
  await soon();
  assert.deepEqual(waiting, []);
  for (const id of ["2", "3", "4"]) {
    all.push(outbox.add(scan(id)));
    await soon();
    assert.equal(waiting.at(-1), Number(id));
    given.at(-1)();
    await soon();
  }
  given.at(-1)();
  await Promise.all(all);

  assert.deepEqual([posts.map((scans) => scans.length), waiting.at(-1)], [[1, 2, 3, 4], 4]);
});

test("a backlog that shrinks while people go on scanning is told as it shrinks", async () => {
  const { outbox, store, waiting } = setting((scans) => (outbox.add(scan("4")), answered(scans)));
  for (const id of ["1", "2", "3"]) await store.put(scan(id));

  await outbox.flush();

  assert.deepEqual(waiting.slice(-2), [1, 0]);
});

test("one scan that the server refuses to read does not hold up the others, and is kept", async () => {
  const picky = (scans) => (scans.some(({ id }) => id === "2") ? { how: "refused", body: { reason: "bad" } } : answered(scans));
  const { outbox, store, outcomes, waiting } = setting(picky, picky, picky, picky);
  for (const id of ["1", "2", "3"]) await store.put(scan(id));

  await outbox.flush();

  assert.deepEqual(outcomes.map(({ id, error }) => [id, error]), [["1", undefined], ["2", "refused"], ["3", undefined]]);
  assert.deepEqual([(await store.all()).map(({ id }) => id), waiting.at(-1)], [["2"], 0]);
});

test("an item's own error is an answer", async () => {
  const { outbox, store, outcomes } = setting((scans) => ({
    how: "answered", body: { outcomes: [{ id: scans[0].id, error: "no_such_check_in" }] },
  }));

  await outbox.add(scan("1"));

  assert.deepEqual([outcomes[0].error, await store.all()], ["no_such_check_in", []]);
});

for (const error of ["shift_over", "conflicting_body", "malformed"]) {
  test(`a scan that no ledger has stays on the phone, is not sent again and is not counted as waiting: ${error}`, async () => {
    const { outbox, store, posts, outcomes, waiting } = setting((scans) => ({
      how: "answered", body: { outcomes: [{ id: scans[0].id, error }] },
    }));

    await outbox.add(scan("1"));
    await outbox.flush();

    assert.deepEqual([outcomes.map((each) => each.error), (await store.all()).map(({ id }) => id)], [[error], ["1"]]);
    assert.deepEqual([posts.length, waiting.at(-1)], [1, 0]);
  });
}

test("an outcome that is missing from the answer leaves its scan waiting", async () => {
  const { outbox, store, outcomes } = setting(() => ({ how: "answered", body: { outcomes: [{ id: "other", verdict: "ok" }] } }));

  await outbox.add(scan("1"));

  assert.deepEqual([outcomes.length, (await store.all()).length], [0, 1]);
});

test("a scan that another page sent is sent once more, to learn its verdict", async () => {
  const { outbox, store, posts, outcomes } = setting(offline);
  await outbox.add(scan("1"));
  await store.remove(["1"]);

  await outbox.flush();

  assert.deepEqual([posts.length, outcomes.length], [2, 1]);
});

test("a revoked phone keeps its scans and sends no more", async () => {
  const { outbox, store, posts, timers } = setting({ how: "ended", body: null });

  await outbox.add(scan("1"));
  await outbox.add(scan("2"));

  assert.deepEqual([posts.length, (await store.all()).length, timers.length], [1, 2, 0]);
});

test("a broken store on the phone stops no scan and shows no verdict twice", async () => {
  const { outbox, store, posts, outcomes } = setting();
  const lost = async () => { throw new Error("connection lost"); };
  await store.put(scan("1"));
  Object.assign(store, { put: lost, remove: lost });

  await outbox.add(scan("2"));
  await outbox.flush();

  assert.deepEqual([posts.length, outcomes.map(({ id }) => id)], [1, ["1", "2"]]);
});

test("what is said of a scan goes after it, also where the clock was set back or stood still", async () => {
  const { outbox, posts, store } = setting(offline);
  const of = { ...scan("9"), kind: "entry" };
  const override = overrideScan(of, "아는 분", { now: () => new Date("2026-05-01T08:00:00Z"), makeId: () => "0" });
  await outbox.add(of);
  await store.put(override);

  await outbox.follow(override);

  assert.deepEqual(posts.at(-1).map(({ id }) => id), ["9", "0"]);
  assert.equal(override.scanned_at, of.scanned_at);
});

test("what this role may not send waits for another role, is not sent again by this one and stops no other", async () => {
  const store = memoryStore();
  await store.put(scan("1"));
  await store.put(scan("2"));
  const asRole = (who, sends) => {
    const world = { posts: [], counts: [] };
    world.outbox = createOutbox({
      store, who, sends, onOutcome() {}, onWaiting: (count) => world.counts.push(count), setTimer() {}, clearTimer() {},
      post: async (scans) => {
        world.posts.push(scans.map(({ id, held }) => [id, held]));
        return { how: "answered", body: { outcomes: scans.map(({ id }) => (id === "1" && who === "7:scan" ? { id, error: "not_allowed" } : { id, verdict: "ok" })) } };
      },
    });
    return world;
  };
  const [scanner, tablet, chief] = [asRole("7:scan"), asRole("8:kiosk", () => false), asRole("7:supervise")];

  await scanner.outbox.flush();
  await scanner.outbox.flush();
  await tablet.outbox.flush();
  assert.deepEqual([scanner.posts.length, scanner.counts.at(-1), tablet.posts, tablet.counts.at(-1)], [1, 1, [], 1]);

  await chief.outbox.flush();
  assert.deepEqual([chief.posts, chief.counts.at(-1)], [[[["1", undefined]]], 0]);
});

/* A server that was put back: it has lost what it was told of before, and says so where it is asked about one of them. */
function restorable() {
  const world = { held: new Set(), posts: [], outcomes: [], store: memoryStore() };
  world.outbox = createOutbox({
    store: world.store, onOutcome: (outcome, { again }) => world.outcomes.push([outcome.id, Boolean(again)]), setTimer: (act) => (world.timer = act), clearTimer() {},
    post: async (scans) => {
      const { last } = world.outbox;
      const lost = last !== null && !world.held.has(last);
      world.posts.push(scans.map((each) => structuredClone(each)));
      scans.forEach(({ id }) => world.held.add(id));
      return { how: "answered", body: { ...answered(scans).body, ...(lost ? { lost } : {}) } };
    },
  });
  return world;
}

test("what a restored server has lost goes out again, also where it answers a new scan first", async () => {
  const world = restorable();
  for (const id of ["1", "2", "3"]) await world.outbox.add(entry(id));
  world.held = new Set(["1"]);

  await world.outbox.add(entry("4"));
  assert.deepEqual((await world.store.all()).map(({ id }) => id), ["1", "2", "3"]);
  await world.timer();

  assert.deepEqual(world.posts.at(-1).map(({ id, let_in }) => [id, let_in]), [["1", 1], ["2", 1], ["3", 1]]);
  assert.deepEqual(world.outcomes.slice(-3), [["1", true], ["2", true], ["3", true]]);
  assert.deepEqual([world.held.size, (await world.store.all()).length], [4, 0]);
});

test("told of a loss while nothing is sent, the outbox sends all of it again, and as before when it is lost again", async () => {
  const world = restorable();
  for (const id of ["1", "2"]) await world.outbox.add(entry(id));

  for (const _ of [1, 2]) {
    world.held = new Set();
    assert.equal(world.held.has(world.outbox.last), false);
    await world.outbox.lost();
    assert.deepEqual([...world.held], ["1", "2"]);
  }
  assert.deepEqual(Object.keys(world.posts.at(-1)[0]).sort(), ["code", "id", "kind", "let_in", "scanned_at"]);
});

test("a store that cannot bring back what was answered lets nothing new become the newest", async () => {
  const world = restorable();
  await world.outbox.add(entry("1"));
  world.held = new Set();
  const { revive } = world.store;
  world.store.revive = async () => { throw new Error("connection lost"); };

  await world.outbox.add(entry("2"));
  assert.deepEqual([world.outbox.last, (await world.store.all()).length], ["1", 1]);

  world.held.delete("1");
  world.store.revive = revive;
  await world.timer();
  await world.timer();
  assert.deepEqual([...world.held].sort(), ["1", "2"]);
});

test("what is refused or whose right has ended is not kept to be sent again", async () => {
  const store = memoryStore();
  let over = false;
  const outbox = createOutbox({
    store, keeps: () => !over, onOutcome() {}, setTimer() {}, clearTimer() {},
    post: async (scans) => ({ how: "answered", body: { outcomes: scans.map(({ id }) => (id === "1" ? { id, error: "conflicting_body" } : { id, verdict: "ok" })) } }),
  });
  await outbox.add(entry("1"));
  over = true;
  await outbox.add(entry("2"));

  assert.equal(await store.last(), null);
});
