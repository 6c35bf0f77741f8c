/* What a verdict looks like, as plain values: no page needed to know it. */

import { happenedAt } from "./scan.js";

const TONES = {
  ok: "ok", left: "left", not_in: "not_in", already_redeemed: "already", unknown: "unknown", undone: "neutral",
  canceled: "refused", revoked: "refused", invalid: "refused", wrong_meetup: "refused",
  waitlisted: "refused", unapproved: "refused", not_verified: "refused", called_off: "refused",
};
const ICONS = { ok: "check", left: "sign-out", not_in: "info", already: "undo", unknown: "alert", refused: "x", neutral: "info", waiting: "clock", checking: "clock" };
/* Milliseconds until scanning goes on by itself, and until another code may take the screen. */
const STAYS = { ok: 4000, left: 4000, not_in: 9000, already: 9000, unknown: 15_000, refused: 9000, neutral: 9000, waiting: null, checking: null };
const HOLDS = { ok: 1200, left: 1200, not_in: 2500, already: 2500, unknown: 4000, refused: 2500, neutral: 1500, waiting: Infinity, checking: 0 };
const LATE_STAYS = 9000;
const NAME_LIMIT = 120;

const base = (tone, say, fields) => ({
  tone, icon: ICONS[tone], word: say(`word_${tone}`), title: "", name: "", cohort: "", lines: [],
  sync: "", stays: STAYS[tone], holds: HOLDS[tone], action: null, admit: "", scan: null, scanId: null, reference: null, chance: null, party: null, afterwards: false, ...fields,
});

/** Somebody goes through the door, in or out. */
export const passes = ({ tone }) => tone === "ok" || tone === "left";

/* Who holds a ticket that no list knows, as far as anybody can tell. */
const nameless = ({ code }, say) => (code ? say("ticket_ending", { end: `\u2060${code.slice(-4)}` }) : "");

const short = (text, limit = NAME_LIMIT) => {
  const letters = Array.from(String(text ?? ""));
  return letters.length > limit ? `${letters.slice(0, limit - 1).join("")}…` : letters.join("");
};

/* A sentence without its full stop, as a title has none, and to see whether two say the same. */
const bare = (text) => String(text ?? "").trim().replace(/\.$/, "");

/* Why, then what to do: the server's words on a red verdict, and on "already in" where it says what to do; ours where it sent none. */
function told(outcome, tone, { say, clock }) {
  const known = `verdict_${outcome.verdict in TONES ? outcome.verdict : "invalid"}`;
  if (outcome.error) return { title: say("verdict_error"), line: outcome.reason };
  if (tone === "refused") return { title: short(bare(outcome.reason)) || say(known), line: outcome.advice };
  if (tone === "not_in") {
    const gone = outcome.left && say("verdict_gone", { time: clock.format(outcome.left.at) });
    return { title: gone || say(known), line: say("not_in_then") };
  }
  if (tone === "already") return { title: (!outcome.first && short(bare(outcome.reason))) || say(known), line: outcome.advice };
  return { title: say(known), line: tone === "unknown" ? outcome.reason : null };
}

/* "First entry 오후 6:30, 정문", or when they left: `key` names the sentence. */
function whenLine(key, passage, { say, clock }) {
  if (!passage) return null;
  const where = [passage.gate, passage.device].filter(Boolean).map((each) => short(each, 40)).join(", ");
  const time = clock.format(passage.at);
  return where ? say(`${key}_where`, { time, where }) : say(key, { time });
}

/* "3 people", or how many of them are in where not all came by this scan. */
function partyTitle({ verdict, party }, say) {
  if (party && verdict === "left") return party.in === 0 ? say("people", { count: party.by_this }) : say("party_still", { inside: party.in, size: party.size });
  if (!party || party.size === 1 || !["ok", "already_redeemed"].includes(verdict)) return "";
  const all = verdict === "ok" && party.by_this === party.size;
  return all ? say("people", { count: party.size }) : say("party_in", { inside: party.in, size: party.size });
}

