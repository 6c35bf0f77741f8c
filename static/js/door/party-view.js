/* Several people on one ticket: all come in together unless the door says how many, by a stepper under the green. */

import { part } from "./dom.js";
import { uuid4 } from "./uuid.js";

/** How the stepper stands: {count, least, most, left}; null where there is nothing to choose. */
export function stepperOf(party, chosen = party?.by_this) {
  if (!party || party.by_this < 1) return null;
  return { count: chosen, least: 1, most: party.by_this, left: party.size - party.in + party.by_this - chosen };
}

/** "Only so many came in by that scan": goes the way of the scans. */
export function partyScan(of, admits, { now = () => new Date(), makeId = uuid4 } = {}) {
  return { id: makeId(), kind: "party", of, admits, scanned_at: now().toISOString() };
}

/**
 * `send(scan)` is the outbox's; `onFewer(scanId, fewer)` tells the phone's own memory; `onTap()` keeps the verdict.
 */
export function createPartyView({ say, send, onFewer, onTap }) {
  const place = part("party");
  const [fewer, more] = [part("party-fewer"), part("party-more")];
  /* What was chosen for a scan: the server's answer to it may come after. */
  const chosen = new Map();
  let view = null;

  const held = () => stepperOf(view?.tone === "ok" ? view.party : null, chosen.get(view?.scanId));

  function draw() {
    const stepper = held();
    place.hidden = !stepper;
    if (!stepper) return;
    part("party-count").textContent = String(stepper.count);
    fewer.setAttribute("aria-disabled", String(stepper.count <= stepper.least));
    more.setAttribute("aria-disabled", String(stepper.count >= stepper.most));
    const { size } = view.party;
    part("party-left").textContent = stepper.left > 0 ? say("party_left", { inside: size - stepper.left, size }) : "";
  }

  function step(by) {
    const stepper = held();
    const next = stepper.count + by;
    onTap();
    if (next < stepper.least || next > stepper.most) return;
    chosen.set(view.scanId, next);
    send(partyScan(view.scanId, next));
    onFewer(view.scanId, -by);
    draw();
  }

  place.addEventListener("click", (event) => {
    event.stopPropagation();
    if (fewer.contains(event.target)) step(-1);
    if (more.contains(event.target)) step(1);
  });

  return {
    show(next) {
      view = next;
      draw();
    },
  };
}
