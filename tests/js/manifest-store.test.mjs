import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { textOf } from "../../static/js/door/base64.js";
import { memoryShelf } from "../../static/js/door/manifest-shelf.js";
import { createManifestStore } from "../../static/js/door/manifest-store.js";

const contract = JSON.parse(readFileSync(new URL("../contract/sealing.json", import.meta.url), "utf8"));
const { meetup, codes: [code, other], absent, name: bucket, base64 } = contract.bucket;
const lookup = textOf(Buffer.from(contract.cases[0].lookup, "hex"));

const body = (fields = {}) => ({
  made_at: "2026-07-14T05:02:00Z", version: 1, count: 2, tags: "first-tags", buckets: { [bucket]: base64 }, arrivals: [], cursor: "1.1.0", ...fields,
});
const answered = (fields, tag = '"a"') => ({ how: "answered", body: body(fields), tag });

function setting(answers, shelf = memoryShelf(), unanswered = undefined) {
  const world = { asked: [], undone: [], undoneBy: null, time: Date.parse("2026-07-14T05:02:00Z"), shelf };
  world.list = createManifestStore({
    shelf, meetup, unanswered, serverNow: () => world.time,
    ask: async (held) => (world.asked.push(held), answers.shift() ?? { how: "unchanged" }),
    onUndone: (keys, madeAt) => (world.undone.push(...keys), (world.undoneBy = madeAt)),
  });
  return world;
}

test("a ticket on the list is opened, one that is not has no record, and without a list there is no word", async () => {
  const { list } = setting([answered()]);
  assert.equal(await list.find(code), null);

  await list.refresh();

  assert.equal((await list.find(code)).record.r, contract.bucket.references[0]);
  assert.equal((await list.find(other)).record.r, contract.bucket.references[1]);
  assert.deepEqual((await list.find(absent)).record, null);
  assert.deepEqual(list.about, { at: "2026-07-14T05:02:00Z", count: 2 });
});

test("the first time all is asked for, then only what changed since", async () => {
  const { list, asked } = setting([answered()]);

  await list.refresh();
  await list.refresh();

  assert.deepEqual(asked, [{}, { have: "first-tags", after: "1.1.0", tag: '"a"' }]);
});

test("which of its own scans the list tells of, the phone asks with each look, and knows until the next answer", async () => {
  const shelf = memoryShelf();
  const world = setting([answered({ stored: ["mine"] }), { how: "unchanged" }, answered({ stored: [] }, '"b"')], shelf, async () => ["mine", "other"]);
  assert.equal(world.list.isListed("mine"), false);
  await world.list.refresh();
  await world.list.refresh();

  assert.deepEqual(world.asked.map(({ asks }) => asks), [["mine", "other"], ["mine", "other"]]);
  assert.deepEqual([world.list.isListed("mine"), world.list.isListed("other"), (await shelf.load()).facts.stored], [true, false, ["mine"]]);
  await world.list.refresh();
  assert.equal(world.list.isListed("mine"), false);
});

test("a delta changes its own buckets and no others; an empty one is gone", async () => {
  const { list } = setting([answered(), answered({ buckets: { "00": base64 }, tags: "t2" }), answered({ buckets: { [bucket]: "" }, tags: "t3" })]);
  await list.refresh();
  await list.refresh();
  assert.ok((await list.find(code)).record);

  await list.refresh();

  assert.equal((await list.find(code)).record, null);
});

test("arrivals of other phones are known, and an entry undone is none and is told of, with the list's time", async () => {
  const at = "2026-07-14T05:00:00.000Z";
  const world = setting([answered({ arrivals: [[lookup, at, "정문"]] }), answered({ buckets: {}, arrivals: [[lookup, null, null]], made_at: "2026-07-14T05:04:00Z" })]);
  const { list, undone } = world;
  await list.refresh();
  assert.deepEqual((await list.find(code)).arrival, { at, gate: "정문" });

  await list.refresh();

  assert.deepEqual([(await list.find(code)).arrival, undone, world.undoneBy], [null, [lookup], "2026-07-14T05:04:00Z"]);
});

test("unchanged makes the list younger", async () => {
  const world = setting([answered(), { how: "unchanged" }]);
  await world.list.refresh();
  world.time += 60_000;

  await world.list.refresh();

  assert.equal(world.list.about.at, "2026-07-14T05:03:00.000Z");
});

test("no answer changes nothing", async () => {
  const { list } = setting([answered(), { how: "offline", body: null }]);
  await list.refresh();

  await list.refresh();

  assert.ok((await list.find(code)).record);
  assert.equal(list.about.at, "2026-07-14T05:02:00Z");
});

test("after a restart the list is there without the server, and asks for what changed since", async () => {
  const before = setting([answered()]);
  await before.list.refresh();
  const { list, asked } = setting([], before.shelf);

  await list.load();
  assert.ok((await list.find(code)).record);
  await list.refresh();

  assert.deepEqual(asked, [{ have: "first-tags", after: "1.1.0", tag: '"a"' }]);
});

test("tags that the server never gave out are thrown away for the whole list", async () => {
  const { list, asked } = setting([answered(), { how: "refused", body: {} }, answered({ buckets: {}, tags: "t2" })]);

  await list.refresh();
  await list.refresh();
  await list.refresh();

  assert.deepEqual(asked[2], {});
  assert.equal((await list.find(code)).record, null);
});

test("a wiped list is gone from page and phone, and an answer on its way does not bring it back", async () => {
  let release;
  const shelf = memoryShelf();
  const list = createManifestStore({ shelf, meetup, serverNow: Date.now, ask: () => new Promise((resolve) => (release = () => resolve(answered()))) });
  const coming = list.refresh();

  await list.wipe();
  release();
  await coming;
  await list.refresh();

  assert.deepEqual([list.about, await list.find(code), (await shelf.load()).facts], [null, null, null]);
});

test("a phone that cannot write still judges with what it has in the page", async () => {
  const broken = { load: async () => { throw new Error("no"); }, change: async () => { throw new Error("full"); }, note: async () => {} };
  const { list } = setting([answered()], broken);

  await list.load();
  await list.refresh();

  assert.ok((await list.find(code)).record);
});

test("a record that was altered counts as none", async () => {
  const bytes = Buffer.from(base64, "base64");
  bytes[35] ^= 1;
  const { list } = setting([answered({ buckets: { [bucket]: bytes.toString("base64") } })]);

  await list.refresh();

  assert.equal((await list.find(code)).record, null);
});

test("a list that is on its way is not asked for twice, but once more where it may be older than what was just done", async () => {
  const asked = [];
  const list = createManifestStore({ shelf: memoryShelf(), meetup, serverNow: Date.now, ask: () => new Promise((resolve) => asked.push(() => resolve(answered()))) });
  const tick = () => new Promise((resolve) => setImmediate(resolve));

  const coming = [list.refresh(), list.refresh()];
  const newer = list.refresh({ anew: true });
  await tick();
  assert.equal(asked.length, 1);
  asked[0]();
  await Promise.all(coming);
  await tick();
  assert.equal(asked.length, 2);
  asked[1]();
  await newer;
});
