import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { memoryPeopleShelf, openBucket, sealBucket, shiftKey } from "../../static/js/door/people-shelf.js";
import { book, cohorts, found, stateOf } from "../../static/js/door/people-rows.js";
import { initials, keyOf, question } from "../../static/js/door/people-search.js";
import { createPeopleStore } from "../../static/js/door/people-store.js";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { keeping } from "./keeping.mjs";

const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
const clock = { format: (at) => at };
const KEY = Buffer.alloc(32, 7).toString("base64");
const line = (r, n, fields = {}) => ({ r, n, c: "3기", o: "3", t: "confirmed", s: "admitted", p: 1, h: null, k: `look-up of ${r}`, ...fields });
const names = (rows) => rows.map((row) => row.line.n);

for (const [typed, finds] of [
  ["ㄱㅎㄴ", ["김하늘"]], ["ㄱㅎ", ["김하늘", "김한들"]], ["ㅎㄴ", ["김하늘"]], ["하늘", ["김하늘"]], ["김ㅎㄷ", ["김한들"]],
  ["김하늘".normalize("NFD"), ["김하늘"]], ["ㄱㅎㄴ".normalize("NFD"), ["김하늘"]], ["\u1100\u1112", ["김하늘", "김한들"]], ["ﾡﾾ", ["김하늘", "김한들"]], ["ㄶ", []],
  ["jean", ["Jean-Luc Ång"]], ["ang", ["Jean-Luc Ång"]], ["JEANLUC", ["Jean-Luc Ång"]], [" ", ["김하늘", "김한들", "Jean-Luc Ång"]], ["?!", []], ["|", []], ["없음", []],
]) {
  test(`"${typed}" finds ${finds.join(", ") || "nobody"}`, () => {
    const fits = question(typed);
    assert.deepEqual(["김하늘", "김한들", "Jean-Luc Ång"].filter((name) => fits(keyOf(name))), finds);
  });
}

test("initials are those of the syllables", () => assert.equal(initials("박 지우 (Park)"), "ㅂㅈㅇ"));

test("the list is in the order of names, those who cancelled last; a cohort and a text narrow it", () => {
  const rows = book([line("1", "최수아"), line("2", "가나다", { s: "canceled", t: "cancelled" }), line("3", "김하늘", { o: "1", c: "1기" }), line("4", "김하늘")]);

  assert.deepEqual(names(rows), ["김하늘", "김하늘", "최수아", "가나다"]);
  assert.deepEqual(rows.map(({ twin }) => twin), [true, true, false, false]);
  assert.deepEqual(names(found(rows, { cohort: "1" })), ["김하늘"]);
  assert.deepEqual(names(found(rows, { cohort: "3", typed: "ㄱㅎㄴ" })), ["김하늘"]);
});

test("who comes along is named where it was said, and found by name", () => {
  const rows = book([line("1", "김하늘", { p: 3, w: ["박지우"] }), line("2", "최수아")]);

  assert.deepEqual(names(found(rows, { typed: "ㅂㅈㅇ" })), ["김하늘"]);
  assert.equal(stateOf(rows[0].line, null, { say, clock }).why, "row_people 3 · 박지우");
});

test("whom the larger event's host lacks is said of who may come in, and of nobody else", () => {
  const why = (fields, entry = null, environment = {}) => stateOf(line("1", "가", fields), entry, { say, clock, ...environment }).why ?? "";

  assert.equal(why({ x: "not_listed" }), "host_not_listed");
  assert.equal(why({ x: "unsure", p: 2, w: ["박지우"] }), "row_people 2 · 박지우 · host_unsure");
  assert.deepEqual([why({}), why({ x: "something new" })], ["", ""]);
  assert.doesNotMatch(why({ x: "not_listed", s: "waitlisted", t: "waitlisted" }), /host/);
});

test("only who is admitted and not in can be let in", () => {
  const at = "18:30";
  const tones = [
    [line("1", "가"), null], [line("1", "가"), { people: 1, at }], [line("1", "가", { p: 3 }), { people: 2, at }],
    [line("1", "가", { s: "waitlisted", t: "waitlisted" }), null], [line("1", "가", { s: "canceled", t: "cancelled" }), null], [line("1", "가", { s: "canceled" }), { people: 1, at }],
  ].map(([each, entry]) => stateOf(each, entry, { say, clock }).tone);

  assert.deepEqual(tones, ["ready", "ok", "ready", "refused", "refused", "ok"]);
  assert.equal(stateOf(line("1", "가"), { people: 1, at, waiting: true }, { say, clock }).text, "row_in_waiting");
});

