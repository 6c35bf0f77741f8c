import assert from "node:assert/strict";
import { test } from "node:test";

import { parsePayload } from "../../static/js/door/payload.js";
import { createRules } from "../../static/js/door/rules.js";

function memory(given = {}) {
  const held = new Map(Object.entries(given));
  return { get: (key) => held.get(key) ?? null, set: (key, value) => held.set(key, value) };
}

function world({ settings = {}, gate = null, storage = memory() } = {}) {
  const told = [];
  let drawn = 0;
  const config = { device: 7, gate, settings: { gates: ["정문", "후문"], ...settings } };
  const rules = createRules({ config, storage, api: { gate: (at) => told.push(at) }, onChange: () => (drawn += 1) });
  return { rules, told, storage, drawn: () => drawn };
}

test("a scan carries the gate at which the phone stood when it was made", () => {
  const { rules, told } = world({ gate: "정문" });
  const before = rules.atGate({ id: "1", gate: null });

  rules.choose("후문");

  assert.deepEqual([before.gate, rules.atGate({ id: "2", gate: null }).gate], ["정문", "후문"]);
  assert.deepEqual(told, ["후문"]);
});

test("a gate chosen without a network is told again when the server remembers another", () => {
  const { rules, told, storage } = world({ gate: "정문" });
  rules.choose("후문");

  rules.learn({ settings: { gates: ["정문", "후문"] }, device: { gate: "정문" } });

  assert.deepEqual(told, ["후문", "후문"]);
  assert.equal(world({ gate: "정문", storage }).rules.gate, "후문");
});

test("choosing no gate is a choice, too", () => {
  const { rules, storage } = world({ gate: "정문" });
  rules.choose("");
  assert.equal(world({ gate: "정문", storage }).rules.gate, null);
});

test("a gate that the organizer took away is left", () => {
  const { rules, drawn } = world({ gate: "정문" });

  rules.learn({ settings: { gates: ["후문"] }, device: { gate: null } });

  assert.equal(rules.gate, null);
  assert.equal(drawn(), 1);
});

test("the host event's QR is known as soon as the organizer has said what it looks like", () => {
  const { rules } = world();
  const kind = () => parsePayload("PYCON-000123", { hostPatterns: rules.current.host_patterns }).kind;
  const before = kind();

  rules.learn({ settings: { gates: [], host_patterns: ["PYCON-*"] }, device: { gate: null } });

  assert.deepEqual([before, kind()], ["foreign", "host"]);
});

test("what was learnt on a page outlives it, and a newer page is newer", () => {
  const storage = memory();
  world({ storage, settings: { exits: false } }).rules.learn({ settings: { gates: ["정문", "후문"], exits: true }, device: { gate: null } });

  assert.equal(world({ storage, settings: { exits: false } }).rules.current.exits, true);
  assert.equal(world({ storage, settings: { exits: false, walk_ins: true } }).rules.current.exits, false);
});
