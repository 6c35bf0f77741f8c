/* A supervisor takes back the last entry or exit: a row of its own, with a reason. */

import { part } from "./dom.js";
import { createTries } from "./tries.js";

/** `open({scanId, name, cohort, tone})` asks for the reason; `onUndone(outcome, entry)` follows the server's answer. */
export function createUndoView({ api, say, panels, onUndone, onAnswer }) {
  const form = part("undo-form");
  const reason = part("undo-reason");
  const error = part("undo-error");
  const submit = part("undo-submit");
  let target = null;
  const tries = createTries();

  async function send() {
    submit.setAttribute("aria-busy", "true");
    const why = reason.value.trim();
    const answer = await api.undo(tries.idOf([target.scanId, why]), target.scanId, why);
    submit.removeAttribute("aria-busy");
    onAnswer(answer);
    if (answer.how !== "answered" || answer.body.error) {
      error.textContent = answer.body?.reason ?? say("undo_offline");
      return;
    }
    panels.close();
    onUndone(answer.body.outcomes?.[0] ?? answer.body, target);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-busy")) return;
    error.textContent = reason.value.trim() ? "" : say("undo_reason_missing");
    if (reason.value.trim()) send();
    else reason.focus();
  });

  return {
    open(entry) {
      target = entry;
      const leaves = entry.tone === "left";
      part("undo-title").textContent = say(leaves ? "undo_exit" : "undo_entry");
      submit.querySelector("span").textContent = say(leaves ? "undo_exit" : "undo_entry");
      part("undo-who").textContent = [entry.name, entry.cohort].filter(Boolean).join(", ");
      error.textContent = "";
      reason.value = "";
      panels.show("undo");
    },
  };
}
