/* What a phone says whose right has ended: why, and what becomes of the scans that the server has not received. */

import { part } from "./dom.js";

/** The sentence on what waits: `over` is a shift that ran out (its scans are taken for a week), else withdrawn. */
export function leftLine({ count, had, over }, say) {
  if (count > 0) return say(over ? "ended_sending" : "ended_left", { count });
  return had ? say("ended_sent") : "";
}

/** `show(body)` takes the server's refusal, `waiting(count)` what is still on the phone. */
export function createEndedView({ say }) {
  const line = part("ended-left");
  let over = false;
  let count = 0;
  let had = false;

  function draw() {
    const text = leftLine({ count, had, over }, say);
    if (line.textContent !== text) line.textContent = text;
    (line.closest(".notice") ?? line).hidden = !text;
  }

  return {
    show(body) {
      over = body?.error === "device_expired";
      if (body?.reason) part("ended-reason").textContent = body.reason;
      part("ended").hidden = false;
      draw();
    },
    waiting(next) {
      count = next;
      had ||= next > 0;
      draw();
    },
  };
}
