import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { keeping } from "./keeping.mjs";

const { cases } = JSON.parse(readFileSync(new URL("../contract/verdicts.json", import.meta.url), "utf8"));
const LISTED = "2026-07-14T05:02:00.000Z";
const AT = "2026-07-14T05:10:00.000Z";
const scan = (id, fields = {}) => ({ id, code: "A".repeat(26), registration: null, gate: "정문", scanned_at: AT, ...fields });

/* A phone whose list says `record` of every code. The store keeps nothing over a restart, but says that it would. */
function phone({ record = { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null }, arrival = null, listed = true, store = memoryStore() } = {}) {
  const list = {
    about: listed ? { at: LISTED, count: 1 } : null,
    keyOf: async (code) => `key of ${code}`,
    find: async (code) => ({ key: `key of ${code}`, record, arrival }),
  };
  store.durable ||= true;
  return { store, ...keeping(store, createPhoneJudge({ list, store, name: "지민 폰", serverNow: () => Date.parse(AT) })) };
}

/* The server seals the verdict that a ticket gets; other meetups' tickets and unknown codes are in no record. */
function sealedRecord({ status, verdict, sealed, this_meetup: here = true, party, released }) {
  if (status === null || !here) return null;
  return { n: "김하늘", c: "3기", r: "R1", g: null, ...(party ? { p: party } : {}), ...(released ? { v: WENT } : {}), s: sealed ?? (["ok", "already_redeemed", "left", "not_in"].includes(verdict) ? "admitted" : verdict) };
}

const CAME = "2026-07-14T05:00:00.000Z";
const WENT = "2026-07-14T05:01:00.000Z";

/* The list's word on who is in, as the server tells it. */
function arrivalOf({ already_in: already, in: people, left }) {
  if (!already && !people && !left) return null;
  return { at: CAME, gate: "후문", ...(people === undefined ? {} : { people }), ...(left ? { left: WENT } : {}) };
}

for (const each of cases) {
  test(`without the server: ${each.name}`, async () => {
    const record = sealedRecord(each);

    const { verdict, listedAt, released } = await phone({ record, arrival: arrivalOf(each) }).judge(scan("1", { kind: each.kind ?? "entry" }));

    assert.equal(verdict, record ? each.verdict : "unknown");
    assert.equal(listedAt, LISTED);
    assert.equal(released ?? null, each.released ? WENT : null);
  });
}

test("without the server too, whom the larger event's host lacks is known", async () => {
  const record = { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null };

  const lacking = await phone({ record: { ...record, x: "not_listed" } }).judge(scan("1"));
  const listed = await phone({ record }).judge(scan("2"));

  assert.deepEqual([lacking.verdict, lacking.person.host, listed.person.host], ["ok", "not_listed", null]);
});

test("without the server too, the table of whom the list lets in is known", async () => {
  const record = { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null };

  const seated = await phone({ record: { ...record, b: 7 } }).judge(scan("1"));
  const none = await phone({ record }).judge(scan("2"));

  assert.deepEqual([seated.verdict, seated.person.table, none.person.table], ["ok", 7, null]);
});

const THREE = { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null, p: 3 };

test("a party comes in together, and without the server too its ticket is used then", async () => {
  const { judge, store } = phone({ record: THREE });

  const first = await judge(scan("1"));
  const second = await judge(scan("2"));

  assert.deepEqual([first.verdict, first.party], ["ok", { size: 3, in: 3, by_this: 3 }]);
  assert.deepEqual([second.verdict, second.party], ["already_redeemed", { size: 3, in: 3, by_this: 0 }]);
  assert.deepEqual((await store.all()).map(({ let_in: people }) => people), [3, 0]);
});

test("one by one without the server: the next scan lets in the rest, each kept on the disk", async () => {
  const { judge, store, corrected } = phone({ record: THREE, arrival: { at: "2026-07-14T05:00:00.000Z", gate: null } });

  const first = await judge(scan("1"));
  await corrected(scan("1"), 1);
  const second = await judge(scan("2"));
  const third = await judge(scan("3"));

  assert.deepEqual([first.party.by_this, second.verdict, second.party.by_this, third.verdict], [2, "ok", 1, "already_redeemed"]);
  assert.deepEqual((await store.all()).map(({ let_in: people }) => people), [2, 1, 0]);
});

