import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bytesOf, textOf } from "../../static/js/door/base64.js";
import { bucketOf, lookupOf, openRecord, recordIn } from "../../static/js/door/sealing.js";

const contract = JSON.parse(readFileSync(new URL("../contract/sealing.json", import.meta.url), "utf8"));
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const [first] = contract.cases;
const fromHex = (text) => new Uint8Array(Buffer.from(text, "hex"));
const sealed = ({ lookup, nonce, sealed: text }) => ({ lookup: fromHex(lookup), nonce: fromHex(nonce), sealed: fromHex(text) });

for (const each of contract.cases) {
  test(`a ticket finds and opens its record: ${each.name}`, async () => {
    const at = await lookupOf(each.code, each.meetup);

    assert.deepEqual([hex(at), bucketOf(at)], [each.lookup, each.bucket]);
    assert.deepEqual(await openRecord(sealed(each), each.code, each.meetup), each.says);
  });
}

test("a whole bucket gives each ticket its own record, and a strange code none", async () => {
  const { meetup, codes, references, absent, name, base64 } = contract.bucket;
  const bytes = bytesOf(base64);
  const found = async (code) => recordIn(bytes, await lookupOf(code, meetup));

  for (const [i, code] of codes.entries()) assert.equal((await openRecord(await found(code), code, meetup)).r, references[i]);
  assert.equal(bucketOf(await lookupOf(absent, meetup)), name);
  assert.equal(await found(absent), null);
});

test("a record opens by no other code, at no other meetup and from no other place", async () => {
  const record = sealed(first);

  await assert.rejects(openRecord(record, contract.cases[1].code, first.meetup));
  await assert.rejects(openRecord(record, first.code, first.meetup + 1));
  await assert.rejects(openRecord({ ...record, lookup: new Uint8Array(16) }, first.code, first.meetup));
});

test("one altered bit makes a record unreadable", async () => {
  const record = sealed(first);
  record.sealed[3] ^= 1;

  await assert.rejects(openRecord(record, first.code, first.meetup));
});

test("a bucket that was cut off holds nothing, and breaks nothing", async () => {
  const record = sealed(first);
  const whole = Buffer.concat([record.lookup, record.nonce, Buffer.from([0, record.sealed.length]), record.sealed]);

  for (const length of [0, 1, 29, 30, whole.length - 1]) assert.equal(recordIn(whole.subarray(0, length), record.lookup), null);
  assert.ok(recordIn(whole, record.lookup));
});

test("bytes are the same after a way as text, in both alphabets", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);

  assert.deepEqual(bytesOf(textOf(bytes)), bytes);
  assert.deepEqual(bytesOf(Buffer.from(bytes).toString("base64")), bytes);
});
