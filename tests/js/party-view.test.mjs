import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { partyScan, stepperOf } from "../../static/js/door/party-view.js";
import { outcomeView } from "../../static/js/door/verdict-model.js";

const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
const clock = createClock();
const title = (verdict, party) => outcomeView({ id: "1", verdict, person: { name: "김하늘" }, party }, { say, clock }).title;

test("the stepper goes from one to those whom this scan let in, and says who is left", () => {
  assert.deepEqual(stepperOf({ size: 3, in: 3, by_this: 3 }), { count: 3, least: 1, most: 3, left: 0 });
  assert.deepEqual(stepperOf({ size: 3, in: 3, by_this: 3 }, 1), { count: 1, least: 1, most: 3, left: 2 });
  assert.deepEqual(stepperOf({ size: 3, in: 3, by_this: 2 }), { count: 2, least: 1, most: 2, left: 0 });
  assert.equal(stepperOf({ size: 3, in: 3, by_this: 0 }), null);
  assert.equal(stepperOf(null), null);
});

test("a correction names its scan and goes the way of the scans", () => {
  const made = partyScan("scan-1", 2, { now: () => new Date(0), makeId: () => "id-1" });

  assert.deepEqual(made, { id: "id-1", kind: "party", of: "scan-1", admits: 2, scanned_at: "1970-01-01T00:00:00.000Z" });
});

test("the verdict says how many people it is for", () => {
  assert.equal(title("ok", { size: 3, in: 3, by_this: 3 }), "people 3");
  assert.equal(title("ok", { size: 3, in: 3, by_this: 2 }), "party_in 3 3");
  assert.equal(title("already_redeemed", { size: 3, in: 3, by_this: 0 }), "party_in 3 3");
  assert.equal(title("ok"), "verdict_ok");
});
