/* The verdict over the whole screen. The region is always there and speaks (role=status); its inside changes. */

import { part, setIcon } from "./dom.js";
import { passes } from "./verdict-model.js";

/* In Latin letters; a Hangul letter is as wide as two. What is longer is written smaller, to stay in one piece. */
const LONG_NAME = 13;
const LONG_WORD = 14;

const widthOf = (text) => Array.from(text).reduce((sum, letter) => sum + (letter > "\u1100" ? 2 : 1), 0);

/** `show(view | null)`; taps go to onDismiss, and the view's own buttons to onAdmit(view), onSearch, onUndo and onOverride. */
export function createVerdictView({ say, onDismiss, onAdmit, onSearch, onUndo, onOverride, maySupervise }) {
  const screen = part("verdict");
  const behind = part("behind");
  const slot = (name) => screen.querySelector(`[data-verdict-${name}]`);
  const buttons = { admit: part("admit"), search: part("find"), undo: part("undo-green"), override: part("override-open"), go: part("continue") };
  let view = null;
  let before = null;

  screen.addEventListener("click", (event) => {
    if (event.target.closest("[data-part='admit']")) return onAdmit(view);
    if (event.target.closest("[data-part='find']")) return onSearch();
    if (event.target.closest("[data-part='undo-green']")) return onUndo(view);
    if (event.target.closest("[data-part='override-open']")) return onOverride(view);
    return onDismiss();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !view) return;
    /* The sheet under it stays open, for the next one in the queue. */
    event.stopImmediatePropagation();
    onDismiss();
  });

  function write(name, text) {
    const element = slot(name);
    element.textContent = text;
    element.hidden = !text;
  }

  function showButtons() {
    buttons.admit.hidden = !view.admit;
    buttons.search.hidden = view.action !== "search";
    buttons.admit.querySelector("span").textContent = view.admit;
    buttons.undo.hidden = !maySupervise || !(view.undoes || (passes(view) && !view.sync));
    if (buttons.override) buttons.override.hidden = view.action !== "override";
    buttons.go.hidden = view.tone === "checking";
    buttons.go.querySelector("span").textContent = say(view.action === "admit" ? "go_back" : "go_on");
  }

  function fill() {
    screen.className = `verdict verdict--${view.tone}`;
    screen.dataset.verdict = view.tone;
    setIcon(slot("icon"), view.icon);
    write("word", view.word);
    write("name", view.name);
    slot("name").classList.toggle("verdict__name--long", widthOf(view.name) > LONG_NAME);
    slot("name").classList.toggle("verdict__name--word", view.name.split(" ").some((word) => widthOf(word) > LONG_WORD));
    write("cohort", view.cohort);
    write("title", view.title);
    write("note", view.lines.join("\n"));
    write("sync", view.sync);
    showButtons();
  }

  /* Back to where the keyboard was, unless that is a field for which a phone would raise its own keyboard. */
  function giveBack() {
    const quiet = before?.matches("button, summary") || matchMedia("(any-pointer: fine)").matches;
    const { activeElement: focused, body } = document;
    if (quiet && (focused === body || screen.contains(focused))) before?.focus();
    before = null;
  }

  function clear() {
    for (const name of ["word", "name", "cohort", "title", "note", "sync"]) slot(name).textContent = "";
    delete screen.dataset.verdict;
    screen.className = "verdict";
  }

  return {
    show(next) {
      if (next && !view) before = document.activeElement;
      const leaving = view && !next;
      view = next;
      document.body.classList.toggle("door--answered", Boolean(view));
      behind.inert = Boolean(view);
      if (view) fill();
      else clear();
      if (leaving) giveBack();
      if (view?.action === "admit") buttons.admit.focus();
    },
  };
}
