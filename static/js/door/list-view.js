/* The list of people on the screen: drawn in portions as it is scrolled, so that five thousand rows are as light as
   fifty; a row changes where it stands when somebody comes in. */

import { make, part, setIcon } from "./dom.js";
import { book, cohorts, found, stateOf } from "./people-rows.js";

const PORTION = 80;
const ALL = null;

/**
 * `people` is the people store, `inside(line)` who is in; `onPick(line)` is a tap on somebody who may come in,
 * `onTold(line, state)` a tap on somebody who is in. `mayAsk(line)`: who may be tapped though the list refuses them.
 */
export function createListView({ people, inside, say, clock, locale, way, onPick, onTold, mayAsk = () => false, onCode = () => false }) {
  const input = part("list-input");
  const list = part("list-rows");
  const chips = part("list-chips");
  const empty = part("list-empty");
  const count = part("list-count");
  const end = part("list-end");
  const stamp = part("list-row").content.firstElementChild;
  const busy = new Set();
  let rows = [];
  let shown = [];
  let drawn = 0;
  let cohort = ALL;

  const stateNow = (line) => (busy.has(line.r)
    ? { tone: "busy", icon: "clock", text: say("checking"), why: "" }
    : stateOf(line, inside(line), { say, clock, leaves: way.leaves }));
  const slot = (element, name) => element.querySelector(`[data-row-${name}]`);

  function fill(element, row) {
    const { line, twin } = row;
    const state = stateNow(line);
    const tappable = state.tone !== "refused" || mayAsk(line);
    const button = element.firstElementChild;
    button.className = `person person--${state.tone}${twin ? " person--twin" : ""}`;
    button.dataset.reference = line.r;
    if (tappable) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
    slot(element, "name").textContent = say("person", { name: line.n });
    slot(element, "cohort").textContent = line.c;
    slot(element, "hint").textContent = [twin ? line.h : "", state.why].filter(Boolean).join(" · ");
    slot(element, "word").textContent = state.text;
    setIcon(slot(element, "icon"), state.icon);
    return element;
  }

  function more() {
    const next = shown.slice(drawn, drawn + PORTION);
    drawn += next.length;
    list.append(...next.map((row) => fill(stamp.cloneNode(true), row)));
    end.hidden = drawn >= shown.length;
  }

  function draw() {
    const typed = input.value;
    shown = found(rows, { typed, cohort });
    drawn = 0;
    list.replaceChildren();
    more();
    empty.hidden = shown.length > 0;
    part("list-none").textContent = say(rows.length === 0 ? (people.ready ? "list_nobody" : "list_coming") : "list_none_found", { typed: typed.trim() });
    part("list-elsewhere").hidden = rows.length === 0;
    count.textContent = typed.trim() ? say("list_found", { count: shown.length.toLocaleString() }) : "";
  }

  function chip({ key, label, in: there, expected }) {
    const numbers = make("span", { className: "chip__count", text: `${there}/${expected}`, "aria-hidden": "true" });
    const spoken = make("span", { className: "visually-hidden", text: say("chip_count", { inside: there, expected }) });
    const button = make("button", { className: "button button--secondary chip", type: "button", "aria-pressed": String(key === cohort) }, [
      make("span", { text: label }), numbers, spoken,
    ]);
    button.addEventListener("click", () => {
      cohort = key;
      drawChips();
      draw();
      chips.querySelector("[aria-pressed='true']")?.focus();
      part("list-scroll").scrollTop = 0;
    });
    return button;
  }

  function drawChips() {
    const groups = cohorts(rows, inside);
    const sum = (name) => groups.reduce((all, group) => all + group[name], 0);
    const focused = [...chips.children].indexOf(document.activeElement);
    const left = chips.scrollLeft;
    chips.replaceChildren(...[{ key: ALL, label: say("chip_all"), in: sum("in"), expected: sum("expected") }, ...groups].map(chip));
    chips.scrollLeft = left;
    chips.children[focused]?.focus();
  }

  const rowElements = () => [...list.querySelectorAll("button")];

  function picked(event) {
    const button = event.target.closest("button[data-reference]");
    const line = button && people.line(button.dataset.reference);
    if (!line || busy.has(line.r) || button.getAttribute("aria-disabled")) return;
    const state = stateNow(line);
    if (state.tone === "ok") onTold(line, inside(line));
    else onPick(line);
  }

  /* Up and down through field and rows; what is not drawn yet is drawn in time. */
  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = rowElements();
    const at = buttons.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== input) return;
    event.preventDefault();
    if (at + step >= buttons.length - 1) more();
    (at + step < 0 ? input : rowElements()[at + step])?.focus();
  }

  new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && more(), { root: part("list-scroll"), rootMargin: "600px" }).observe(end);
  list.addEventListener("click", picked);
  part("panel-list").addEventListener("keydown", move);
  input.addEventListener("input", draw);
  part("list-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (onCode(input.value)) return clear();
    rowElements()[0]?.focus();
  });

  function clear() {
    input.value = "";
    draw();
  }

  return {
    /** The list is another one: names, states or people have changed. */
    renew() {
      rows = book(people.lines(), { locale });
      if (!rows.some(({ line }) => line.o === cohort)) cohort = ALL;
      drawChips();
      draw();
    },
    /** The same people; who is in may have changed. Rows that stand there are written anew, nothing moves. */
    update() {
      [...list.children].forEach((element, at) => shown[at] && fill(element, shown[at]));
      drawChips();
    },
    busy(reference, is) {
      if (is) busy.add(reference);
      else busy.delete(reference);
      const at = shown.findIndex(({ line }) => line.r === reference);
      if (at >= 0 && list.children[at]) fill(list.children[at], shown[at]);
    },
    clear,
    focus: () => input.focus(),
    get typed() {
      return input.value.trim();
    },
  };
}
