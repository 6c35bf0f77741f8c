import assert from "node:assert/strict";
import { test } from "node:test";
import { frameSize, pauseAfter } from "../../static/js/door/frames.js";
import { outsideAddress } from "../../static/js/door/in-app.js";
import { blur, deblur, double, grey, halve, middle, rgba, treated, TREATMENTS } from "../../static/js/door/treatments.js";
import { uuid4 } from "../../static/js/door/uuid.js";
import { createWedge } from "../../static/js/door/wedge.js";
import { createClock } from "../../static/js/door/clock.js";
import { leftLine } from "../../static/js/door/ended-view.js";
import { createWords } from "../../static/js/door/words.js";

const type = (wedge, text, gap, from = 0) => Array.from(text, (key, i) => wedge.key(key, from + i * gap));

test("fast keys ended by Enter are a scanner, slow ones a person", () => {
  const fast = createWedge();
  type(fast, "ABCDEFGH", 10);
  assert.equal(fast.key("Enter", 80), "ABCDEFGH");

  const slow = createWedge();
  type(slow, "ABCDEFGH", 200);
  assert.equal(slow.key("Enter", 1500), null);
});

test("shift and other silent keys of a scanner are no letters, and 100 kB do not pile up", () => {
  const wedge = createWedge();
  ["Shift", "A", "Shift", "B", "C", "D", "E", "F"].forEach((key, i) => wedge.key(key, i * 5));
  assert.equal(wedge.key("Enter", 45), "ABCDEF");

  type(wedge, "x".repeat(100_000), 1, 1000);
  assert.equal(wedge.key("Enter", 101_000).length, 10_000);
});

test("an id is a version 4 UUID with and without the browser's help", () => {
  const plain = { getRandomValues: (bytes) => crypto.getRandomValues(bytes) };

  for (const id of [uuid4(), uuid4(plain)]) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a gap is filled with text, and a sentence without a value keeps its gap", () => {
  const say = createWords({ hello: "{name} 님, {time}" });

  assert.equal(say("hello", { name: "$& {time}" }), "$& {time} 님, {time}");
  assert.equal(say("missing"), "missing");
});

test("an altered frame is a picture of its own and leaves the frame as it was", () => {
  const data = new Uint8ClampedArray(8 * 8 * 4).map((_, i) => (i * 37) % 256);
  const frame = { data, width: 8, height: 8 };
  const before = data.slice();

  for (let missed = 0; missed < TREATMENTS.length; missed += 1) {
    const { data: out, width, height } = treated(frame, missed);
    assert.equal(out.length, width * height * 4);
  }

  assert.deepEqual(data, before);
});

test("doubling, halving, blurring, deblurring and cutting keep an even grey even", () => {
  const even = grey(rgba({ data: new Uint8ClampedArray(12).fill(99), width: 4, height: 3 }));

  for (const picture of [double(even), blur(even, 2), middle(even, 2, 2), halve(even), deblur(even, 1, 3)]) {
    assert.ok(picture.data.every((value) => value === 99));
    assert.equal(picture.data.length, picture.width * picture.height);
  }
});

test("a blurred edge is sharp again", () => {
  const edge = { data: new Uint8ClampedArray(32 * 4).map((_, i) => (i % 32 < 16 ? 40 : 200)), width: 32, height: 4 };
  const steepest = ({ data }) => Math.max(...Array.from(data.slice(1, 32), (value, i) => value - data[i]));
  const soft = blur(blur(edge, 2), 2);

  assert.ok(steepest(deblur(soft, 2, 5)) > 1.5 * steepest(soft));
});

test("a frame keeps its shape when it is shrunk, and a slow phone rests", () => {
  assert.deepEqual(frameSize(1920, 1080), { width: 1280, height: 720 });
  assert.deepEqual(frameSize(640, 480), { width: 640, height: 480 });
  assert.deepEqual([pauseAfter(5), pauseAfter(300), pauseAfter(undefined)], [80, 300, 80]);
});

test("each messenger has its way out, where there is one", () => {
  const url = "https://meet.example.com/door/enrol/abc";

  assert.equal(outsideAddress(url, "kakaotalk", "iPhone"), `kakaotalk://web/openExternal?url=${encodeURIComponent(url)}`);
  assert.match(outsideAddress(url, "naver", "Linux; Android 15"), /^intent:\/\/meet\.example\.com\/door\/enrol\/abc#Intent;scheme=https;/);
  assert.equal(outsideAddress(url, "instagram", "iPhone"), null);
});

test("a phone whose right has ended says what becomes of its scans", () => {
  const said = (key, { count } = {}) => (count ? `${key} ${count}` : key);

  assert.equal(leftLine({ count: 2, had: true, over: false }, said), "ended_left 2");
  assert.equal(leftLine({ count: 2, had: true, over: true }, said), "ended_sending 2");
  assert.equal(leftLine({ count: 3, held: 1, had: true, over: true }, said), "ended_sending 2");
  assert.equal(leftLine({ count: 1, held: 1, had: true, over: true }, said), "ended_left 1");
  assert.equal(leftLine({ count: 0, had: true, over: true }, said), "ended_sent");
  assert.equal(leftLine({ count: 0, had: false, over: true }, said), "");
});

test("what the server's clock told is known again after a start without a network", () => {
  const kept = new Map();
  const storage = { get: (key) => kept.get(key) ?? null, set: (key, value) => kept.set(key, value) };
  const made = () => createClock({ storage, now: () => 1_000_000 });
  const first = made();

  assert.equal(first.known, false);
  first.learn(new Date(1_000_000 + 7_200_000).toISOString());

  assert.deepEqual([made().known, made().serverNow()], [true, 8_200_000]);
  kept.set("door-clock", "nonsense");
  assert.deepEqual([made().known, made().serverNow()], [false, 1_000_000]);
});
