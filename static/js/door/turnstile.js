/* Decides what becomes of each thing that is read: new or held in view, to be sent, to be asked about first,
   shown now or after the verdict that is on the screen, judged by the server or, without it, by the phone.
   Knows no page and no network. */

import { askView, checkingView, conflictView, hostView, lateView, offlineView, outcomeView, passes, waitingView } from "./verdict-model.js";
import { scannedNow, scanOfPayload, scanOfPerson } from "./scan.js";

/* How long the server may think before the phone judges, and before the screen says that nobody does. */
const FALL_BACK_MS = 1500;
const PATIENCE_MS = 3500;
/* How long whoever this phone has refused is taken to stand there still. */
const HERE_MS = 60_000;
const LET_THROUGH = new Set(["ok", "left", "override", "back"]);

/**
 * `parse(text)` is payload.js's; `atGate(scan)` adds where this phone stands, and at which way; `send(scan)` puts a scan into the outbox; `show(view | null)` draws.
 * Outcomes come back through `settled(outcome, scan)`. `judge(scan)` is the phone's own word (phone-judge.js), null
 * where it has none; `whose(scan)` is whom the phone's list has under that ticket, null for nobody; `aside(payload)` gives {view, go} where something is said and not judged, unless a tap says yes: then after `go()`;
 * `onCameIn(scan, people)`: let in by the server's word, which took the place of this phone's amber on the screen; `tracksExits()`: whether the meetup notes who leaves; `stays(view)` is how long a verdict is left on the screen; `reachable()` is false while the server did not answer at the last try.
 */
