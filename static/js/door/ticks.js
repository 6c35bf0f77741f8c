/* Ticks under a verdict: large buttons, one tap each, kept on the phone first and sent after the scans. */

import { part } from "./dom.js";
import { createOutbox } from "./outbox.js";
import { createTickBook } from "./tick-book.js";

/* A finger that was on its way to the last guest's button, or bounces, is not meant for this one. */
const SETTLE_MS = 500;

/** {pressed, note} of one tick, in words. */
export function tickNote({ given, at, waiting }, { say, clock }) {
  const word = given ? say("tick_given", { time: clock.format(at) }) : waiting ? say("tick_back") : "";
  return [word, waiting ? say("sync_waiting") : ""].filter(Boolean).join(" · ");
}

/** A mark as the server takes it. */
export const markAsSent = ({ shownAt, ...mark }) => mark;

/** Whether ticks belong under this view: somebody who is in, known by their reference. */
export const takesTicks = (view) => Boolean(view?.reference) && ["ok", "already"].includes(view.tone);

/**
 * `first()` sends the scans that wait: they go before ticks. `onTap()` follows each tap, `onWaiting(count)` what waits.
 */
export function createTicks({ store, post, lock, first, say, clock, rules, onTap, onAnswer, onWaiting, now = () => performance.now() }) {
  const book = createTickBook({ store, serverNow: clock.serverNow });
  const place = part("ticks");
  const pattern = part("tick-pattern");
  let shown = null;
  let since = 0;

  const outbox = createOutbox({
    store, lock, onAnswer, onWaiting,
    post: async (marks) => ((await first(), post(marks.map(markAsSent)))),
    onOutcome(outcome, mark) {
      book.settled(outcome, mark);
      draw();
    },
  });

  function button(standing) {
    const made = pattern.content.firstElementChild.cloneNode(true);
    made.setAttribute("aria-pressed", String(standing.given));
    made.dataset.tick = standing.tick;
    part("tick-name", made).textContent = standing.tick;
    part("tick-note", made).textContent = tickNote(standing, { say, clock });
    return made;
  }

  function draw() {
    const names = takesTicks(shown) ? rules.current.ticks : [];
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.tick : null;
    place.hidden = names.length === 0;
    place.replaceChildren(...book.of(shown?.reference, names).map(button));
    if (focused) [...place.children].find(({ dataset }) => dataset.tick === focused)?.focus();
  }

  function tapped(tick) {
    if (now() - since < SETTLE_MS) return;
    since = now();
    outbox.add(book.toggled(shown.reference, tick));
    draw();
    onTap();
  }

  place.addEventListener("click", (event) => {
    event.stopPropagation();
    const chosen = event.target.closest("[data-tick]");
    if (chosen) tapped(chosen.dataset.tick);
  });

  return {
    load: () => book.load(),
    /** The verdict that is on the screen, or null. */
    show(view) {
      if (view?.reference !== shown?.reference) since = now();
      shown = view;
      draw();
    },
    /** What the server says with a scan's answer. */
    learn(person) {
      if (person?.ticks) book.learn(person.reference, person.ticks);
    },
    flush: outbox.flush,
    report: outbox.report,
    /** This phone's right has ended: what it knows goes, what it has not sent stays. */
    forget: () => book.forget(),
  };
}
