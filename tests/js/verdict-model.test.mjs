import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createClock } from "../../static/js/door/clock.js";
import { outcomeView, waitingView } from "../../static/js/door/verdict-model.js";
import { rowsOf } from "../../static/js/door/people-model.js";
import { createWords } from "../../static/js/door/words.js";

const clock = createClock({ locale: "ko", zone: "Asia/Seoul", now: () => Date.parse("2026-07-14T10:00:00Z") });
const say = createWords({ person: "{name} 님", first_entry_where: "첫 입장 {time} ({where})", first_entry: "첫 입장 {time}" });
const person = { name: "김하늘", cohort: "3기 2022", reference: "R1", note: null };
const view = (outcome) => outcomeView({ id: "1", person, first: null, reason: "", ...outcome }, { say, clock });

test("every verdict has its colour", () => {
  const tones = { ok: "ok", already_redeemed: "already", unknown: "unknown", undone: "neutral" };
  for (const refusal of ["canceled", "revoked", "invalid", "wrong_meetup", "waitlisted", "unapproved", "not_verified"]) tones[refusal] = "refused";

  for (const [verdict, tone] of Object.entries(tones)) assert.equal(view({ verdict }).tone, tone, verdict);
});

test("a verdict that this page does not know is never green", () => {
  assert.equal(view({ verdict: "something_new" }).tone, "refused");
  assert.equal(view({ error: "malformed" }).tone, "refused");
  assert.equal(waitingView(say).tone, "waiting");
});

test("already in says when, where and on which phone the first entry was", () => {
  const { name, cohort, lines } = view({ verdict: "already_redeemed", first: { at: "2026-07-14T09:30:00Z", gate: "정문", device: "지민 폰" } });

  assert.deepEqual([name, cohort, lines], ["김하늘 님", "3기 2022", ["첫 입장 오후 6:30 (정문, 지민 폰)"]]);
});

test("already in says what to do where the server does", () => {
  const { lines } = view({ verdict: "already_redeemed", first: { at: "2026-07-14T09:30:00Z", gate: null, device: null }, advice: "바로 왔다면 들여보내요." });

  const undone = view({ verdict: "already_redeemed", reason: "되돌렸어요. 지금은 안에 없어요.", advice: "다시 스캔해 주세요.", party: { size: 1, in: 0, by_this: 0 } });

  assert.deepEqual(lines, ["첫 입장 오후 6:30", "바로 왔다면 들여보내요."]);
  assert.deepEqual([undone.title, undone.lines], ["되돌렸어요. 지금은 안에 없어요", ["다시 스캔해 주세요."]]);
});

test("a refusal says why as its title and what to do below, and a badge note is shown", () => {
  const { title, lines } = view({ verdict: "waitlisted", reason: "아직 대기 중이에요.", advice: "담당자를 불러 주세요." });

  assert.deepEqual([title, lines], ["아직 대기 중이에요", ["담당자를 불러 주세요."]]);
  assert.deepEqual(view({ verdict: "ok", person: { ...person, note: "VIP" } }).lines, ["VIP"]);
});

test("whoever lets somebody in is told that the larger event's host lacks them; nobody else is", () => {
  const told = createWords({ person: "{name} 님", host_not_listed: "큰 행사 명단에 없음", host_unsure: "큰 행사 명단에 없을 수 있음" });
  const lines = (outcome, environment = {}) => outcomeView({ id: "1", first: null, reason: "", ...outcome }, { say: told, clock, ...environment }).lines;
  const lacking = { ...person, host: "not_listed" };

  assert.deepEqual(lines({ verdict: "ok", person: lacking }), ["큰 행사 명단에 없음"]);
  assert.deepEqual(lines({ verdict: "ok", person: { ...lacking, host: "unsure", note: "VIP" } }), ["VIP", "큰 행사 명단에 없을 수 있음"]);
  for (const quiet of [{ verdict: "ok", person }, { verdict: "ok", person: { ...person, host: "listed" } }, { verdict: "waitlisted", person: lacking }, { verdict: "ok", person: null }]) {
    assert.deepEqual(lines(quiet), []);
  }
  assert.deepEqual(lines({ verdict: "ok", person: lacking }, { leaves: true }), []);
});

test("whoever is in is told their table, and whoever is refused or goes is not", () => {
  const told = createWords({ person: "{name} 님", table: "테이블 {table}" });
  const lines = (verdict) => outcomeView({ id: "1", verdict, first: null, reason: "", person: { ...person, table: 7 } }, { say: told, clock }).lines;

  assert.deepEqual([lines("ok"), lines("already_redeemed")], [["테이블 7"], ["테이블 7"]]);
  for (const quiet of ["waitlisted", "canceled", "left", "not_in"]) assert.ok(!lines(quiet).includes("테이블 7"), quiet);
});

