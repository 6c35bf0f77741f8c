/* How many are in, all and by cohort. */

import { make, part } from "./dom.js";

function line({ label, in: inside, expected }) {
  return make("tr", {}, [
    make("th", { scope: "row", text: label }),
    make("td", { text: String(inside) }),
    make("td", { text: String(expected) }),
  ]);
}

export function createCountsView({ say }) {
  let counts = { in: 0, expected: 0, by_cohort: [] };

  return {
    show(next) {
      if (!next) return;
      counts = next;
      part("count-in").textContent = counts.in.toLocaleString();
      part("count-of").textContent = say("count_of", { expected: counts.expected.toLocaleString() });
      part("count-rows").replaceChildren(...(counts.by_cohort ?? []).map(line));
    },
    cohorts: () => counts.by_cohort ?? [],
  };
}
