/* What a text is that came from a camera, a wedge scanner or a person's fingers. Only reads: nothing is ever
   executed, navigated to or put into a page as markup. */

import { keysPressed } from "./hangul-keys.js";

/** As much of a foreign text as the server is told. */
export const PAYLOAD_LIMIT = 200;
const READ_LIMIT = 4096;
const CODE = /^[A-Z2-7]{26}$/;
const TICKET_URL = /^https?:\/\/[a-z0-9.:[\]-]{1,255}\/t\/([a-z2-7]{26})\/?$/i;
const HANGUL = /[ㄱ-ㆎ가-힣]/;
/* 0, 1 and 8 are not in the alphabet, so whoever typed them meant the letter that looks like it. */
const LOOKALIKES = { 0: "O", 1: "I", 8: "B" };

function tidy(raw) {
  const text = String(raw ?? "").slice(0, READ_LIMIT).replace(/[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\ufeff]/g, "");
  return text.normalize("NFC").trim();
}

function bareCode(text) {
  const compact = text.replace(/[\s\-_.·]/g, "").toUpperCase().replace(/[018]/g, (digit) => LOOKALIKES[digit]);
  return CODE.test(compact) ? compact : null;
}

function codeIn(raw, ticketPrefix) {
  /* Full-width letters become plain ones; the text itself stays, as this would also take Hangul letters apart. */
  const text = raw.normalize("NFKC");
  if (ticketPrefix && text.toUpperCase().startsWith(ticketPrefix.toUpperCase())) {
    const code = bareCode(text.slice(ticketPrefix.length).replace(/[/?#].*$/, ""));
    if (code) return code;
  }
  /* Another host name for the same server (a LAN address, an old domain) still carries our code; the server judges it. */
  return TICKET_URL.exec(text)?.[1].toUpperCase() ?? bareCode(text);
}

/** True if the text fits the pattern, in which "*" stands for anything; no regular expression, so no slow pattern. */
export function fitsPattern(text, pattern) {
  const parts = pattern.toLowerCase().split("*");
  const subject = text.toLowerCase();
  const last = parts.pop();
  if (parts.length === 0) return subject === last;
  let at = parts[0].length;
  if (!subject.startsWith(parts.shift())) return false;
  for (const part of parts) {
    const found = subject.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return subject.length - last.length >= at && subject.endsWith(last);
}

/**
 * Name what was read: `{kind: "ticket", code}`, `{kind: "host", text}` (the surrounding event's own QR),
 * `{kind: "foreign", text}` (at most PAYLOAD_LIMIT characters) or `{kind: "empty"}`.
 */
export function parsePayload(raw, { ticketPrefix = "", hostPatterns = [] } = {}) {
  const text = tidy(raw);
  if (!text) return { kind: "empty" };
  const code = codeIn(text, ticketPrefix) ?? (HANGUL.test(text) ? codeIn(keysPressed(text), ticketPrefix) : null);
  if (code) return { kind: "ticket", code };
  const kind = hostPatterns.some((pattern) => fitsPattern(text, pattern)) ? "host" : "foreign";
  return { kind, text: Array.from(text).slice(0, PAYLOAD_LIMIT).join("") };
}
