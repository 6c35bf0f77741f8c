import assert from "node:assert/strict";
import { test } from "node:test";
import { createPhoneJudge } from "../../static/js/door/phone-judge.js";
import { memoryStore } from "../../static/js/door/scan-store.js";
import { takenBack } from "../../static/js/door/taken-back.js";
import { keeping } from "./keeping.mjs";

const LISTED = "2026-07-14T05:02:00.000Z";
const AT = "2026-07-14T05:10:00.000Z";
const LATER = "2026-07-14T05:11:00.000Z";
const scan = (id) => ({ id, code: "A".repeat(26), registration: null, kind: "entry", gate: null, scanned_at: AT });

/* A phone that let somebody in, saw the ticket again, and whose list hears of the undo when it asks. */
async function phone({ reached }) {
  const list = {
    about: { at: LISTED, count: 1 }, keyOf: async () => "key",
    find: async () => ({ key: "key", record: { n: "김하늘", c: "3기", r: "R1", s: "admitted", g: null }, arrival: null }),
    refresh: async () => reached && judge.undone(["key"], LATER),
  };
  const store = Object.assign(memoryStore(), { durable: true });
  const judge = keeping(store, createPhoneJudge({ list, store, serverNow: () => Date.parse(AT) }));
  await judge.learn({ id: "1", verdict: "ok" }, scan("1"));
  await judge.learn({ id: "2", verdict: "already_redeemed", first: { at: AT, gate: null } }, scan("2"));
  const seen = [];
  const parts = { judge, list, last: { undone: (id) => seen.push(id) }, door: { lookAgain: () => seen.push("looked") } };
  return { parts, judge, seen };
}

test("after an undo the ticket may enter again without a network, also where it had been shown twice", async () => {
  const { parts, judge, seen } = await phone({ reached: true });

  await takenBack(parts, "1");

  assert.deepEqual([(await judge.judge(scan("3"))).verdict, seen], ["ok", ["1", "looked"]]);
});

test("where the list can't be asked, what it may still tell stays until it can", async () => {
  const { parts, judge } = await phone({ reached: false });

  await takenBack(parts, "1");

  assert.equal((await judge.judge(scan("3"))).verdict, "already_redeemed");
});
