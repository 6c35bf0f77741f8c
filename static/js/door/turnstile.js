/* Decides what becomes of each thing that is read: new or held in view, to be sent, to be asked about first,
   shown now or after the verdict that is on the screen. Knows no page and no network. */

import { askView, checkingView, hostView, lateView, outcomeView, waitingView } from "./verdict-model.js";
import { scanOfPayload, scanOfPerson } from "./scan.js";

const PATIENCE_MS = 3500;

/**
 * `parse(text)` is payload.js's; `send(scan)` puts a scan into the outbox; `show(view | null)` draws.
 * Outcomes come back through `settled(outcome, scan)`.
 */
export function createTurnstile({ parse, held, send, show, say, clock, mode, onSettled = () => {},
  now = () => performance.now(), setTimer = setTimeout, clearTimer = clearTimeout }) {
  let view = null;
  let since = 0;
  let currentId = null;
  let admit = null;
  let timer = null;
  const later = [];
  /* Sent and not answered, by what was scanned: the same guest again is the same scan, not a second entry. */
  const open = new Map();

  function put(next, id = null, person = null) {
    clearTimer(timer);
    view = next;
    since = now();
    currentId = id;
    if (next.tone === "checking") timer = setTimer(() => put(waitingView(say, person), id), PATIENCE_MS);
    else if (next.stays) timer = setTimer(dismiss, next.stays);
    show(next);
  }

  function dismiss() {
    clearTimer(timer);
    admit = null;
    view = null;
    currentId = null;
    const next = later.shift();
    if (next) put(next);
    else show(null);
  }

  /* A verdict is left long enough to be read before another code takes its place. */
  const free = () => view === null || (view.tone !== "checking" && now() - since >= view.holds && later.length === 0);

  const subject = (scan) => scan.code ?? scan.registration ?? scan.payload;

  function submit(scan, person = null) {
    admit = null;
    const sent = open.get(subject(scan));
    put(checkingView(say), (sent ?? scan).id, person);
    if (sent) return;
    open.set(subject(scan), scan);
    send(scan);
  }

  function ask(scan, person = null) {
    put(askView(say, person));
    admit = () => submit(scan, person);
  }

  function handle(payload, method) {
    if (payload.kind === "host") return put(hostView(say));
    const scan = scanOfPayload(payload, method);
    return mode.current === "confirm" && payload.kind === "ticket" ? ask(scan) : submit(scan);
  }

  const keyOf = (payload) => payload.code ?? payload.text;

  return {
    /** What one camera frame holds. A ticket goes before anything else in the same frame. */
    sighted(texts) {
      const payloads = texts.map(parse).filter((payload) => payload.kind !== "empty");
      payloads.sort((a, b) => (b.kind === "ticket") - (a.kind === "ticket"));
      const tickets = payloads.filter((payload) => payload.kind === "ticket");
      const candidates = tickets.length ? tickets : payloads;
      for (const payload of candidates) {
        if (free() && held.isNew(keyOf(payload), now())) handle(payload, "camera");
        else held.touch(keyOf(payload), now());
      }
    },
    /** Typed or from a wedge scanner: always meant, so never taken for a code held in view. */
    typed(payload) {
      if (payload.kind === "empty") return;
      held.isNew(keyOf(payload), now());
      handle(payload, "typed");
    },
    picked(person) {
      const scan = scanOfPerson(person);
      if (mode.current === "confirm") ask(scan, person);
      else submit(scan, person);
    },
    settled(outcome, scan) {
      if (open.get(subject(scan))?.id === scan.id) open.delete(subject(scan));
      const next = outcomeView(outcome, { say, clock });
      const late = lateView(next, scan, { say, clock });
      const current = scan.id === currentId;
      onSettled(outcome, scan, next, !current);
      if (current) return put(view.tone === "waiting" ? late : next);
      /* Answered after its turn: a green one is only a line, so that an hour's backlog does not flood the screen. */
      if (next.tone === "ok") return undefined;
      return view === null ? put(late) : later.push(late);
    },
    /** Show something that did not come from a scan of this moment (an undo). */
    put,
    admit: () => admit?.(),
    dismiss,
    get view() {
      return view;
    },
  };
}
