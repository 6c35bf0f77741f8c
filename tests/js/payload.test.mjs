import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsPattern, parsePayload, PAYLOAD_LIMIT } from "../../static/js/door/payload.js";

const CODE = "ABCDEFGHIJKLMNOPQRSTUVWX27";
const door = { ticketPrefix: "HTTPS://MEET.EXAMPLE.COM/T/" };
const isTicket = (text, options = door) => assert.deepEqual(parsePayload(text, options), { kind: "ticket", code: CODE });

test("our ticket's address is read in any case", () => {
  isTicket(`HTTPS://MEET.EXAMPLE.COM/T/${CODE}`);
  isTicket(`https://meet.example.com/t/${CODE.toLowerCase()}`);
  isTicket(`https://meet.example.com/t/${CODE}?utm=kakao`);
});

test("the same server under another name still gets its code", () => {
  isTicket(`https://192.168.0.7:8443/t/${CODE}`);
});

test("a typed code may have spaces, hyphens, small and full-width letters", () => {
  isTicket("abcde-fghij klmno_pqrst uvwx27");
  isTicket("ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸ２７");
  isTicket(`\u200b ${CODE}\r\n`);
});

test("0, 1 and 8 are taken for the letters they look like", () => {
  assert.equal(parsePayload("01801801801801801801801801", door).code, "OIBOIBOIBOIBOIBOIBOIBOIBOI");
});

test("a scanner typing under a Korean keyboard is understood", () => {
  isTicket("ㅗㅅㅅㅔㄴ://meet.example.com/T/" + CODE.toLowerCase(), door);
  assert.equal(parsePayload("ㅁ".repeat(26), door).code, "A".repeat(26));
  assert.equal(parsePayload("가".repeat(13), door).code, "RK".repeat(13));
});

test("a decomposed syllable gives the same keys as a composed one", () => {
  assert.equal(parsePayload("간".normalize("NFD").repeat(8) + "aa", door).code, "RKS".repeat(8) + "AA");
});

test("anything else is foreign and is cut short", () => {
  for (const text of ["javascript:alert(1)", "<img src=x onerror=alert(1)>", CODE.slice(1), `${CODE}A`, "WIFI:S:cafe;;"]) {
    assert.equal(parsePayload(text, door).kind, "foreign");
  }
  assert.equal(parsePayload("👩‍🎓".repeat(4000), door).text.length <= 2 * PAYLOAD_LIMIT, true);
  assert.equal(Array.from(parsePayload("x".repeat(10_000), door).text).length, PAYLOAD_LIMIT);
});

test("control and direction marks never reach the server or the page", () => {
  assert.deepEqual(parsePayload("a\u0000b\u202ec\u001b[2J", door), { kind: "foreign", text: "abc[2J" });
});

test("nothing is nothing", () => {
  for (const text of ["", "  \n", null, undefined, "\u0000"]) assert.deepEqual(parsePayload(text, door), { kind: "empty" });
});

test("the host event's own QR is known by the organizer's pattern", () => {
  const options = { ...door, hostPatterns: ["https://week.example/badge/*"] };
  assert.equal(parsePayload("HTTPS://week.example/badge/77", options).kind, "host");
  assert.equal(parsePayload("https://week.example/other", options).kind, "foreign");
});

test("a pattern's parts must come in order and may not overlap", () => {
  assert.equal(fitsPattern("a-b-c", "a*b*c"), true);
  assert.equal(fitsPattern("ab", "ab*b"), false);
  assert.equal(fitsPattern("acb", "a*b*c"), false);
  assert.equal(fitsPattern("abc", "abc"), true);
});
