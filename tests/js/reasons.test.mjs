import assert from "node:assert/strict";
import { test } from "node:test";
import { withReason } from "../../static/js/door/reasons.js";
import { offlineView } from "../../static/js/door/verdict-model.js";

const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
const clock = { format: (at) => at };
const CODE = "A".repeat(26);

/* A phone whose lists say `record` of everybody, and what it shows without the server. */
async function shown(record, scan = { code: CODE }) {
  const judge = async () => ({ id: "1", verdict: record.s, listedAt: "18:02", person: null });
  const outcome = await withReason(judge, { list: { find: async () => ({ record }) }, people: { line: () => record } })(scan);
  return offlineView(outcome, { say, clock });
}

test("without the server, too, a phone says why somebody's attendance isn't confirmed", async () => {
  for (const t of ["applied", "declined", "expired"]) {
    const { title, lines } = await shown({ s: "unapproved", t });
    assert.deepEqual([title, lines], [`unapproved_${t}`, ["refused_offline 18:02"]]);
  }
});

test("whoever was offered a seat is told to accept it, also when picked by name", async () => {
  for (const scan of [{ code: CODE }, { code: null, registration: "R1" }]) {
    const { title, lines } = await shown({ s: "unapproved", t: "offered" }, scan);
    assert.deepEqual([title, lines], ["unapproved_offered", ["offered_offline 18:02"]]);
  }
});

test("of a list from before, or a word that this page doesn't know, the verdict is said", async () => {
  for (const t of [undefined, "something_new"]) assert.equal((await shown({ s: "unapproved", t })).title, "verdict_unapproved");
  assert.equal((await shown({ s: "canceled", t: "offered" })).title, "verdict_canceled");
});
