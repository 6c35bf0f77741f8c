/* The form for a ticket code typed by hand (or by a wedge scanner while the field has the focus). */

import { part } from "./dom.js";

/** `onCode(payload)` gets tickets only; anything else is said at the field and kept there. */
export function createTypedView({ parse, say, onCode }) {
  const form = part("typed-form");
  const input = part("typed-input");
  const error = part("typed-error");

  function complain(text) {
    error.textContent = text;
    input.setAttribute("aria-invalid", text ? "true" : "false");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const payload = parse(input.value);
    if (payload.kind !== "ticket") {
      complain(say(payload.kind === "empty" ? "typed_empty" : "typed_wrong"));
      return input.select();
    }
    complain("");
    input.value = "";
    return onCode(payload);
  });
  input.addEventListener("input", () => complain(""));

  return {
    /* Nothing is selected: the next key must not replace a half of a code. */
    focus: () => input.focus(),
  };
}
