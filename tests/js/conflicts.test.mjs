import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { conflictItem, unseen } from "../../static/js/door/conflicts-model.js";
import { createWords } from "../../static/js/door/words.js";

const clock = createClock({ locale: "ko", zone: "Asia/Seoul", now: () => Date.parse("2026-07-14T10:00:00Z") });
const say = createWords({ person: "{name} 님", conflict_here: "이 폰", conflict_over: "{size}명 티켓에 {over}명 더", conflict_came_people: "{size}명 중 {people}명" });
const item = (fields) => conflictItem({ id: "1", name: "나경민", cohort: "3기", first: null, void_since: null, verdict: null, ...fields }, { say, clock });
const front = { at: "2026-07-14T09:00:00Z", gate: "정문", device: "앞 폰", here: true };
const back = { at: "2026-07-14T09:05:00Z", gate: null, device: "뒤 폰", here: false };

test("one ticket at two doors says when, where and on which phone, first and then", () => {
  const { name, cohort, what, facts, then } = item({ kind: "again", first: front, again: back });

  assert.deepEqual([name, cohort, what, then], ["나경민 님", "3기", "conflict_is_again", "conflict_then_again"]);
  assert.deepEqual(facts.map(({ text }) => text), ["오후 6:00 · 정문 · 이 폰", "오후 6:05 · 뒤 폰"]);
});

test("more people than the ticket is for are told by their number", () => {
  const { what, facts, then } = item({ kind: "too_many", first: front, again: back, over: 1, size: 3 });

  assert.deepEqual([what, then], ["conflict_is_too_many", "conflict_then_too_many"]);
  assert.deepEqual(facts.map(({ text }) => text), ["오후 6:00 · 정문 · 이 폰", "오후 6:05 · 뒤 폰", "3명 티켓에 1명 더"]);
});

test("a ticket cancelled meanwhile says since when, an overridden one what the server says of it", () => {
  const cancelled = item({ kind: "cancelled", again: front, void_since: back.at });
  const refused = item({ kind: "override", again: front, verdict: "canceled" });

  assert.deepEqual(cancelled.facts.map(({ text }) => text), ["오후 6:00 · 정문 · 이 폰", "오후 6:05"]);
  assert.deepEqual([refused.facts[1].text, refused.then], ["verdict_canceled", "conflict_then_override"]);
});

test("of a party that came in on a ticket no longer good it says how many, where anybody does", () => {
  const told = [2, 0].map((people) => item({ kind: "old_list", again: front, void_since: back.at, size: 3, people }).facts[0].text);

  assert.deepEqual(told, ["오후 6:00 · 정문 · 이 폰 · 3명 중 2명", "오후 6:00 · 정문 · 이 폰"]);
});

test("a seat released meanwhile, a meetup called off and a ticket replaced are told as what they are", () => {
  const told = ["released", "called_off", "replaced"].map((by) => item({ kind: by === "released" ? "cancelled" : "old_list", again: front, void_since: back.at, void_by: by }));

  assert.deepEqual(told.map(({ what, then, facts }) => [what, then, facts[1].label]), [
    ["conflict_is_released", "conflict_then_released", "conflict_released"],
    ["conflict_is_called_off", "conflict_then_called_off", "conflict_called_off"],
    ["conflict_is_old_list", "conflict_then_old_list", "conflict_replaced"],
  ]);
  assert.equal(item({ kind: "old_list", again: front, void_since: back.at, void_by: "released" }).what, "conflict_is_old_list");
});

test("who holds a ticket that nobody knows can come in as a walk-in", () => {
  const { name, then } = item({ kind: "override", name: null, cohort: null, again: front, verdict: "invalid" });

  assert.deepEqual([name, then], ["conflict_nobody", "conflict_then_nobody"]);
});

test("a name of 10,000 letters and a kind that this page does not know are shown all the same", () => {
  const { name, facts } = item({ kind: "something_new", name: "가".repeat(10_000), again: front });

  assert.ok(name.length < 100);
  assert.equal(facts.length, 1);
});

test("what somebody has looked at is not counted again", () => {
  assert.deepEqual(unseen([{ id: "1" }, { id: "2" }], ["1", "9"]), [{ id: "2" }]);
});

test("every word of a conflict stands in the page's table", () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const words = new Set([...read("templates/checkin/words.html").matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key));
  const said = ["model", "view"].flatMap((name) => [...read(`static/js/door/conflicts-${name}.js`).matchAll(/say\("(\w+)"/g)].map(([, key]) => key));
  const kinds = ["again", "too_many", "cancelled", "released", "called_off", "old_list", "override"].flatMap((kind) => [`conflict_is_${kind}`, `conflict_then_${kind}`]);

  assert.deepEqual([...said, ...kinds, "conflict_replaced", "conflict_released", "conflict_called_off", "conflict_then_nobody"].filter((key) => !words.has(key)), []);
});
