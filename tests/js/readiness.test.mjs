import assert from "node:assert/strict";
import { test } from "node:test";
import { awayFromHome } from "../../static/js/door/readiness-facts.js";
import { linesOf, overall } from "../../static/js/door/readiness-model.js";

const MINUTE = 60_000;
const NOW = Date.parse("2026-11-28T09:00:00Z");
const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
const clock = { serverNow: () => NOW, format: () => "18:00" };
const ago = (minutes) => new Date(NOW - minutes * MINUTE).toISOString();

const READY = {
  camera: { state: "live", name: "Back camera" },
  list: { at: ago(1), count: 40 },
  names: { ready: true, count: 40 },
  server: true,
  waiting: 0,
  shell: "kept",
  storage: { durable: true, persisted: true, quota: 1e9, usage: 2e6 },
  clock: { known: true, offsetMs: 1000 },
  battery: { level: 0.8, charging: false },
  sound: { muted: false, tried: true },
  awake: "held",
};
const judged = (facts) => linesOf({ ...READY, ...facts }, { say, clock });
const line = (key, facts) => judged({ [key]: facts }).find((each) => each.key === key);
const levels = (key, cases) => cases.map((facts) => line(key, facts).level);

test("a phone that has all it needs is ready", () => {
  const lines = judged({});

  assert.deepEqual(lines.filter(({ level }) => level !== "good"), []);
  assert.deepEqual(overall(lines, say), { level: "good", word: "ready_yes" });
});

test("each thing that is amiss is counted, and says what to do", () => {
  const lines = judged({
    camera: { state: "denied" }, list: null, names: { ready: false, count: 0 }, server: false, waiting: 3, shell: "coming",
    storage: { durable: false }, clock: { known: true, offsetMs: -6 * MINUTE }, battery: { level: 0.2, charging: false },
    sound: { muted: true, tried: null }, awake: "none",
  });

  assert.deepEqual(lines.map(({ level }) => level), Array(11).fill("look"));
  assert.deepEqual(lines.filter(({ advice }) => !advice), []);
  assert.equal(overall(lines, say).word, "ready_look 11");
});

test("what nobody has tried is not ready", () => {
  assert.equal(line("camera", { state: "idle" }).level, "look");
  assert.equal(line("sound", { muted: false, tried: null }).level, "look");
});

test("an old list is looked at, a young one is not", () => {
  assert.deepEqual(levels("list", [{ at: ago(29), count: 1 }, { at: ago(31), count: 1 }]), ["good", "look"]);
});

test("a clock may be five minutes off before anybody has to set it", () => {
  const at = (minutes) => ({ known: true, offsetMs: minutes * MINUTE });

  assert.deepEqual(levels("clock", [at(5), at(-5), at(6), at(-6), { known: false, offsetMs: 0 }]), ["good", "good", "look", "look", "look"]);
});

test("a battery that is low is looked at unless it is charging, and one that nobody tells of is no fault", () => {
  assert.deepEqual(levels("battery", [{ level: 0.1, charging: true }, { level: 0.29, charging: false }, null]), ["good", "look", "note"]);
});

test("memory that may be cleared is no fault, a full phone is one", () => {
  const memory = { durable: true, persisted: false, quota: 1e9, usage: 1e6 };

  assert.deepEqual(levels("storage", [memory, { ...memory, usage: 0.99e9 }, { ...memory, quota: Infinity, usage: -1 }]), ["note", "look", "note"]);
});

test("a screen that the phone no longer keeps on is looked at, and each reason has its advice", () => {
  const advice = (state) => line("awake", state).advice;

  assert.deepEqual(levels("awake", ["held", "lost", "refused", "none"]), ["good", "look", "look", "look"]);
  assert.deepEqual(["lost", "refused", "none"].map(advice), ["ready_awake_lost_then", "ready_awake_refused_then", "ready_awake_none_then"]);
});

test("what does not apply has no line", () => {
  const keys = judged({ names: undefined }).map(({ key }) => key);

  assert.deepEqual([keys.includes("names"), keys.includes("home")], [false, false]);
});

test("an iPhone's page is told of the home screen until it is opened from there", () => {
  const iphone = { userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", platform: "iPhone", maxTouchPoints: 5 };
  const ipad = { userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)", platform: "MacIntel", maxTouchPoints: 5 };
  const mac = { ...ipad, maxTouchPoints: 0 };
  const galaxy = { userAgent: "Mozilla/5.0 (Linux; Android 15)", platform: "Linux armv8l", maxTouchPoints: 5 };

  assert.deepEqual([iphone, ipad, mac, galaxy].map(awayFromHome), [true, true, false, false]);
  assert.equal(awayFromHome({ ...iphone, standalone: true }), false);
  assert.equal(line("home", true).level, "note");
});