test("cohorts are counted in people, as the organizer's numbers are", () => {
  const rows = book([line("1", "가", { p: 3 }), line("2", "나"), line("3", "다", { o: "none", c: "–" }), line("4", "라", { s: "waitlisted" })]);
  const inside = ({ r }) => (r === "1" ? { people: 2 } : null);

  assert.deepEqual(cohorts(rows, inside), [{ key: "3", label: "3기", in: 2, expected: 4 }, { key: "none", label: "–", in: 0, expected: 1 }]);
});

test("five thousand people are searched while typing", () => {
  const rows = book(Array.from({ length: 5000 }, (_, n) => line(String(n), `김하늘${n}`)));
  const began = performance.now();
  assert.equal(found(rows, { typed: "ㄱㅎㄴ" }).length, 5000);
  assert.ok(performance.now() - began < 200);
});

test("a bucket opens under its own name and key only, and says nothing without", async () => {
  const key = await shiftKey(KEY);
  const sealed = await sealBucket("0a", [line("1", "김하늘")], key);

  assert.equal((await openBucket("0a", sealed, key))[0].n, "김하늘");
  await assert.rejects(openBucket("0b", sealed, key));
  await assert.rejects(openBucket("0a", sealed, await shiftKey(Buffer.alloc(32, 8).toString("base64"))));
  await assert.rejects(globalThis.crypto.subtle.exportKey("raw", key));
  assert.ok(!Buffer.from(sealed.sealed).includes("김하늘"));
});

const body = (people, fields = {}) => ({ people, tags: "t", count: 1, until: "2026-07-14T20:00:00.000Z", made_at: "m", key: KEY, ...fields });
const answered = (people, fields) => ({ how: "answered", status: 200, body: body(people, fields), tag: "e" });

function storeWith(answers, { shelf = memoryPeopleShelf(), allowed = true, now = "2026-07-14T18:00:00.000Z" } = {}) {
  const asked = [];
  const wiped = [];
  const clockAt = { now: Date.parse(now) };
  const people = createPeopleStore({
    shelf: { ...shelf, wipe: async () => void wiped.push("wiped") }, makeKey: shiftKey, device: 5, allowed, serverNow: () => clockAt.now,
    ask: async (question) => (asked.push(question), answers.shift()),
  });
  return { people, asked, wiped, clockAt };
}

test("a delta changes its buckets and leaves the others", async () => {
  const { people, asked } = storeWith([answered({ "0a": [line("1", "가")], "0b": [line("2", "나")] }), answered({ "0a": [] }), { how: "unchanged", status: 304, body: null }]);
  for (let i = 0; i < 3; i += 1) await people.refresh();

  assert.deepEqual(people.lines().map(({ n }) => n), ["나"]);
  assert.deepEqual(asked, [{}, { have: "t", tag: "e" }, { have: "t", tag: "e" }]);
});

for (const [why, act] of [
  ["the organizer's switch", ({ people }) => people.allow(false)],
  ["the server's refusal", ({ people }) => people.refresh()],
  ["the end of the phone's right", ({ people }) => people.end()],
  ["the end of the shift, with no network", ({ people, clockAt }) => ((clockAt.now = Date.parse("2026-07-14T20:00:00.000Z")), people.refresh())],
]) {
  test(`${why} wipes list and key`, async () => {
    const held = storeWith([answered({ "0a": [line("1", "가")] }), { how: "refused", status: 403, body: { error: "lists_not_allowed" } }]);
    await held.people.refresh();
    assert.equal(held.people.ready, true);

    await act(held);

    assert.deepEqual([held.people.lines(), held.people.ready, held.people.line("1"), held.wiped.length > 0], [[], false, null, true]);
  });
}

test("an answer that was on its way when the list was taken back is thrown away", async () => {
  let answer;
  const { people } = storeWith([new Promise((resolve) => (answer = resolve))]);
  const asking = people.refresh();
  await people.allow(false);
  answer(answered({ "0a": [line("1", "가")] }));
  await asking;

  assert.deepEqual(people.lines(), []);
});

test("what another enrolment or a shift that is over left behind is not used", async () => {
  for (const facts of [{ device: 4, until: "2026-07-14T20:00:00.000Z" }, { device: 5, until: "2026-07-14T17:00:00.000Z" }]) {
    const shelf = { ...memoryPeopleShelf(), load: async () => ({ facts, key: null, buckets: [["0a", [line("1", "가")]]] }) };
    const { people, wiped } = storeWith([], { shelf });
    await people.load();
    assert.deepEqual([people.lines(), wiped.length], [[], 1]);
  }
});