test("a name of 10,000 letters does not push the verdict off the screen", () => {
  assert.ok(view({ verdict: "ok", person: { ...person, name: "가".repeat(10_000) } }).name.length < 130);
});

test("times of another day carry their date", () => {
  assert.match(clock.format("2026-07-13T09:30:00Z"), /7월 13일/);
  assert.equal(clock.format("nonsense"), "");
});

test("people of one name are told apart by cohort first", () => {
  const rows = rowsOf([person, { ...person, cohort: "1기 2020" }, { ...person, name: "이서준", status: "waitlisted" }], { say, clock });

  assert.deepEqual(rows.map(({ twin }) => twin), [true, true, false]);
  assert.equal(rows[2].state.tone, "refused");
});

/* The Korean of each sentence of the page, by its key. */
function korean() {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const catalogue = read("app/translations/ko/LC_MESSAGES/messages.po").replace(/"\n"/g, "");
  const told = new Map([...catalogue.matchAll(/^msgid "(.*)"\nmsgstr "(.*)"$/gm)].map(([, from, to]) => [from, to]));
  return (key) => told.get(read("templates/checkin/words.html").match(new RegExp(`"${key}": _\\("(.+?)"\\)`))[1]);
}

test("a volunteer is told nothing that the screen cannot keep: no name to check, no seat to pass on, nothing to decide", () => {
  const word = korean();

  assert.doesNotMatch(word("waiting_line"), /이름/);
  assert.match(word("release_none_had"), /정원을 넘겨/);
  assert.match(word("conflict_then_override"), /운영진이 정해요/);
  assert.match(word("row_declined"), /미선정/);
  assert.doesNotMatch(word("verdict_called_off"), /안내/);
});

test("every word that the scripts say stands in the page's table", () => {
  const folder = new URL("../../static/js/door/", import.meta.url);
  const table = readFileSync(new URL("../../templates/checkin/words.html", import.meta.url), "utf8");
  const words = new Set([...table.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key));
  const scripts = ["verdict-model", "search-view", "typed-view", "undo-view", "settings-view", "link-view", "last-view", "counts-view", "people-model", "override-view"];
  const said = scripts.flatMap((name) => [...readFileSync(new URL(`${name}.js`, folder), "utf8").matchAll(/say\("(\w+)"/g)].map(([, key]) => key));
  const verdicts = ["ok", "already_redeemed", "unknown", "canceled", "revoked", "invalid", "wrong_meetup", "waitlisted", "unapproved", "not_verified", "undone", "override", "error"].map((each) => `verdict_${each}`);
  const tones = ["ok", "already", "refused", "unknown", "neutral", "waiting", "checking"].map((each) => `word_${each}`);
  const rows = ["pending", "applied", "confirmed", "waitlisted", "offered", "declined", "cancelled", "expired"].map((each) => `row_${each}`);
  const cameras = ["insecure", "denied", "none", "busy", "failed", "reader"].map((each) => `camera_${each}`);

  assert.deepEqual([...said, ...verdicts, ...tones, ...rows, ...cameras].filter((key) => !words.has(key)), []);
});

test("a refusal without the server's words has the page's own, and nothing is said twice", () => {
  const words = createWords({ verdict_wrong_meetup: "다른 밋업의 티켓이에요" });
  const titled = (fields) => outcomeView({ id: "1", verdict: "wrong_meetup", ...fields }, { say: words, clock });
  const bare = titled({ reason: null });
  const twice = titled({ reason: "다른 밋업의 티켓이에요.", advice: "다른 밋업의 티켓이에요." });

  assert.deepEqual([bare.title, bare.lines, twice.title, twice.lines], [bare.title, [], "다른 밋업의 티켓이에요", []]);
  assert.equal(bare.title, "다른 밋업의 티켓이에요");
});

test("the scanner colours every verdict of the contract, and only an admission green", () => {
  const { cases } = JSON.parse(readFileSync(new URL("../contract/verdicts.json", import.meta.url), "utf8"));

  for (const { name, verdict } of cases) {
    const expected = { ok: "ok", already_redeemed: "already", left: "left", not_in: "not_in" }[verdict] ?? "refused";
    assert.equal(view({ verdict }).tone, expected, name);
  }
});

test("who is in is told their table, where there is one", () => {
  const words = createWords({ person: "{name} 님", table: "테이블 {table}" });
  const seated = outcomeView({ id: "1", verdict: "ok", person: { ...person, table: 4 }, first: null, reason: "" }, { say: words, clock });

  assert.deepEqual([seated.lines, view({ verdict: "ok" }).lines], [["테이블 4"], []]);
});
