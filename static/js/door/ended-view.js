/* What a phone says whose right has ended: why, and what becomes of the scans that the server has not received. */

import { part } from "./dom.js";

/** The sentence on what lies on the phone: `over` is a shift that ran out (its scans are taken for a week, but for the
 * `held` of them), else withdrawn. */
export function leftLine({ count, held = 0, had, over }, say) {
  if (over && count > held) return say("ended_sending", { count: count - held });
  if (count > 0) return say("ended_left", { count });
  return had ? say("ended_sent") : "";
}

/** `show(body)` takes the server's refusal, `waiting(count, held)` what is still on the phone, and how
 * much of it may not be sent from here. */
export function createEndedView({ say }) {
  const line = part("ended-left");
  let over = false;
  let count = 0;
  let held = 0;
  let had = false;

  function draw() {
    const text = leftLine({ count, held, had, over }, say);
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
    waiting(next, kept = 0) {
      count = next;
      held = kept;
      had ||= next > 0;
      draw();
    },
  };
}
