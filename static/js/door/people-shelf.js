/* Where the list of people lies on the phone: IndexedDB, each bucket encrypted under the key that the server gave this
   phone for its shift; or the page's memory where a browser forbids it. Names are in clear only in the page.

   What this protects against, and what not, docs/door-api.md says under "The list of people". */

import { bytesOf } from "./base64.js";
import { deleteDatabase, openDatabase } from "./database.js";

/** Also known to service-worker.js, which wipes the list when the door is closed to this phone. */
export const peopleName = (slug) => `dongmun-people-${slug}`;

const NONCE = 12;
const FACTS = "facts";
const BUCKETS = "buckets";
const text = new TextEncoder();

/** The server's key, so that it can be used and kept but not read out again. */
export const shiftKey = (base64, subtle = globalThis.crypto.subtle) =>
  subtle.importKey("raw", bytesOf(base64), "AES-GCM", false, ["encrypt", "decrypt"]);

export async function sealBucket(name, lines, key, crypto = globalThis.crypto) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const plain = text.encode(JSON.stringify(lines));
  return { nonce: iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(name) }, key, plain) };
}

export async function openBucket(name, { nonce, sealed }, key, crypto = globalThis.crypto) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: text.encode(name) }, key, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

export const memoryPeopleShelf = () => ({ load: async () => null, change: async () => {}, wipe: async () => {} });

const make = (database) => [FACTS, BUCKETS].forEach((store) => database.createObjectStore(store));

export async function openPeopleShelf(slug, factory = globalThis.indexedDB) {
  const name = peopleName(slug);
  const open = () => openDatabase(name, 1, make, factory);
  let database;
  try {
    database = await open();
  } catch {
    return memoryPeopleShelf();
  }

  return {
    /** {facts, buckets: [[name, lines]]}, or null. What does not open is as if it were not there. */
    async load() {
      const [kept, sealed] = await Promise.all([database.get(FACTS, "list"), database.entries(BUCKETS)]);
      if (!kept) return null;
      const buckets = await Promise.all(sealed.map(async ([at, row]) => [at, await openBucket(at, row, kept.key)]));
      return { facts: kept.facts, key: kept.key, buckets };
    },
    /** Facts and changed buckets together, or nothing of it; `fresh`: instead of all that was there. */
    async change({ fresh, facts, key, buckets }) {
      const rows = await Promise.all(buckets.map(async ([at, lines]) => [at, lines.length ? await sealBucket(at, lines, key) : null]));
      await database.change([FACTS, BUCKETS], (store) => {
        if (fresh) store(BUCKETS).clear();
        rows.forEach(([at, row]) => (row ? store(BUCKETS).put(row, at) : store(BUCKETS).delete(at)));
        store(FACTS).put({ facts, key }, "list");
      }, { durability: "relaxed" });
    },
    /** Key and list go; an empty shelf stays open, as the organizer may allow the list again. */
    async wipe() {
      database.close();
      await deleteDatabase(name, factory);
      database = await open();
    },
  };
}
