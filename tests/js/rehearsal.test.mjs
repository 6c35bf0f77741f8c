import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parsePayload } from "../../static/js/door/payload.js";
import { asideOf, endOf, isPractice, isPracticePerson, whyOver } from "../../static/js/door/rehearsal-model.js";
import { createStage } from "../../static/js/door/rehearsal-stage.js";
import { scanOfPayload, scanOfPerson } from "../../static/js/door/scan.js";
import { standing } from "../../static/js/door/standing.js";

const { codes, samples } = JSON.parse(await readFile(new URL("../contract/rehearsal.json", import.meta.url)));
const HOUR = 3_600_000;
const say = (key) => key;
const staged = () => createStage({
  samples: samples.map((sample) => ({ ...sample, cohort: "1기", cohortKey: "1" })), cohorts: [{ key: "1", label: "1기" }], say, now: () => "2026-11-28T09:00:00.000Z",
});
const scan = (code) => scanOfPayload({ kind: "ticket", code }, "camera");

for (const { code, practice } of codes) {
  test(`${code} is ${practice ? "" : "not "}for practice`, () => assert.equal(isPractice(code), practice));
}

for (const sample of samples) {
  test(`the practice ticket ${sample.name || sample.code} gets ${sample.verdict}`, async () => {
    const stage = staged();
    const answer = (await stage.answer(scan(sample.code))) ?? (await stage.judge.judge(scan(sample.code)));

    assert.equal(answer.verdict, sample.verdict);
    assert.equal(answer.person?.name ?? "", sample.name);
    assert.equal(answer.party?.size ?? 1, sample.people);
  });
}

test("whoever came in by a practice ticket is in, and out again after an undo", async () => {
  const stage = staged();
  const [first] = samples;
  const entry = scan(first.code);

  assert.equal((await stage.answer(entry)).verdict, "ok");
  assert.equal((await stage.answer(scan(first.code))).verdict, "already_redeemed");
  assert.equal(await stage.inside(), 1);
  await stage.api.undo("x", entry.id, "practised");
  assert.equal(await stage.inside(), 0);
  assert.equal((await stage.answer(scan(first.code))).verdict, "ok");
});

test("a practised entry waits for no server", async () => {
  const stage = staged();
  const [first] = samples;
  await stage.answer(scan(first.code));

  const [{ passages }] = await stage.store.entries();
  assert.equal(standing({ arrival: null, passages, listedAt: stage.list.about.at, size: 1 }).waiting, false);
});

test("at the exit, whoever is in leaves once, and nobody who is not in does", async () => {
  const stage = staged();
  const leaving = (word) => ({ ...scan(samples.find(({ reference }) => reference === `REHEARSAL${word}`).code), kind: "exit" });

  assert.equal((await stage.answer(leaving("GOOD"))).verdict, "not_in");
  assert.equal((await stage.answer(leaving("USED"))).verdict, "left");
  assert.equal((await stage.answer(leaving("USED"))).verdict, "not_in");
  assert.equal((await stage.answer(leaving("CANCEL"))).verdict, "not_in");
  assert.equal((await stage.answer(leaving("OLD"))).verdict, "revoked");
  assert.equal(await stage.inside(), 0);
  await stage.answer(scan(samples[0].code));
  assert.equal((await stage.answer(leaving("GOOD"))).verdict, "left");
  assert.equal(await stage.inside(), 0);
});

test("people are found by their initials and let in by a tap", async () => {
  const stage = staged();

  const { body } = await stage.api.search("ㄱㅇㅅ");
  assert.deepEqual(body.people.map(({ name }) => name), ["김연습"]);
  assert.equal((await stage.answer(scanOfPerson(body.people[0]))).verdict, "ok");
  assert.equal((await stage.api.people("1")).body.people.find(({ name }) => name === "김연습").in, true);
});

test("a walk-in and a QR that is no ticket can be practised", async () => {
  const stage = staged();

  const { body } = await stage.api.walkIn({ id: "w", name: "손님", cohort: "1" });
  assert.deepEqual([body.verdict, body.person.name, body.person.cohort], ["ok", "손님", "1기"]);
  const odd = await stage.answer(scanOfPayload({ kind: "foreign", text: "hello" }, "camera"));
  assert.deepEqual([odd.verdict, odd.reason], ["invalid", "verdict_foreign"]);
});

test("a real ticket on a phone that practises, and a practice ticket on one that does not, are neither judged nor sent", () => {
  const [practice, real] = [samples[0].code, "A".repeat(26)].map((code) => parsePayload(code));

  assert.deepEqual([asideOf(practice, false), asideOf(practice, true)], ["practice", null]);
  assert.deepEqual([asideOf(real, false), asideOf(real, true)], [null, "real"]);
  assert.equal(asideOf({ kind: "foreign", text: "x" }, true), null);
});

test("a rehearsal lasts an hour, at most until the door opens, and none begins after that", () => {
  const until = 10 * HOUR;

  assert.equal(endOf({ now: 0, until, lastsMs: HOUR }), HOUR);
  assert.equal(endOf({ now: 9.5 * HOUR, until, lastsMs: HOUR }), until);
  assert.equal(endOf({ now: until, until, lastsMs: HOUR }), null);
});

test("it is over in time, and as soon as somebody really came in", () => {
  const at = { now: 0, end: HOUR, inside: 2, insideAtFirst: 2 };

  assert.equal(whyOver(at), null);
  assert.equal(whyOver({ ...at, now: HOUR }), "time");
  assert.equal(whyOver({ ...at, inside: 3 }), "guests");
  assert.equal(whyOver({ ...at, inside: 1 }), null);
  assert.equal(whyOver({ ...at, inside: null }), null);
});

test("no reference of a real registration is taken for a practice person's", () => {
  assert.deepEqual(["REHEARSALGOOD", "REHEARSA23", null].map(isPracticePerson), [true, false, false]);
});
