/* From a scan to the verdict on the screen, and what can be tapped under it. */

import { createHeldCodes } from "./dedupe.js";
import { createLastView } from "./last-view.js";
import { createPartyView, partyScan } from "./party-view.js";
import { withReason } from "./reasons.js";
import { createCameBack } from "./came-back.js";
import { createRecent, createRecentView } from "./recent-view.js";
import { createReleaseView } from "./release-view.js";
import { happenedAt } from "./scan.js";
import { takesTicks } from "./ticks.js";
import { createTurnstile } from "./turnstile.js";
import { outcomeView, overrideView } from "./verdict-model.js";
import { createVerdictView } from "./verdict-view.js";

/* A verdict with something to tap under it is left until it can have been tapped. */
const TAPPING_MS = 15_000;

export function createAdmitting(parts) {
  const { api, say, clock, mode, rules, way, sound, maySupervise, outbox, judge } = parts;

  /* Who is in by a tap on this phone can be taken back also when they are looked up again. */
  const withUndo = (view) => (view?.tone === "already" ? { ...view, undoes: recent.entryOf(view.reference) } : view);

  function show(view) {
    const covering = parts.door.takes(view) ? null : withUndo(view);
    verdict.show(covering);
    party.show(covering);
    parts.ticks.show(parts.rehearsal.on ? null : covering);
    release.show(covering);
    if (view?.quiet) return;
    if (view) sound.signal(view.tone);
    else parts.sheets.focusOpen();
  }

  const hasTaps = (view) => view.chance || view.party || view.action === "back" || (takesTicks(view) && rules.current.ticks.length && !parts.rehearsal.on);

  const turnstile = createTurnstile({
    stays: (view) => (hasTaps(view) ? Math.max(view.stays, TAPPING_MS) : view.stays),
    parse: parts.parse, say, clock, mode, maySupervise, show, held: createHeldCodes(), atGate: (scan) => way.atWay(rules.atGate(scan)), send: outbox.add,
    judge: withReason(judge.judge, parts),
    whose: judge.whose,
    aside: (payload) => parts.rehearsal.aside(payload),
    reachable: () => parts.link.reachable,
    tracksExits: () => rules.current.exits,
    onCameIn: (scan, people) => outbox.add(partyScan(scan.id, people)),
    onJudged(scan, view) {
      last.note(view);
      parts.door.settled(scan.registration);
    },
    onSettled(outcome, scan, view, late, shown) {
      parts.door.settled(scan.registration);
      parts.override.settled(scan.id);
      if (shown === "override" || shown === "back") return;
      if (shown && shown !== "unknown") last.settled(view);
      else last.note(view, late ? clock.format(happenedAt(scan)) : "");
    },
  });

  /* The server let somebody in by another way than a scan. */
  function admitted(outcome) {
    const view = outcomeView(outcome, { say, clock });
    turnstile.put(view);
    last.note(view);
  }

  function overrideKept(scan, override) {
    turnstile.letIn(scan, overrideView(scan, override.reason, say), "override");
    outbox.follow(override);
  }

  function overrideSettled(outcome, override) {
    if (outcome.error) return turnstile.putLater(outcomeView(outcome, { say, clock }));
    judge.overrideStored(override).catch(() => {});
    return last.settled({ ...outcomeView(outcome, { say, clock }), scanId: override.of });
  }

  /* This phone stands at the other way now: what is on the screen is over, and the next scan counts there. */
  function turned() {
    turnstile.dismiss();
    parts.door.renew();
  }

  const undo = (entry) => parts.undo.open(entry);
  const recent = createRecent();
  const recentView = createRecentView({ recent, say, clock, onUndo: undo });
  const last = createLastView({ say, clock, maySupervise, recent, onChange: recentView.draw, onUndo: undo });
  const party = createPartyView({
    say, send: outbox.add,
    onTap: () => turnstile.linger(),
    onFewer: (scan, fewer) => judge.corrected(scan, fewer).then(parts.door.lookAgain).catch(() => {}),
  });
  const release = createReleaseView({ api, say, rules, onAnswer: parts.heard, onTap: () => turnstile.linger(), onAdmitted: admitted });
  const cameBack = createCameBack({ say, clock, outbox, judge, turnstile, last, people: () => party.count });
  const verdict = createVerdictView({
    say, maySupervise,
    onDismiss: turnstile.dismiss,
    onAdmit: (view) => ({ admit: turnstile.admit, here: cameBack.here, back: cameBack.back })[view.action](view),
    onSearch() {
      turnstile.dismiss();
      parts.panels.show("search");
    },
    onUndo(view) {
      turnstile.dismiss();
      undo(view.undoes ?? view);
    },
    onOverride({ scan, title }) {
      turnstile.dismiss();
      parts.override.open(scan, title);
    },
  });
  Object.assign(parts, { turnstile, last, turned, admitted, overrideKept, overrideSettled, cameBack });
}