export function createTurnstile({ parse, held, atGate = (scan) => scan, send, show, say, clock, mode, maySupervise = false, onSettled = () => {},
  onCameIn = () => {}, tracksExits = () => false, stays = (next) => next.stays, aside = () => null,
  judge = async () => null, whose = async () => null, reachable = () => true, onJudged = () => {}, now = () => performance.now(), setTimer = setTimeout, clearTimer = clearTimeout }) {
  let view = null;
  let since = 0;
  let currentId = null;
  let admit = null;
  let timer = null;
  const later = [];
  /* Sent and not answered, by what was scanned: the same guest again is the same scan, not a second entry. */
  const open = new Map();
  /* What this phone showed for scans that the server has not answered, and when, by id. */
  const told = new Map();
  const judging = new Set();

  function put(next, id = null, person = null) {
    clearTimer(timer);
    /* A wedge scanner waits for no screen: what nobody can have read, of somebody who isn't here any more, comes again. */
    if (view?.afterwards && now() - since < view.holds) later.unshift(view);
    view = next;
    since = now();
    currentId = id;
    if (next.tone === "checking") timer = setTimer(() => put(waitingView(say, person), id), PATIENCE_MS);
    else if (next.stays) timer = setTimer(dismiss, stays(next));
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

  const ticking = () => ({ offsetMs: clock.offsetMs });

  const subject = (scan) => `${scan.kind} ${scan.code ?? scan.registration ?? scan.payload}`;
  const leaves = (scan) => scan.kind === "exit";

  function submit(made, person = null) {
    admit = null;
    const sent = open.get(subject(made));
    const scan = sent ?? made;
    put(checkingView(say), scan.id, person);
    if (!sent) {
      open.set(subject(scan), scan);
      send(scan);
    }
    if (reachable()) setTimer(() => fallBack(scan), FALL_BACK_MS);
    else fallBack(scan);
  }

  /* The phone's own word, unless the server's came first. From then on the same ticket is another scan: who holds it
     up again is somebody who is in already. */
  async function fallBack(scan) {
    const unanswered = () => open.get(subject(scan))?.id === scan.id;
    if (!unanswered() || judging.has(scan.id)) return;
    judging.add(scan.id);
    const outcome = await judge(scan).catch(() => null);
    judging.delete(scan.id);
    if (!outcome || !unanswered()) return;
    open.delete(subject(scan));
    told.set(scan.id, { verdict: outcome.verdict, at: now() });
    const next = { ...offlineView(outcome, { say, clock, maySupervise, leaves: leaves(scan), tracksExits: tracksExits() }), scan };
    onJudged(scan, next);
    if (scan.id === currentId) put(next, scan.id);
    else if (!passes(next)) putLater(lateView(next, scan, { say, clock }));
  }

  const putLater = (next) => (view === null ? put(next) : later.push(next));

  /* The server's answer to a scan that this phone has judged: silence if they agree, else a screen that waits for
     a tap. Whom the list did not know and the server lets in is a line, as any late green. On the way out nothing hangs
     on which of the two was right: the server's word replaces the phone's, and disturbs nobody later. Nor where they had
     gone out, as somebody asked them, and the server knows of no exit yet: should there be none, that is a conflict there. */
  function compared(outcome, scan, next, { shown, current, here }) {
    if (outcome.verdict === shown && !outcome.error) return current ? put({ ...next, ...tapOf(view), quiet: true }, scan.id) : undefined;
    if (leaves(scan) && !outcome.error) return current ? put(next, scan.id) : undefined;
    if (shown === "unknown" && next.tone === "ok") return current ? seen(scan, next) : undefined;
    if (shown === "override" && next.tone === "ok") return current ? put({ ...next, quiet: true }, scan.id) : undefined;
    if (shown === "back" && ["ok", "already"].includes(next.tone)) return undefined;
    const conflict = conflictView(next, scan, shown, { say, clock, here: here && next.tone === "ok" });
    return current ? put(conflict, scan.id) : putLater(conflict);
  }

  /* Green in the place of amber, before whoever stands there. */
  function seen(scan, next) {
    onCameIn(scan, next.party?.by_this || 1);
    put(next, scan.id);
  }

  /* Orange stays the same question when the server says the same. */
  const tapOf = ({ action, admit: label }) => (action === "back" ? { action, admit: label } : {});

  function ask(scan, person = null) {
    const asked = askView(say, person, leaves(scan));
    put(asked);
    admit = () => submit(scannedNow(scan, ticking()), person);
    if (!person) name(scan, asked);
  }

  /* Looked up after the question is on the screen, which waits for nothing. */
  async function name(scan, asked) {
    const person = await whose(scan).catch(() => null);
    if (!person || view !== asked) return;
    put({ ...askView(say, person, leaves(scan)), quiet: true });
    admit = () => submit(scannedNow(scan, ticking()), person);
  }

  function tellAside({ view: next, go }, payload, method) {
    put(next);
    admit = go && (() => (go(), submit(atGate(scanOfPayload(payload, method, ticking())))));
  }

  function handle(payload, method) {
    if (payload.kind === "host") return put(hostView(say));
    const told = aside(payload);
    if (told) return tellAside(told, payload, method);
    const scan = atGate(scanOfPayload(payload, method, ticking()));
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
      const scan = atGate(scanOfPerson(person, ticking()));
      if (mode.current === "confirm") ask(scan, person);
      else submit(scan, person);
    },
    settled(outcome, scan) {
      if (open.get(subject(scan))?.id === scan.id) open.delete(subject(scan));
      const next = { ...outcomeView(outcome, { say, clock, leaves: leaves(scan) }), scan };
      const late = lateView(next, scan, { say, clock });
      const current = scan.id === currentId;
      const judged = told.get(scan.id);
      const shown = judged?.verdict ?? scan.shown ?? null;
      told.delete(scan.id);
      const here = Boolean(judged) && !LET_THROUGH.has(shown) && now() - judged.at < HERE_MS;
      onSettled(outcome, scan, next, !current, shown);
      if (shown) return compared(outcome, scan, next, { shown, current, here });
      if (current) return put(view.tone === "waiting" ? late : next);
      /* Answered after its turn: a green one is only a line, so that an hour's backlog does not flood the screen. */
      if (passes(next)) return undefined;
      return putLater(late);
    },
    /** Somebody let in whom this phone had not, and that is on the disk: `how` is "override" or "back". */
    letIn(scan, next, how) {
      if (told.has(scan.id)) told.set(scan.id, { verdict: how, at: now() });
      onJudged(scan, next);
      put(next, scan.id);
    },
    /** The server did not answer: what waits for it is judged here. */
    unreachable: () => [...open.values()].forEach(fallBack),
    /** Show something that did not come from a scan of this moment (an undo). */
    put,
    putLater,
    /** Somebody is busy with this verdict: it stays as long again, and no other code takes its place now. */
    linger() {
      if (!view?.stays) return;
      clearTimer(timer);
      since = now();
      timer = setTimer(dismiss, stays(view));
    },
    admit: () => admit?.(),
    dismiss,
    get view() {
      return view;
    },
  };
}
