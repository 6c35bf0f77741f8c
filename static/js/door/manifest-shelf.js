/* Where the sealed list lies on the phone: IndexedDB, or the page's memory where a browser forbids it.
   A shelf has load() → {facts, buckets, arrivals}, change({fresh, facts, buckets, arrivals}), note(facts) and wipe(). */

import { deleteDatabase, openDatabase } from "./database.js";

/** Also known to service-worker.js, which wipes the list when the door is closed to this phone. */
export const listName = (slug) => `dongmun-list-${slug}`;

const STORES = ["facts", "buckets", "arrivals"];

export function memoryShelf() {
  let kept = { facts: null, buckets: [], arrivals: [] };
  return {
    load: async () => kept,
    async change({ fresh, facts, buckets, arrivals }) {
      const merged = (old, changes) => [...new Map([...(fresh ? [] : old), ...changes])].filter(([, value]) => value !== null);
      kept = { facts, buckets: merged(kept.buckets, buckets), arrivals: merged(kept.arrivals, arrivals) };
    },
    note: async (facts) => void (kept = { ...kept, facts }),
    wipe: async () => void (kept = { facts: null, buckets: [], arrivals: [] }),
  };
}

export async function openShelf(slug, factory = globalThis.indexedDB) {
  const name = listName(slug);
  const make = (database) => STORES.forEach((store) => database.createObjectStore(store));
  let database;
  try {
    database = await openDatabase(name, 1, make, factory);
  } catch {
    return memoryShelf();
  }

  const write = (store, [key, value]) => (value === null ? store.delete(key) : store.put(value, key));

  return {
    async load() {
      const [facts, buckets, arrivals] = await Promise.all([database.get("facts", "list"), database.entries("buckets"), database.entries("arrivals")]);
      return { facts: facts ?? null, buckets, arrivals };
    },
    /* The facts say which buckets and arrivals are there: all of a delta, or nothing of it. */
    change: ({ fresh, facts, buckets, arrivals }) => database.change(STORES, (store) => {
      if (fresh) ["buckets", "arrivals"].forEach((each) => store(each).clear());
      buckets.forEach((entry) => write(store("buckets"), entry));
      arrivals.forEach((entry) => write(store("arrivals"), entry));
      store("facts").put(facts, "list");
    }, { durability: "relaxed" }),
    note: (facts) => database.change(["facts"], (store) => store("facts").put(facts, "list"), { durability: "relaxed" }),
    wipe() {
      database.close();
      return deleteDatabase(name, factory);
    },
  };
}
