import assert from "node:assert/strict";
import { test } from "node:test";
import { createTries } from "../../static/js/door/tries.js";

const silence = { how: "offline", body: null };

function setting() {
  let made = 0;
  return createTries(() => String((made += 1)));
}

test("the same words are the same try, however often they go out; others are another", () => {
  const tries = setting();

  const ids = [["김하늘", "3"], ["김하늘", "3"], ["김하늘", "4"]].map((words) => tries.idOf(words));

  assert.deepEqual(ids, ["1", "1", "2"]);
});

test("without an answer it may have been done, and stays so until the server says a word on it", () => {
  const tries = setting();
  const id = tries.idOf("김하늘");

  tries.heard(silence);
  assert.equal(tries.unsure, true);
  tries.heard({ how: "later", body: { error: "busy", reason: "Later." } });
  assert.deepEqual([tries.unsure, tries.idOf("김하늘")], [true, id]);

  tries.heard({ how: "refused", body: { error: "walk_in_undone", reason: "Undone." } });
  assert.equal(tries.unsure, false);
  assert.notEqual(tries.idOf("김하늘"), id);
});

test("a server that says it stored nothing leaves no doubt", () => {
  const tries = setting();
  tries.idOf("김하늘");

  tries.heard({ how: "later", body: { error: "busy", reason: "Later." } });

  assert.equal(tries.unsure, false);
});

test("the next person of the same name is another try", () => {
  const tries = setting();
  tries.idOf("김하늘");
  tries.forget();

  assert.deepEqual([tries.idOf("김하늘"), tries.unsure], ["2", false]);
});
