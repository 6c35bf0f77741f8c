/* Under "still on the waitlist", on a supervisor's phone: the seat of somebody absent, by one tap. */

import { part } from "./dom.js";
import { uuid4 } from "./uuid.js";

/** The words over the button: their place in line, and how many seats of absent people there are. */
export function chanceLines({ place, left, had_seat: hadSeat }, say) {
  const seats = left > 0 ? say("release_left", { count: left }) : say(hadSeat ? "release_none_had" : "release_none");
  return [say("release_place", { place }), seats];
}

/** What a tap may do: "seat", "over" (for somebody who had a seat, knowingly) or null. */
export const chanceOf = (chance) => (!chance ? null : chance.left > 0 ? "seat" : chance.had_seat ? "over" : null);

/** `onAdmitted(outcome)` follows the server's green. `onTap()` keeps the verdict while the server thinks. */
export function createReleaseView({ api, say, rules, onTap, onAdmitted, onAnswer }) {
  const place = part("release");
  if (!place) return { show() {} };
  const text = part("release-text");
  const error = part("release-error");
  const buttons = { seat: part("release-seat"), over: part("release-over") };
  let view = null;
  /* One id for one person on the screen: a second try is the same try. */
  let id = null;

  function draw(way) {
    for (const [name, button] of Object.entries(buttons)) button.hidden = name !== way;
  }

  async function send(over) {
    const { reference } = view;
    if (place.getAttribute("aria-busy") === "true") return;
    place.setAttribute("aria-busy", "true");
    onTap();
    const answer = await api.release({ id, registration: reference, over, gate: rules.gate });
    place.removeAttribute("aria-busy");
    onAnswer(answer);
    if (answer.how === "answered") return onAdmitted(answer.body);
    if (view?.reference !== reference) return;
    error.textContent = answer.body?.reason ?? say("release_offline");
    if (answer.body?.error === "no_seat_to_release") draw("over");
    onTap();
  }

  place.addEventListener("click", (event) => {
    event.stopPropagation();
    if (buttons.seat.contains(event.target)) send(false);
    if (buttons.over.contains(event.target)) send(true);
  });

  return {
    show(next) {
      if (next?.reference !== view?.reference) id = uuid4();
      view = next;
      place.hidden = !view?.chance;
      error.textContent = "";
      text.textContent = view?.chance ? chanceLines(view.chance, say).join("\n") : "";
      draw(chanceOf(view?.chance));
    },
  };
}
