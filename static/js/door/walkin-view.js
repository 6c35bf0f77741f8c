/* Somebody without a registration: a name, a cohort or guest, one tap. Only a supervisor's page has the sheet. */

import { part } from "./dom.js";
import { uuid4 } from "./uuid.js";

/** `onCode(text)` takes a ticket's code, true if it was one; `onAdmitted(outcome)` follows the server's green; `rules.current.walk_ins` says whether the meetup takes any. */
export function createWalkinView({ api, say, panels, rules, onAdmitted, onAnswer, onCode = () => false }) {
  const form = part("walkin-form");
  if (!form) return { open() {}, draw() {} };
  const name = part("walkin-name");
  const error = part("walkin-error");
  const submit = part("walkin-submit");
  const over = part("walkin-over");
  /* One id for one person as told: a second try changes nothing, other words are another person. */
  let id = null;
  let told = "";

  const cohort = () => form.elements["walkin-cohort"].value;
  const busy = () => submit.getAttribute("aria-busy") === "true";

  function clear() {
    name.value = "";
    error.textContent = "";
    over.hidden = true;
    form.elements["walkin-cohort"].value = "none";
    told = "";
  }

  function leave() {
    clear();
    panels.close();
  }

  function idOf(words) {
    if (words !== told) id = uuid4();
    told = words;
    return id;
  }

  async function send(past) {
    const person = { name: name.value.trim(), cohort: cohort() };
    submit.setAttribute("aria-busy", "true");
    const answer = await api.walkIn({ id: idOf(JSON.stringify(person)), ...person, over: past, gate: rules.gate });
    submit.removeAttribute("aria-busy");
    onAnswer(answer);
    if (answer.how !== "answered") {
      error.textContent = answer.body?.reason ?? say("walkin_offline");
      over.hidden = answer.body?.error !== "walk_in_over";
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

  return {
    /** Empty for the next person; words of an unanswered try stay, so that trying again is the same try. */
    open() {
      if (!error.textContent) clear();
    },
    draw() {
      part("walkin-open").hidden = !rules.current.walk_ins;
    },
  };
}
