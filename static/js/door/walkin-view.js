/* Somebody without a registration: a name, a cohort or guest, one tap. Only a supervisor's page has the sheet. */

import { part } from "./dom.js";
import { createTries } from "./tries.js";

const ASKS = ["walk_in_over", "walk_in_kept"]; // refusals that a second yes overrules

/** `onCode(text)` takes a ticket's code, true if it was one; `onAdmitted(outcome)` follows the server's green; `rules.current.walk_ins` says whether the meetup takes any. */
export function createWalkinView({ api, say, panels, rules, onAdmitted, onAnswer, onCode = () => false }) {
  const form = part("walkin-form");
  if (!form) return { open() {}, draw() {} };
  const name = part("walkin-name");
  const error = part("walkin-error");
  const submit = part("walkin-submit");
  const over = part("walkin-over");
  const other = part("walkin-other");
  const tries = createTries();

  const cohort = () => form.elements["walkin-cohort"].value;
  const busy = () => submit.getAttribute("aria-busy") === "true";

  /* Somebody who may be registered already is sent in the same words, or they would be two. */
  function hold(unsure) {
    name.readOnly = unsure;
    part("walkin-cohort").disabled = unsure;
  }

  function clear() {
    tries.forget();
    hold(false);
    other.hidden = true;
    name.value = "";
    error.textContent = "";
    over.hidden = true;
    form.elements["walkin-cohort"].value = "none";
  }

  /* The sheet may be closed already, and another one open. */
  function leave() {
    clear();
    if (panels.open === "walkin") panels.close();
  }

  async function send(past) {
    const person = { name: name.value.trim(), cohort: cohort() };
    submit.setAttribute("aria-busy", "true");
    other.hidden = true;
    hold(true);
    const answer = await api.walkIn({ id: tries.idOf(person), ...person, over: past, gate: rules.gate });
    submit.removeAttribute("aria-busy");
    tries.heard(answer);
    hold(tries.unsure);
    other.hidden = !tries.unsure;
    onAnswer(answer);
    if (answer.how !== "answered") {
      error.textContent = answer.body?.reason ?? say("walkin_offline");
      over.hidden = !ASKS.includes(answer.body?.error);
      return;
    }
    leave();
    onAdmitted(answer.body);
  }

  function tried(past) {
    if (busy()) return;
    if (onCode(name.value)) return leave();
    error.textContent = name.value.trim() ? "" : say("walkin_unnamed");
    if (name.value.trim()) send(past);
    else name.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tried(event.submitter === over);
  });
  form.addEventListener("input", () => (over.hidden = true));
  other.addEventListener("click", () => (clear(), name.focus()));

  return {
    /** Empty for the next person; words on their way or of an unanswered try stay, so that trying again is the same try. */
    open() {
      if (!busy() && !tries.unsure && !error.textContent) clear();
    },
    draw() {
      part("walkin-open").hidden = !rules.current.walk_ins;
    },
  };
}