/* What stands above the name where the tone alone does not say it. */
function wordOf(outcome, tone, { say, leaves }) {
  if (outcome.verdict === "undone") return { word: say(leaves ? "verdict_exit_undone" : "verdict_undone"), icon: "undo" };
  if (tone === "ok" && outcome.left) return { word: say("word_back") };
  return tone === "refused" && leaves ? { word: say("word_not_noted") } : {};
}

/* Where somebody who is in sits, once the organizers show it. */
function tableLine({ verdict, person }, say) {
  const tells = person?.table && ["ok", "already_redeemed"].includes(verdict);
  return tells ? say("table", { table: person.table }) : null;
}

/* Said to whoever lets somebody in: the larger event's host may not. */
function onHostsList({ verdict, person }, { say, leaves }) {
  const tells = !leaves && ["ok", "already_redeemed"].includes(verdict) && ["not_listed", "unsure"].includes(person?.host);
  return tells ? say(`host_${person.host}`) : null;
}

/** The server's word on a scan; `leaves`: on the way out. A scan that got an error instead of a verdict is refused, in words. */
export function outcomeView(outcome, environment) {
  const { say } = environment;
  const tone = outcome.error ? "refused" : (TONES[outcome.verdict] ?? "refused");
  const first = outcome.verdict === "already_redeemed" ? whenLine("first_entry", outcome.first, environment) : null;
  const back = tone === "ok" ? whenLine("had_left", outcome.left, environment) : null;
  const { title, line } = told(outcome, tone, environment);
  const more = bare(line) === bare(title) ? null : line;
  const undone = outcome.verdict === "undone";
  return base(tone, say, {
    ...wordOf(outcome, tone, environment),
    title: undone ? "" : partyTitle(outcome, say) || (first || back ? "" : title),
    name: outcome.person ? say("person", { name: short(outcome.person.name) }) : "",
    cohort: short(outcome.person?.cohort),
    lines: [tableLine(outcome, say), first, back, more && short(more, 300), outcome.person?.note && short(outcome.person.note, 200), onHostsList(outcome, environment)].filter(Boolean),
    scanId: outcome.id,
    reference: outcome.person?.reference ?? null,
    chance: outcome.chance ?? null,
    party: outcome.party ?? null,
  });
}

/** The same, when the answer came late: says which scan it belongs to, and stays until eyes are back on it. */
export function lateView(view, scan, { say, clock }) {
  const lines = [say("late_line", { time: clock.format(happenedAt(scan)) }), ...view.lines];
  return { ...view, lines, stays: Math.max(view.stays, LATE_STAYS), afterwards: !passes(view) };
}

/* How the registration stands of somebody whose attendance isn't confirmed. */
const REASONS = new Set(["applied", "declined", "offered", "expired"]);

/* What this phone's list adds to a verdict: as of when it is, and what to do where it may be behind. */
function listed({ verdict, foreign, released, status, listedAt }, { say, clock, maySupervise, leaves, tracksExits }) {
  const time = clock.format(listedAt);
  if (verdict === "already_redeemed" && tracksExits) return { line: say("back_ask"), action: "back", admit: say("do_back") };
  if (verdict === "unknown" && leaves) return { title: say("unknown_title", { time }), line: say("unknown_exit") };
  if (verdict === "unknown" && maySupervise) return { title: say("unknown_title", { time }), line: say("unknown_supervise"), action: "override" };
  if (verdict === "unknown") return { title: say("unknown_title", { time }), line: say("unknown_line") };
  if (foreign) return { title: say("verdict_foreign"), line: null };
  if (released) return { title: say("verdict_released", { time: clock.format(released) }), line: say("released_offline", { time }) };
  if (verdict === "unapproved" && REASONS.has(status)) {
    const line = say(status === "offered" ? "offered_offline" : "refused_offline", { time });
    return { title: bare(say(`unapproved_${status}`)), line };
  }
  if (TONES[verdict] === "refused") return { title: say(`verdict_${verdict}`), line: say("refused_offline", { time }) };
  return { line: null };
}

