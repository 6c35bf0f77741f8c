/* How many are in, all and by cohort: as the server counted. Without it, as of when it last did. */

import { make, part } from "./dom.js";

function line({ label, in: inside, expected }) {
  return make("tr", {}, [
    make("th", { scope: "row", text: label }),
    make("td", { text: String(inside) }),
    make("td", { text: String(expected) }),
  ]);
}

/** {inside, of} in words; `known` is {in, expected, at} or null. A number that nobody counted is not shown as 0. */
export function countLine({ known, offline }, { say, clock }) {
  if (!known) return { inside: "–", of: offline ? say("count_none") : "" };
  const values = { expected: known.expected.toLocaleString(), time: clock.format(known.at) };
  return { inside: known.in.toLocaleString(), of: say(offline ? "count_of_at" : "count_of", values) };
}

/** The totals are kept on the phone, for a start without a network; the cohorts are not. */
export function createCountsView({ say, clock, storage, slug }) {
  const key = `door-counts-${slug}`;
  let known = kept();
  let cohorts = [];
  let offline = false;

  function kept() {
    try {
      const found = JSON.parse(storage.get(key));
      return Number.isInteger(found?.in) && Number.isInteger(found.expected) ? found : null;
    } catch {
      return null;
    }
  }

  const now = () => new Date(clock.serverNow()).toISOString();

  function draw() {
    const { inside, of } = countLine({ known, offline }, { say, clock });
    part("count-in").textContent = inside;
    part("count-of").textContent = of;
  }

  function show(next) {
    known = { in: next.in, expected: next.expected, at: now() };
    storage.set(key, JSON.stringify(known));
    cohorts = next.by_cohort ?? [];
    part("count-rows").replaceChildren(...cohorts.map(line));
  }

  draw();
  return {
    /** After each answer or its absence: what the server counted, that nothing is new, or that it is silent. */
    heard({ how, body }, reachable) {
      offline = !reachable;
      if (body?.counts) show(body.counts);
      else if (how === "unchanged" && known) known.at = now();
      draw();
    },
    cohorts: () => cohorts,
    forget: () => storage.remove(key),
  };
}
