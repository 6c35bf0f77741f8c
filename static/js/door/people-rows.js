/* The list's rows and its cohorts' numbers, as plain values: no page needed to know them. */

import { keyOf, question } from "./people-search.js";

const LAST = new Set(["canceled", "unapproved"]);

/* A seat is held for them, and waits for their yes. */
const isOffered = ({ s, t }) => s === "unapproved" && t === "offered";

/* The names of those who come along, where they were given. */
const withWhom = ({ w }) => (w ?? []).join(", ");

/* Whether the larger event's host has them on its list, where that is worth a word. */
const onHostsList = ({ x }, say) => (x === "not_listed" || x === "unsure" ? say(`host_${x}`) : "");

/* On the way out: whoever is in may go. */
function exitState(line, entry, { say, clock }) {
  const size = line.p ?? 1;
  if (entry?.people) {
    const why = size > 1 ? say("party_in", { inside: entry.people, size }) : entry.at ? say("row_in", { time: clock.format(entry.at) }) : "";
    return { tone: "ready", icon: "sign-out", text: say("do_exit"), why };
  }
  const text = entry?.left ? say(entry.waiting ? "row_left_waiting" : "row_left", { time: clock.format(entry.left) }) : say("row_not_in");
  return { tone: "gone", icon: entry?.left ? "sign-out" : "minus", text, why: "" };
}

/** `entry` is {people, at, left, waiting}: who of the ticket is in, since when, who has left when; null for nobody. */
export function stateOf(line, entry, { say, clock, leaves = false }) {
  const size = line.p ?? 1;
  if (leaves) return exitState(line, entry, { say, clock });
  if (entry && entry.people >= size) {
    const at = entry.at ? say("row_in", { time: clock.format(entry.at) }) : say("row_inside");
    return { tone: "ok", icon: entry.waiting ? "clock" : "check-circle", text: entry.waiting ? say("row_in_waiting") : at, why: "" };
  }
  if (line.s === "admitted") {
    const some = entry?.people ? say("party_in", { inside: entry.people, size }) : size > 1 ? say("row_people", { count: size }) : "";
    const left = entry?.left ? say("row_left", { time: clock.format(entry.left) }) : "";
    return { tone: "ready", icon: "user-check", text: say("row_confirmed"), why: [some, withWhom(line), left, onHostsList(line, say)].filter(Boolean).join(" · ") };
  }
  const called = line.s === "called_off";
  const refused = line.v && !called ? say("row_released", { time: clock.format(line.v) }) : say(called ? "verdict_called_off" : `row_${line.t}`);
  return { tone: "refused", icon: line.s === "waitlisted" ? "clock" : "x-circle", text: refused, why: say(isOffered(line) ? "list_then_offered" : `list_then_${line.s}`) };
}

/** Every line once, in the order of the list, with what searching it needs. */
export function book(lines, { locale = "ko" } = {}) {
  const order = new Intl.Collator(locale);
  const names = new Map();
  for (const { n } of lines) names.set(n, (names.get(n) ?? 0) + 1);
  const rows = lines.map((line) => ({ line, key: keyOf(line.n), along: (line.w ?? []).map(keyOf), twin: names.get(line.n) > 1, last: LAST.has(line.s) }));
  return rows.sort((a, b) => a.last - b.last || order.compare(a.line.n, b.line.n) || order.compare(a.line.c, b.line.c) || (a.line.r < b.line.r ? -1 : 1));
}

/** Those of a cohort (null: of all) whom the typed text means, or with whom somebody comes whom it means. */
export function found(rows, { typed = "", cohort = null }) {
  const fits = question(typed);
  return rows.filter(({ line, key, along }) => (cohort === null || line.o === cohort) && (fits(key) || along.some(fits)));
}

const ordinal = (key) => (key === "none" ? Infinity : Number(key));

/** [{key, label, in, expected}] by cohort, counted in people as the organizer's numbers are. */
export function cohorts(rows, inside) {
  const all = new Map();
  for (const { line } of rows) {
    const people = inside(line)?.people ?? 0;
    const expected = line.s === "admitted" ? (line.p ?? 1) : people;
    if (!expected) continue;
    const held = all.get(line.o) ?? { key: line.o, label: line.c, in: 0, expected: 0 };
    all.set(line.o, { ...held, in: held.in + people, expected: held.expected + expected });
  }
  return [...all.values()].sort((a, b) => ordinal(a.key) - ordinal(b.key));
}
