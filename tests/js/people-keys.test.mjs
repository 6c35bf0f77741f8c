import assert from "node:assert/strict";
import { test } from "node:test";
import { meant } from "../../static/js/site/people.js";

const key = (key, code, shiftKey = false) => meant({ key, code, shiftKey });

test("a key that types Hangul, or begins a syllable, is meant by its place", () => {
  assert.deepEqual([key("ㅓ", "KeyJ"), key("ㅏ", "KeyK"), key("ㅌ", "KeyX"), key("Process", "KeyJ")], ["j", "k", "x", "j"]);
});

test("a letter of ours is itself, wherever the keyboard has it", () => {
  assert.deepEqual([key("h", "KeyJ"), key("j", "KeyC"), key("/", "Digit7", true), key("Enter", "Enter"), key(" ", "Space")], ["h", "j", "/", "Enter", " "]);
});

test("with shift it is something else", () => assert.equal(key("ㅓ", "KeyJ", true), "ㅓ"));
