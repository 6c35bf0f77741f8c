import assert from "node:assert/strict";
import { test } from "node:test";
import { createHeldCodes } from "../../static/js/door/dedupe.js";

test("a code held in view counts once, however long it is held", () => {
  const held = createHeldCodes({ gapMs: 3000 });

  const fresh = Array.from({ length: 100 }, (_, i) => held.isNew("A", i * 200));

  assert.deepEqual(fresh.filter(Boolean).length, 1);
});

test("a code that was out of view for the gap is new again", () => {
  const held = createHeldCodes({ gapMs: 3000 });
  held.isNew("A", 0);

  assert.equal(held.isNew("A", 2999), false);
  assert.equal(held.isNew("A", 6000), true);
});

test("touching keeps a known code in view and makes no unknown one known", () => {
  const held = createHeldCodes({ gapMs: 3000 });
  held.isNew("A", 0);
  held.touch("A", 2000);
  held.touch("B", 2000);

  assert.equal(held.isNew("A", 4500), false);
  assert.equal(held.isNew("B", 4500), true);
});

test("an evening of codes leaves nothing behind", () => {
  const held = createHeldCodes({ gapMs: 3000 });

  for (let i = 0; i < 5000; i += 1) held.isNew(`code ${i}`, i * 4000);

  assert.equal(held.size, 1);
});
