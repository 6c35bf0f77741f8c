/* The door that opens on the list: people say their names, one tap checks them in, the scanner is a tab away.
   Puts together the list, what happened to each tap, and the way to take one back. */

import { part } from "./dom.js";
import { createListView } from "./list-view.js";
import { createSnack } from "./list-snack.js";
import { standing } from "./standing.js";
import { createTries } from "./tries.js";
import { passes } from "./verdict-model.js";

const TAB = "door-tab";
/* A wedge scanner types "HTTPS://": a slash that a person typed stands alone. */
const ALONE_MS = 120;

/**
 * `pick(person)` hands a tap to the turnstile, `tell(line, entry)` shows somebody who is in; `list` is the sealed
 * list, `entries()` this phone's own word, `way` where it stands; `onTab(name)` follows "list" or "scan". `mayBeBack()`: whoever is in may have gone out, and is scanned as anybody.
 */
export function createListDoor({ people, api, say, clock, locale, storage, maySupervise, entries, list, way, pick, tell, onTab, onCode, onUndone, onSearch, onAnswer,
  fullScreen = () => false, mayBeBack = () => false }) {
  let own = new Map();
  let pending = null;
  let tab = null;
  let queued = false;

  function inside(line) {
    const key = people.keyOf(line.r);
    const stands = standing({ arrival: list.arrivalOf(key), passages: own.get(key) ?? [], listedAt: list.about?.at, size: line.p ?? 1, isListed: list.isListed });
    if (!stands.inside && !stands.left) return null;
    return { people: stands.inside, at: stands.first?.at ?? null, gate: stands.first?.gate ?? null, left: stands.left?.at ?? null, waiting: stands.waiting };
  }

  function picked(line) {
    pending = line.r;
    pick({ reference: line.r, name: line.n, cohort: line.c });
  }

  const view = createListView({
    people, inside, say, clock, locale, way, onCode,
    mayAsk: (line) => maySupervise && line.s === "waitlisted",
    onPick: picked,
    onTold: (line, state) => (mayBeBack() ? picked(line) : tell(line, state)),
  });

  const tries = createTries();
  const snack = createSnack({
    say, maySupervise,
    async onUndo(shown) {
      const answer = await api.undo(tries.idOf(shown.scanId), shown.scanId, say("undo_tapped"));
      onAnswer(answer);
      if (answer.how !== "answered" || answer.body.error) return snack.trouble(answer.body?.reason ?? say("undo_offline"));
      onUndone(answer.body.outcomes?.[0] ?? answer.body, shown);
      return snack.done(say(shown.tone === "left" ? "snack_exit_undone" : "snack_undone", shown));
    },
  });

  async function lookAgain() {
    if (queued) return;
    queued = true;
    await new Promise((resolve) => setTimeout(resolve, 30));
    queued = false;
    own = new Map((await entries().catch(() => [])).map(({ key, passages }) => [key, passages]));
    view.update();
  }

  function choose(name, { focus = false } = {}) {
    const next = name === "list" && people.allowed ? "list" : "scan";
    if (people.allowed) storage.set(TAB, next);
    if (next === tab) return;
    tab = next;
    document.body.classList.toggle("door--list", tab === "list");
    part("panel-list").hidden = tab !== "list";
    part("stage").hidden = tab === "list";
    for (const each of ["list", "scan"]) part(`tab-${each}`).setAttribute("aria-pressed", String(each === tab));
    if (tab !== "list") snack.hide();
    onTab(tab);
    if (focus && tab === "list") view.focus();
  }

  /* Where the organizer allows no list there is no tab either. */
  function offer() {
    part("tabs").hidden = !people.allowed;
    if (!people.allowed) view.clear();
    choose(people.allowed ? (tab ? tab : (storage.get(TAB) ?? "list")) : "scan");
  }

  let pressedAt = -Infinity;
  let slash = null;
  document.addEventListener("keydown", (event) => {
    clearTimeout(slash);
    const before = event.timeStamp - pressedAt;
    pressedAt = event.timeStamp;
    if (event.key !== "/" || tab !== "list" || before < ALONE_MS || event.target.closest?.("input, select, textarea")) return;
    event.preventDefault();
    slash = setTimeout(() => view.focus(), ALONE_MS);
  });
  part("tab-list").addEventListener("click", () => choose("list"));
  part("tab-scan").addEventListener("click", () => choose("scan"));
  part("list-search").addEventListener("click", () => onSearch(view.typed));

  function shows(next) {
    if (next.tone === "checking") {
      view.busy(pending, true);
      return true;
    }
    if (!passes(next) || next.reference !== pending || fullScreen(next)) {
      if (next.action !== "admit") view.busy(pending, false);
      return false;
    }
    view.busy(pending, false);
    snack.show(next);
    lookAgain();
    return true;
  }

  return {
    offer,
    /** People or their states are others now. */
    renew() {
      offer();
      view.renew();
      lookAgain();
    },
    lookAgain,
    /** A tap has been judged; the row says so. */
    settled(reference) {
      if (reference) view.busy(reference, false);
      lookAgain();
    },
    /**
     * Whether the list itself shows this view: a tap in express mode covers nothing, unless there is something to
     * read or to do. What it does not take covers the screen as any verdict.
     */
    takes(next) {
      if (!next) return false;
      const taken = tab === "list" && pending !== null && shows(next);
      /* The line below the list would offer to take back somebody who came before. */
      if (!taken) snack.hide();
      return taken;
    },
    /** The next verdict is not that of a tap on the list. */
    leave() {
      if (pending) view.busy(pending, false);
      pending = null;
    },
    get tab() {
      return tab;
    },
  };
}