test("what the server said of a party is how many are in", async () => {
  const { judge, learn } = phone({ record: THREE });
  await learn({ verdict: "ok", party: { size: 3, in: 1, by_this: 1 } }, scan("1"));

  const next = await judge(scan("2"));

  assert.deepEqual([next.verdict, next.party], ["ok", { size: 3, in: 3, by_this: 2 }]);
});

test("what the server answers to a scan takes back no correction of it, whether that is on its way or answered along with it", async () => {
  for (const isAnswered of [false, true]) {
    const { judge, corrected, learn } = phone({ record: THREE });
    await judge(scan("1"));
    for (let less = 0; less < 2; less += 1) await corrected(scan("1"), 1);
    await learn({ id: "1", verdict: "ok", party: { size: 3, in: 3, by_this: 3 } }, scan("1"));
    if (isAnswered) await learn({ id: "p", verdict: "ok", party: { size: 3, in: 1, by_this: 1 } }, { id: "p", kind: "party", of: "1", admits: 1 });

    const rest = await judge(scan("2"));

    assert.deepEqual([rest.verdict, rest.party.by_this], ["ok", 2]);
  }
});

test("once a correction is answered, how many are in is the server's word", async () => {
  const { judge, corrected, learn } = phone({ record: THREE });
  await learn({ id: "1", verdict: "ok", party: { size: 3, in: 3, by_this: 3 } }, scan("1"));
  await corrected(scan("1"), 1);
  await learn({ id: "p", verdict: "ok", party: { size: 3, in: 2, by_this: 2 } }, { id: "p", kind: "party", of: "1", admits: 2 });
  await learn({ id: "1", verdict: "ok", party: { size: 3, in: 2, by_this: 2 } }, scan("1"));

  assert.equal((await judge(scan("2"))).party.by_this, 1);
});

test("before it is judged a ticket is named as the list has it, and counts nothing by that", async () => {
  const { judge, whose } = phone({ record: { n: "김하늘", c: "3기", r: "R1", s: "canceled", g: null } });

  const person = await whose(scan("1"));

  assert.deepEqual([person.name, person.cohort], ["김하늘", "3기"]);
  assert.equal(await phone({ record: null }).whose(scan("1")), null);
  assert.equal((await phone().judge(scan("1"))).verdict, "ok");
  assert.equal((await judge(scan("1"))).verdict, "canceled");
});

test("a word that this page does not know opens no door", async () => {
  assert.equal((await phone({ record: { s: "something_new" } }).judge(scan("1"))).verdict, "unknown");
});

test("green comes after scan and entry are on the disk, and not before", async () => {
  const { store, judge } = phone();
  const order = [];
  const { pass } = store;
  store.pass = async (...given) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push("on the disk");
    return pass(...given);
  };

  const { verdict, person } = await judge(scan("1"));
  order.push(verdict);

  assert.deepEqual(order, ["on the disk", "ok"]);
  assert.equal(person.name, "김하늘");
  assert.deepEqual((await store.all()).map(({ shown, let_in }) => [shown, let_in]), [["ok", 1]]);
});

test("a phone that cannot keep the scan shows no green", async () => {
  const full = memoryStore();
  full.pass = async () => { throw new Error("quota"); };
  assert.equal(await phone({ store: full }).judge(scan("1")), null);

  const forgetful = phone();
  forgetful.store.durable = false;
  assert.equal(await forgetful.judge(scan("1")), null);
});

test("the second time this phone says when and where the first was, also after a restart", async () => {
  const { store, judge } = phone();
  await judge(scan("1"));
  const restarted = phone({ store });

  const { verdict, first } = await restarted.judge(scan("2", { gate: "후문", scanned_at: "2026-07-14T05:20:00.000Z" }));

  assert.deepEqual([verdict, first], ["already_redeemed", { at: AT, gate: "정문", device: "지민 폰" }]);
});

test("a phone whose clock is an hour fast tells of an entry by the server's clock", async () => {
  const { judge } = phone();
  await judge(scan("1", { scanned_at: "2026-07-14T06:10:00.000Z", skew: -3_600_000 }));

  const { verdict, first } = await judge(scan("2", { scanned_at: "2026-07-14T06:20:00.000Z", skew: -3_600_000 }));

  assert.deepEqual([verdict, first.at], ["already_redeemed", AT]);
});

test("the server's earlier arrival is the first one, also on a phone whose clock is slow", async () => {
  const { store, judge } = phone();
  await judge(scan("1", { scanned_at: "2026-07-14T04:10:00.000Z", skew: 3_600_000 }));
  const told = phone({ store, arrival: { at: "2026-07-14T05:00:00.000Z", gate: "후문" } });

  assert.equal((await told.judge(scan("2"))).first.gate, "후문");
});

