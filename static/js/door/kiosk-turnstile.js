/* Self check-in: one guest at a time, one of five screens ("checking", "ok", "staff", "practice", or null: waiting). Whatever is not
   green is "staff": why is between the guest and the staff. Knows no page and no network. */

import { masked } from "./masking.js";
import { isPractice } from "./rehearsal-model.js";
import { scanOfPayload } from "./scan.js";

/* How long the server may think before the tablet judges, and before the guest is sent on to the staff. */
const FALL_BACK_MS = 1500;
const PATIENCE_MS = 8000;
const STAYS = { ok: 4000, staff: 8000 };
/* Several people have a number to look at, and may want to change it. */
const PARTY_MS = 12_000;

/**
 * `atGate(scan)` adds where the tablet stands; `send(scan)` puts a scan into the outbox; its outcome comes back through `settled`. `judge(scan)` is the tablet's own
 * word, null where it has none; `refused(scan)`: without an answer the guest was sent to the staff; `show({screen, name, people, party, scan} | null)` draws.
 */
export function createKioskTurnstile({ parse, held, atGate = (scan) => scan, send, judge, refused = () => {}, reachable, show, now = () => performance.now(), setTimer = setTimeout, clearTimer = clearTimeout }) {
  let view = null;
  let current = null;
  let timer = null;

  const stays = ({ screen, people }) => (people > 1 ? PARTY_MS : (STAYS[screen] ?? PATIENCE_MS));

  function time() {
    clearTimer(timer);
    timer = setTimer(() => (view.screen === "checking" ? sendOn(current) : put(null)), stays(view));
  }

  function put(next, scan = null) {
    clearTimer(timer);
    view = next;
    current = scan;
    if (next) time();
    show(next);
  }

  /* Without an answer: should the server let them in after all, nobody sees it here. */
  function sendOn(scan) {
    refused(scan);
    put({ screen: "staff" });
  }

  function settled(outcome, scan) {
    if (current?.id !== scan.id) return;
    if (outcome?.verdict !== "ok") return put({ screen: "staff" });
    const name = outcome.person?.name ? masked(outcome.person.name) : "";
    put({ screen: "ok", name, table: outcome.person?.table ?? null, people: outcome.party?.by_this ?? 1, party: outcome.party, scan });
  }

  async function fallBack(scan) {
    if (current?.id !== scan.id) return;
    const outcome = await judge(scan).catch(() => null);
    if (current?.id !== scan.id) return;
    /* A server that is only slow may know better than a list that says no; patience ends in "staff" by itself. */
    if (outcome?.verdict === "ok") settled(outcome, scan);
    else if (!reachable()) sendOn(scan);
  }

  function take(payload) {
    if (payload.kind !== "ticket") return put({ screen: "staff" });
    if (isPractice(payload.code)) return put({ screen: "practice" });
    /* So the server knows also where the tablet has become a staff phone before it is sent. */
    const scan = atGate({ ...scanOfPayload(payload, "camera"), self: true });
    put({ screen: "checking" }, scan);
    send(scan);
    if (reachable()) setTimer(() => fallBack(scan), FALL_BACK_MS);
    else fallBack(scan);
  }

  const keyOf = (payload) => payload.code ?? payload.text;

  return {
    /** What one camera frame holds: the first ticket, else anything. Under a screen nothing else is taken. */
    sighted(texts) {
      const payloads = texts.map(parse).filter(({ kind }) => kind !== "empty");
      const payload = payloads.find(({ kind }) => kind === "ticket") ?? payloads[0];
      if (!payload) return;
      if (!view && held.isNew(keyOf(payload), now())) take(payload);
      else held.touch(keyOf(payload), now());
    },
    /** From a wedge scanner: always meant. */
    read(payload) {
      if (view || payload.kind === "empty") return;
      held.isNew(keyOf(payload), now());
      take(payload);
    },
    settled,
    /** The server did not answer. */
    unreachable: () => current && fallBack(current),
    /** Somebody is busy with what is shown: it stays as long as a new one. */
    linger: () => view && time(),
    dismiss: () => view?.screen !== "checking" && put(null),
    get view() {
      return view;
    },
  };
}
