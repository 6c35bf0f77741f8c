import assert from "node:assert/strict";
import { test } from "node:test";
import { chanceLines, chanceOf } from "../../static/js/door/release-view.js";

const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");

test("a supervisor sees the place in line and the seats there are", () => {
  assert.deepEqual(chanceLines({ place: 3, left: 2, had_seat: false }, say), ["release_place 3", "release_left 2"]);
  assert.deepEqual(chanceLines({ place: 3, left: 0, had_seat: false }, say), ["release_place 3", "release_none"]);
  assert.deepEqual(chanceLines({ place: 1, left: 0, had_seat: true }, say), ["release_place 1", "release_none_had"]);
});

test("only somebody who had a seat may come in over the seats", () => {
  const ways = [null, { left: 1 }, { left: 0 }, { left: 0, had_seat: true }].map(chanceOf);

  assert.deepEqual(ways, [null, "seat", null, "over"]);
});