test("of an arrival told by the server and one of this phone the earlier is the first", async () => {
  const { store, judge } = phone();
  await judge(scan("1"));
  const earlier = phone({ store, arrival: { at: "2026-07-14T05:00:00.000Z", gate: "후문" } });

  assert.deepEqual((await earlier.judge(scan("2"))).first, { at: "2026-07-14T05:00:00.000Z", gate: "후문", device: null });
});

test("a scan that the server admitted is known when the network is gone a moment later", async () => {
  const { judge, learn } = phone();
  await learn({ id: "1", verdict: "ok" }, scan("1"));

  assert.equal((await judge(scan("2"))).verdict, "already_redeemed");
});

test("an entry that the server refused, or that was undone, is none any more", async () => {
  const { judge, learn, undone } = phone();
  await judge(scan("1"));
  await learn({ id: "1", verdict: "canceled" }, scan("1"));
  assert.equal((await judge(scan("2"))).verdict, "ok");

  await learn({ id: "2", verdict: "ok" }, scan("2"));
  await undone([`key of ${scan("2").code}`], AT);

  assert.equal((await judge(scan("3"))).verdict, "ok");
});

test("news of an older undo does not touch an entry that still waits", async () => {
  const { judge, undone } = phone();
  await judge(scan("1"));

  await undone([`key of ${scan("1").code}`], "2026-07-14T05:30:00.000Z");

  assert.equal((await judge(scan("2"))).verdict, "already_redeemed");
});

test("whoever was let in again while a list with their undo was on its way stays in", async () => {
  const { judge, learn, undone } = phone();
  await learn({ id: "1", verdict: "ok" }, scan("1"));

  await undone([`key of ${scan("1").code}`], "2026-07-14T05:09:59.000Z");

  assert.equal((await judge(scan("2"))).verdict, "already_redeemed");
});

test("something that is no ticket is refused, a person picked by name is not judged here", async () => {
  const foreign = await phone().judge(scan("1", { code: null, payload: "https://week.example/1" }));

  assert.deepEqual([foreign.verdict, foreign.foreign], ["invalid", true]);
  assert.equal(await phone().judge(scan("2", { code: null, registration: "R1" })), null);
  assert.equal(await phone({ listed: false }).judge(scan("3")), null);
});

test("an answered scan is not put back by what the phone showed for it", async () => {
  const { store, judge } = phone({ record: null });
  store.put = async () => {};

  await judge(scan("1"));

  assert.deepEqual(await store.all(), []);
});

const OVERRIDE = { id: "o", kind: "override", of: "1", reason: "아는 분", scanned_at: AT };

test("whom a supervisor let in is in, also after a restart; scan, override and entry lie together", async () => {
  const { judge, override, store } = phone({ record: null });
  assert.equal((await judge(scan("1"))).verdict, "unknown");

  assert.equal(await override(scan("1"), OVERRIDE), true);
  const { verdict, first } = await phone({ record: null, store }).judge(scan("2"));

  assert.deepEqual([verdict, first.device], ["already_redeemed", "지민 폰"]);
  assert.deepEqual((await store.all()).map(({ id, shown }) => [id, shown]), [["1", "override"], ["o", undefined], ["2", "already_redeemed"]]);
});

test("nobody is let in by a phone that cannot keep it", async () => {
  const full = memoryStore();
  full.letIn = async () => { throw new Error("quota"); };
  assert.equal(await phone({ store: full, record: null }).override(scan("1"), OVERRIDE), false);

  const forgetful = phone({ record: null });
  forgetful.store.durable = false;
  assert.equal(await forgetful.override(scan("1"), OVERRIDE), false);
});

test("what the server answers to the scan does not take back what a supervisor did", async () => {
  const { judge, override, learn, overrideStored, store } = phone({ record: null });
  await override(scan("1"), OVERRIDE);

  await learn({ id: "1", verdict: "invalid" }, scan("1"));
  await overrideStored(OVERRIDE);

  assert.equal((await judge(scan("2"))).verdict, "already_redeemed");
  assert.ok((await store.entries())[0].passages[0].synced);
});

test("a scan that the server answered meanwhile does not come back with its override", async () => {
  const { override, store } = phone({ record: null });

  await override(scan("1"), OVERRIDE);

  assert.deepEqual((await store.all()).map(({ id }) => id), ["o"]);
});
