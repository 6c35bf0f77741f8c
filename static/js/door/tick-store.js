/* Ticks on this phone: marks that the server has not answered, and how each person's ticks stand as far as this phone
   knows. People are known by their public reference, which tells nothing by itself. IndexedDB, or the page's memory. */

import { openDatabase } from "./database.js";

const [WAITING, STANDING] = ["waiting", "standing"];

export const ticksName = (slug) => `dongmun-ticks-${slug}`;

export const keyOf = ({ registration, tick }) => `${registration}|${tick}`;

/** What a mark says of its tick, before the server has: `at` by the server's clock. */
const standingOf = (mark) => ({ key: keyOf(mark), given: mark.given, at: mark.shownAt, mark: mark.id });

export function memoryTickStore() {
  const marks = new Map();
  const standing = new Map();
  return {
    async put(mark) {
      marks.set(mark.id, mark);
      standing.set(keyOf(mark), standingOf(mark));
    },
    all: async () => [...marks.values()],
    remove: async (ids) => ids.forEach((id) => marks.delete(id)),
    standing: async () => [...standing.values()],
    note: async (rows) => rows.forEach((row) => standing.set(row.key, row)),
    forget: async () => standing.clear(),
  };
}

function upgrade(database) {
  database.createObjectStore(WAITING, { keyPath: "id" });
  database.createObjectStore(STANDING, { keyPath: "key" });
}

export async function openTickStore(slug, factory = globalThis.indexedDB) {
  let database;
  try {
    database = await openDatabase(ticksName(slug), 1, upgrade, factory);
  } catch {
    return memoryTickStore();
  }
  return {
    /* A mark and what it says are kept together, or not at all. */
    put: (mark) => database.change([WAITING, STANDING], (store) => {
      store(WAITING).put(mark);
      store(STANDING).put(standingOf(mark));
    }),
    all: () => database.all(WAITING),
    remove: (ids) => database.change([WAITING], (store) => ids.forEach((id) => store(WAITING).delete(id))),
    standing: () => database.all(STANDING),
    note: (rows) => database.change([STANDING], (store) => rows.forEach((row) => store(STANDING).put(row)), { durability: "relaxed" }),
    forget: () => database.change([STANDING], (store) => store(STANDING).clear(), { durability: "relaxed" }),
  };
}
