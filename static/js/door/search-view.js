/* Finding people by name, or going through a cohort's list, and checking in by one tap. */

import { make, part } from "./dom.js";
import { rowsOf } from "./people-model.js";

const PAUSE_MS = 200;

/** `onPick(person)` is a tap on a person. `cohorts()` gives [{label}] for the list buttons. `onCode(text)` takes a ticket's code, true if it was one. `listed()`: whether names can be found on this phone, too. */
export function createSearchView({ api, say, clock, cohorts, way, onPick, onAnswer, onCode = () => false, listed = () => false }) {
  const input = part("search-input");
  const list = part("search-results");
  const status = part("search-status");
  const chips = part("search-cohorts");
  let timer = 0;
  let asking = null;
  let isPicked = false;

  function row({ person, name, cohort, hint, left, twin, state }) {
    const main = make("span", { className: "person__name", text: name });
    const group = make("span", { className: "person__cohort", text: cohort });
    const button = make("button", { className: `person person--${state.tone}`, type: "button" }, [
      make("span", { className: "person__who" }, twin ? [group, main] : [main, group]),
      make("span", { className: "person__hint", text: [hint, left].filter(Boolean).join(" · ") }),
      make("span", { className: "person__state", text: state.text }),
    ]);
    if (twin) button.classList.add("person--twin");
    button.addEventListener("click", () => ((isPicked = true), onPick(person)));
    return make("li", {}, [button]);
  }

  function draw(people, more) {
    list.replaceChildren(...rowsOf(people, { say, clock, leaves: way.leaves }).map(row));
    status.textContent = people.length === 0 ? say("search_none") : more ? say("search_more") : "";
  }

  async function run(question) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    status.textContent = say("searching");
    const answer = await question(signal);
    if (signal.aborted) return;
    onAnswer(answer);
    if (answer.how === "answered") draw(answer.body.people ?? [], answer.body.more);
    else status.textContent = answer.body?.reason ?? say(listed() ? "search_offline_list" : "search_offline");
  }

  function reset() {
    asking?.abort();
    list.replaceChildren();
    status.textContent = "";
    drawCohorts();
  }

  function chip(cohort) {
    const button = make("button", { className: "button button--secondary chip", type: "button", text: cohort.label });
    button.addEventListener("click", () => {
      input.value = "";
      run((signal) => api.people(cohort.key ?? cohort.label, signal));
    });
    return button;
  }

  function drawCohorts() {
    chips.replaceChildren(...cohorts().map(chip));
  }

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [input, ...list.querySelectorAll("button")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  function typed() {
    clearTimeout(timer);
    const text = input.value.trim();
    if (!text) return reset();
    timer = setTimeout(() => run((signal) => api.search(text, signal)), PAUSE_MS);
  }

  input.addEventListener("input", typed);
  part("panel-search").addEventListener("keydown", move);
  part("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (onCode(input.value)) return clear();
    list.querySelector("button")?.focus();
  });

  function clear() {
    clearTimeout(timer);
    input.value = "";
    reset();
  }

  return {
    drawCohorts,
    clear,
    /** After a verdict: empty for the next person in the queue, unless it was about somebody else than who is looked for here. */
    goOn() {
      if (isPicked) clear();
      isPicked = false;
      input.focus();
    },
    /** Look for what was typed elsewhere. */
    ask(text) {
      input.value = text;
      typed();
    },
  };
}
