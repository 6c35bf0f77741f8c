/* A row of the list, as plain values. People of one name are told apart by cohort first, then by their hint. */

function namesakes(people) {
  const seen = new Map();
  for (const { name } of people) seen.set(name, (seen.get(name) ?? 0) + 1);
  return seen;
}

function stateOf(person, { say, clock, leaves }) {
  if (leaves && person.in) return { tone: "ready", text: say("do_exit") };
  if (leaves) return { tone: "gone", text: person.left_at ? say("row_left", { time: clock.format(person.left_at) }) : say("row_not_in") };
  if (person.in) return { tone: "ok", text: say("row_in", { time: clock.format(person.in_at) }) };
  if (person.status === "confirmed") return { tone: "ready", text: say("row_confirmed") };
  return { tone: "refused", text: say(`row_${person.status}`) };
}

/** [{person, name, cohort, hint, state: {tone, text}, twin}] in the order the server gave. */
export function rowsOf(people, { say, clock, leaves = false }) {
  const count = namesakes(people);
  return people.map((person) => ({
    person,
    name: person.name,
    cohort: person.cohort ?? "",
    hint: person.hint ?? "",
    twin: count.get(person.name) > 1,
    state: stateOf(person, { say, clock, leaves }),
    left: !leaves && person.left_at ? say("row_left", { time: clock.format(person.left_at) }) : "",
  }));
}