/** This phone's own word on a scan, while the server does not answer; marked so until it has. A supervisor may override amber. */
export function offlineView(outcome, environment) {
  const view = outcomeView(outcome, environment);
  const { line, ...fields } = listed(outcome, environment);
  return { ...view, ...fields, lines: [...view.lines, line].filter(Boolean), sync: environment.say("sync_waiting") };
}

/** Let in by a supervisor's word: on the disk, and on its way. */
export function overrideView(scan, reason, say) {
  return base("ok", say, {
    title: say("verdict_override"), name: nameless(scan, say), lines: [short(reason, 200)],
    sync: say("sync_waiting"), scanId: scan.id,
  });
}

/** Orange by this phone's list, and they say that they had gone out: let in, on the disk, and on its way. */
export function backView(view, people, say) {
  const { name, cohort, reference, scan, scanId } = view;
  return base("ok", say, {
    word: say("word_back"), title: people > 1 ? say("people", { count: people }) : "", name, cohort, reference, scan, scanId,
    lines: [say("back_line")], sync: say("sync_waiting"),
  });
}

/**
 * The server's answer differs from what this phone showed: both are told, until somebody has seen it. `here`: it lets in
 * whom the phone had refused, and they may stand there still; whether they do, a tap says.
 */
export function conflictView(view, scan, shown, { say, clock, here = false }) {
  const time = clock.format(happenedAt(scan));
  const lines = shown === "override"
    ? [say("conflict_override", { time })]
    : [say("conflict_line", { time, shown: say(`verdict_${shown}`) }), ...view.lines];
  const name = view.name || nameless(scan, say);
  const more = here ? { action: "here", admit: say("do_here") } : {};
  return { ...view, name, title: [view.word, view.title].filter(Boolean).join(": "), word: say("word_conflict"), lines, stays: null, holds: Infinity, afterwards: true, ...more };
}

/** Before the server has answered: never green. */
export function checkingView(say) {
  return base("checking", say, { title: say("checking") });
}

/** No answer came in time: kept, tried again, and said so until it is settled or dismissed. */
export function waitingView(say, person = null) {
  return base("waiting", say, {
    title: say("waiting_title"), lines: [say("waiting_line"), say("waiting_then")],
    name: person ? say("person", { name: short(person.name) }) : "", cohort: short(person?.cohort),
  });
}

/** The QR of the event around the meetup: no refusal, the person is found by name. */
export function hostView(say) {
  return base("neutral", say, { title: say("host_title"), lines: [say("host_line")], action: "search" });
}

/** What is not judged, in a rehearsal or for one: "real", "practice", "over_tap", "over_time" or "over_guests". */
export function asideView(kind, say, leaves = false) {
  const quiet = ["practice", "over_tap"].includes(kind);
  const line = kind === "over_tap" ? [] : [say(kind === "real" && leaves ? "aside_real_exit" : `aside_${kind}_line`)];
  const more = quiet ? {} : { stays: null, holds: Infinity };
  return base(kind === "real" ? "unknown" : "neutral", say, {
    word: say(`aside_${kind}_word`), title: say(`aside_${kind}_title`), lines: line, ...(kind === "real" ? admitting(say, leaves) : {}), ...more,
  });
}

/* The button that judges after a look, named after what it does at this way. */
const admitting = (say, leaves) => ({ action: "admit", admit: say(leaves ? "do_exit" : "do_entry") });

/** Confirm mode: who or what is about to be checked in or noted out, and the button that does it. */
export function askView(say, person, leaves = false) {
  const words = leaves
    ? { word: say("word_ask_exit"), title: say("ask_exit") }
    : { word: say("word_ask"), title: person ? say("ask_person") : say("ask_ticket") };
  return base("neutral", say, {
    ...words, ...admitting(say, leaves), icon: "ticket",
    name: person ? say("person", { name: short(person.name) }) : "", cohort: short(person?.cohort), stays: null, holds: Infinity,
  });
}
