/* Who has their badge, their meal: what the server said, and over it what was tapped here and is not answered yet.
   Knows no page and no network. */

import { keyOf } from "./tick-store.js";
import { uuid4 } from "./uuid.js";

/**
 * A standing is {key, given, at, mark}: `mark` is the id of this phone's own unanswered mark, absent otherwise.
 * `serverNow()` is the server's time in milliseconds.
 */
export function createTickBook({ store, serverNow, now = () => new Date(), makeId = uuid4 }) {
  const book = new Map();

  const note = (rows) => {
    rows.forEach((row) => book.set(row.key, row));
    /* What cannot be written is still in this page. */
    return rows.length ? store.note(rows).catch(() => {}) : Promise.resolve();
  };
  /* The newest counts: an answer from before a tap here does not take that tap back. */
  const isNewer = (key, at) => !(book.get(key)?.mark && Date.parse(book.get(key).at) > Date.parse(at));

  return {
    async load() {
      for (const row of await store.standing().catch(() => [])) if (!book.has(row.key)) book.set(row.key, row);
    },
    /** What a person has by the server's word of `at`; all that it does not name they do not have. */
    learn(registration, ticks, at = new Date(serverNow()).toISOString()) {
      const given = ticks.map((each) => ({ key: keyOf({ registration, ...each }), given: true, at: each.at }));
      const named = new Set(given.map(({ key }) => key));
      const gone = [...book.values()].filter(({ key, mark }) => key.startsWith(`${registration}|`) && !named.has(key) && !mark);
      return note([...given.filter((row) => isNewer(row.key, row.at)), ...gone.map(({ key }) => ({ key, given: false, at }))]);
    },
    /** The mark of a tap: gives the tick, or takes it back. To be kept and sent by the caller. */
    toggled(registration, tick) {
      const key = keyOf({ registration, tick });
      const mark = { id: makeId(), registration, tick, given: !book.get(key)?.given, at: now().toISOString(), shownAt: new Date(serverNow()).toISOString() };
      book.set(key, { key, given: mark.given, at: mark.shownAt, mark: mark.id });
      return mark;
    },
    /** The server's answer to a mark: how that tick stands, unless it was tapped again since. */
    settled(outcome, mark) {
      const key = keyOf(mark);
      const held = book.get(key);
      if (held?.mark && held.mark !== mark.id) return Promise.resolve();
      if (outcome.error) return note([{ key, given: !mark.given, at: mark.shownAt }]);
      return note([{ key, given: outcome.given, at: outcome.at }]);
    },
    /** [{tick, given, at, waiting}] for a person, by the names that the door has. */
    of: (registration, names) => names.map((tick) => {
      const held = book.get(keyOf({ registration, tick }));
      return { tick, given: Boolean(held?.given), at: held?.at ?? null, waiting: Boolean(held?.mark) };
    }),
    forget() {
      book.clear();
      return store.forget().catch(() => {});
    },
  };
}
