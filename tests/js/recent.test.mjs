import assert from "node:assert/strict";
import { test } from "node:test";
import { createRecent } from "../../static/js/door/recent-view.js";

const AT = "2026-07-14T05:02:00.000Z";
const view = (n, more = {}) => ({ scanId: `s${n}`, name: `n${n}`, title: "", cohort: "1기", tone: "ok", sync: "", reference: `R${n}`, scan: null, ...more });

function after(...views) {
  const recent = createRecent();
  views.forEach((each) => recent.note(each, AT));
  return recent;
}
const ids = (recent) => recent.all.map(({ scanId }) => scanId);

test("the newest stands first, one scan once, and no more than twenty", () => {
  const many = Array.from({ length: 25 }, (_, n) => view(n));

  assert.deepEqual(ids(after(...many)).slice(0, 2), ["s24", "s23"]);
  assert.equal(after(...many).all.length, 20);
  assert.deepEqual(ids(after(view(1), view(2), view(1))), ["s1", "s2"]);
});

test("what waits can be taken back once the server has it, and goes where the server refuses it", () => {
  const recent = after(view(1, { sync: "waiting" }), view(2, { sync: "waiting" }));
  assert.equal(recent.entryOf("R1"), null);

  recent.settled(view(1, { name: "", cohort: "" }));
  recent.settled(view(2, { tone: "refused" }));

  assert.deepEqual(recent.all.map(({ scanId, name, sync }) => [scanId, name, sync]), [["s1", "n1", ""]]);
  assert.equal(recent.entryOf("R1").scanId, "s1");
});

test("of somebody who has left since, or was taken back, no entry is offered", () => {
  const recent = after(view(1), view(2), view(3, { tone: "left", reference: "R1" }));
  recent.undone("s2");

  assert.deepEqual([recent.entryOf("R1"), recent.entryOf("R2"), recent.entryOf(null)], [null, null, null]);
});
