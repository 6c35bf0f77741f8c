/* What people do at the door besides holding up a ticket: the list, the sheets (search, typed code, walk-in, undo), a wedge scanner. */

import { createConflictsView } from "./conflicts-view.js";
import { createListDoor } from "./list-door.js";
import { createOverrideView } from "./override-view.js";
import { createPanels } from "./panels.js";
import { createSearchView } from "./search-view.js";
import { takenBack } from "./taken-back.js";
import { createTypedView } from "./typed-view.js";
import { createUndoView } from "./undo-view.js";
import { outcomeView } from "./verdict-model.js";
import { createWalkinView } from "./walkin-view.js";
import { listenForWedge } from "./wedge-listener.js";

export function createActing(parts) {
  const { config, api, say, clock, storage, rules, way, maySupervise, heard, turnstile, judge, list, parse } = parts;
  const shown = (outcome) => outcomeView(outcome, { say, clock });
  const typedIn = (payload) => parts.over || (parts.door.leave(), turnstile.typed(payload));
  /* A wedge scanner types into whatever field has the focus: a ticket is a ticket there, too. */
  function onCode(text) {
    const payload = parse(text);
    if (payload.kind === "ticket") typedIn(payload);
    return payload.kind === "ticket";
  }

  parts.conflicts = createConflictsView({ say, clock, storage, device: config.device });
  const panels = createPanels(["search", "typed", "settings", "ready", "undo", "conflicts", ...(maySupervise ? ["walkin", "override", "recent"] : [])], {
    onOpen: {
      search: () => search.clear(), walkin: () => parts.walkin.open(), settings: () => parts.filming.drawSettings(),
      ready: () => parts.readiness.begin(), conflicts: parts.conflicts.opened,
    },
    onClose: { ready: () => parts.readiness.end(), conflicts: parts.conflicts.closed },
  });
  const typed = createTypedView({ parse, say, onCode: typedIn });
  const search = createSearchView({ api, say, clock, cohorts: parts.counts.cohorts, way, onPick: turnstile.picked, onAnswer: heard, onCode, listed: () => parts.people.ready });
  parts.panels = panels;
  parts.sheets = {
    /** After a verdict: on with the sheet that is open. */
    focusOpen() {
      if (panels.open === "search") search.goOn();
      else if (panels.open === "typed") typed.focus();
    },
  };

  parts.undo = createUndoView({
    api, say, panels, onAnswer: heard,
    onUndone(outcome, entry) {
      takenBack(parts, entry.scanId);
      const leaves = entry.tone === "left";
      turnstile.put(outcomeView({ ...outcome, verdict: "undone", id: entry.scanId }, { say, clock, leaves }));
    },
  });
  parts.override = createOverrideView({ say, panels, keep: judge.override, onKept: parts.overrideKept });
  parts.walkin = createWalkinView({ api, say, panels, rules, onAnswer: heard, onAdmitted: parts.admitted, onCode });
  parts.door = createListDoor({
    people: parts.people, api, say, clock, storage, maySupervise, onAnswer: heard, locale: config.locale,
    entries: parts.store.entries,
    list, way,
    fullScreen: (view) => view.chance || view.action === "here" || view.party || rules.current.ticks.length > 0,
    pick: turnstile.picked, mayBeBack: () => rules.current.exits && !way.leaves,
    tell: (line, first) => turnstile.put(shown({ verdict: "already_redeemed", person: { name: line.n, cohort: line.c, reference: line.r }, first: { ...first, device: null } })),
    onTab: (tab) => parts.filming.want(tab === "scan"),
    onCode,
    onSearch: (text) => (panels.show("search"), search.ask(text)),
    onUndone: (outcome, entry) => takenBack(parts, entry.scanId),
  });
  listenForWedge((text) => typedIn(parse(text)));
}
