/* How many are in and have come in, all and by cohort: as the server counted. Without it, as of when it last did. */

import { make, part } from "./dom.js";

function line({ label, in: inside, came, expected }, exits) {
  const numbers = exits ? [inside, came, expected] : [came, expected];
  return make("tr", {}, [make("th", { scope: "row", text: label }), ...numbers.map((number) => make("td", { text: String(number) }))]);
}

/**
 * {inside, of} in words; `known` is {in, came, expected, at} or null, `exits` whether it is noted who leaves. A number
 * that nobody counted is not shown as 0.
 */
export function countLine({ known, offline, exits = false }, { say, clock }) {
  if (!known) return { inside: "–", of: offline ? say("count_none") : "" };
  const values = { came: (known.came ?? known.in).toLocaleString(), expected: known.expected.toLocaleString(), time: clock.format(known.at) };
  const key = exits ? "count_now" : "count_of";
  return { inside: known.in.toLocaleString(), of: say(offline ? `${key}_at` : key, values) };
}

/** The totals are kept on the phone, for a start without a network; the cohorts are not. */
export function createCountsView({ say, clock, storage, slug, rules }) {
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
    const { inside, of } = countLine({ known, offline, exits: rules.current.exits }, { say, clock });
    part("count-in").textContent = inside;
    part("count-of").textContent = of;
    part("count-now").hidden = !rules.current.exits;
    part("count-rows").replaceChildren(...cohorts.map((each) => line(each, rules.current.exits)));
  }

  function show(next) {
    known = { in: next.in, came: next.came, expected: next.expected, at: now() };
    storage.set(key, JSON.stringify(known));
    cohorts = next.by_cohort ?? [];
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
    /** How many are in by the server's last word; null before the first. */
    get inside() {
      return known?.in ?? null;
    },
    forget: () => storage.remove(key),
  };
}
