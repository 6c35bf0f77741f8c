/* Several people on one ticket: all go through together unless the door says how many, by a stepper under the verdict. */

import { part } from "./dom.js";
import { uuid4 } from "./uuid.js";
import { passes } from "./verdict-model.js";

/** How the stepper stands: {count, least, most, left}; null where there is nothing to choose. `left`: who is not in, or on the way out who still is. */
export function stepperOf(party, chosen = party?.by_this, leaves = false) {
  if (!party || party.by_this < 1) return null;
  const others = leaves ? party.in : party.size - party.in;
  return { count: chosen, least: 1, most: party.by_this, left: others + party.by_this - chosen };
}

/* Of a party all of whom are in by the phone's list, whoever stands there had gone out: one, unless the door says more. */
const backAgain = ({ size }, chosen = 1) => stepperOf({ size, in: size, by_this: size }, chosen);

/** "Only so many went through by that scan": goes the way of the scans. */
export function partyScan(of, admits, { now = () => new Date(), makeId = uuid4 } = {}) {
  return { id: makeId(), kind: "party", of, admits, scanned_at: now().toISOString() };
}

/**
 * `send(scan)` is the outbox's; `onFewer(scan, fewer)` tells the phone's own memory; `onTap()` keeps the verdict. Where
 * a tap is to say that they come in at all, that tap tells the number.
 */
export function createPartyView({ say, send, onFewer, onTap }) {
  const place = part("party");
  const [fewer, more] = [part("party-fewer"), part("party-more")];
  /* What was chosen for a scan: the server's answer to it may come after. */
  const chosen = new Map();
  let view = null;

  const leaves = () => view?.tone === "left";
  const asks = () => view?.action === "back" && Boolean(view.party);
  function held() {
    if (asks()) return backAgain(view.party, chosen.get(view.scanId));
    return stepperOf(view && passes(view) ? view.party : null, chosen.get(view?.scanId), leaves());
  }

  function draw() {
    const stepper = held();
    place.hidden = !stepper;
    if (!stepper) return;
    part("party-count").textContent = String(stepper.count);
    fewer.setAttribute("aria-disabled", String(stepper.count <= stepper.least));
    more.setAttribute("aria-disabled", String(stepper.count >= stepper.most));
    const { size } = view.party;
    part("party-label").textContent = say(labelOf());
    const inside = leaves() ? stepper.left : size - stepper.left;
    const rest = leaves() ? say("party_still", { inside, size }) : say("party_left", { inside, size });
    part("party-left").textContent = stepper.left > 0 && !asks() ? rest : "";
  }

  const labelOf = () => (asks() ? "party_back_now" : leaves() ? "party_out_now" : "party_in_now");

  function step(by) {
    const stepper = held();
    const next = stepper.count + by;
    onTap();
    if (next < stepper.least || next > stepper.most) return;
    chosen.set(view.scanId, next);
    if (!["back", "here"].includes(view.action)) tell(next, by);
    draw();
  }

  function tell(next, by) {
    send(partyScan(view.scanId, next));
    if (view.scan) onFewer(view.scan, -by);
  }

  place.addEventListener("click", (event) => {
    event.stopPropagation();
    if (fewer.contains(event.target)) step(-1);
    if (more.contains(event.target)) step(1);
  });

  return {
    draw,
    /** How many people the verdict on the screen is about, as chosen under it. */
    get count() {
      return held()?.count ?? 1;
    },
    show(next) {
      view = next;
      draw();
    },
  };
}