test("a page kept from before the list was allowed still opens it without a network", async () => {
  const facts = { device: 5, until: "2026-07-14T20:00:00.000Z" };
  const shelf = { ...memoryPeopleShelf(), load: async () => ({ facts, key: null, buckets: [["0a", [line("1", "가")]]] }) };
  const { people } = storeWith([], { shelf, allowed: false });
  await people.load();

  assert.deepEqual([people.allowed, people.lines().length], [true, 1]);
});

async function phone(record = {}) {
  const { people } = storeWith([answered({ "0a": [line("R1", "김하늘", record)] })]);
  await people.refresh();
  const store = Object.assign(memoryStore(), { durable: true });
  const list = { about: { at: "2026-07-14T18:00:00.000Z", count: 1 }, arrivalOf: () => null, keyOf: async () => "look-up of R1",
    find: async () => ({ key: "look-up of R1", record: { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null, p: record.p }, arrival: null }) };
  return { store, ...keeping(store, createPhoneJudge({ list, people, store })) };
}
const tap = (id, fields = {}) => ({ id, code: null, registration: "R1", gate: null, scanned_at: "2026-07-14T18:10:00.000Z", ...fields });

test("a tap and a ticket of one person are one entry, whichever comes first", async () => {
  for (const first of [{}, { registration: null, code: "A".repeat(26) }]) {
    const { judge } = await phone();
    const second = first.code ? {} : { registration: null, code: "A".repeat(26) };
    assert.equal((await judge(tap("1", first))).verdict, "ok");
    assert.equal((await judge(tap("2", second))).verdict, "already_redeemed");
  }
});

test("a tap is refused without a network for the reasons that a ticket is", async () => {
  for (const s of ["waitlisted", "canceled", "unapproved", "not_verified", "called_off"]) {
    assert.equal((await (await phone({ s })).judge(tap("1"))).verdict, s);
  }
});

test("whoever was offered a seat is told of no other; everybody else has none", () => {
  const why = (t) => stateOf(line("1", "가", { s: "unapproved", t }), null, { say, clock }).why;

  assert.deepEqual(["offered", "applied", "declined", "expired"].map(why), ["list_then_offered", ...Array(3).fill("list_then_unapproved")]);
  assert.equal(stateOf(line("1", "가", { s: "called_off", t: "offered" }), null, { say, clock }).why, "list_then_called_off");
});

test("what the server said to a tap is remembered for the ticket", async () => {
  const { judge, learn } = await phone();
  await learn({ id: "1", verdict: "ok" }, tap("1"));

  assert.equal((await judge(tap("2"))).verdict, "already_redeemed");
});

test("a party picked by name of whom fewer came lets in the rest, by the next tap or by their ticket", async () => {
  for (const rest of [{}, { registration: null, code: "A".repeat(26) }]) {
    const { judge, corrected } = await phone({ p: 3 });
    assert.equal((await judge(tap("1"))).party.by_this, 3);

    await corrected(tap("1"), 2);

    const next = await judge(tap("2", rest));
    assert.deepEqual([next.verdict, next.party.by_this], ["ok", 2]);
  }
});

test("somebody who is not on the list of people is not judged here", async () => {
  assert.equal(await (await phone()).judge(tap("1", { registration: "R9" })), null);
});

/* The contract's cases that a tap can come to: a name on this door's list, not one issue of a ticket. */
const { cases } = JSON.parse(readFileSync(new URL("../contract/verdicts.json", import.meta.url), "utf8"));
for (const each of cases.filter((one) => one.status && !one.revoked && one.this_meetup !== false)) {
  test(`by a tap, without the server: ${each.name}`, async () => {
    const s = each.sealed ?? (["ok", "already_redeemed", "left", "not_in"].includes(each.verdict) ? "admitted" : each.verdict);
    const inside = each.in ?? (each.already_in ? 1 : 0);
    const { people } = storeWith([answered({ "0a": [line("R1", "김하늘", { s, p: each.party ?? 1 })] })]);
    await people.refresh();
    const list = { about: { at: "2026-07-14T18:00:00.000Z", count: 1 }, arrivalOf: () => (inside ? { at: "2026-07-14T18:05:00.000Z", gate: null, people: inside } : null) };
    const store = Object.assign(memoryStore(), { durable: true });
    const { judge } = keeping(store, createPhoneJudge({ list, people, store }));

    assert.equal((await judge(tap("1", { kind: each.kind ?? "entry" }))).verdict, each.verdict);
  });
}
