/* Where scans wait until the server has answered them, and who came in by this phone: IndexedDB, or the page's memory
   where a browser forbids it (`durable` says which). An entry {key, id, at, gate, synced, override} is kept under the look-up
   of the code, never under the code. */

import { openDatabase } from "./database.js";
import { makeScanKey, openScan, sealScan } from "./scan-sealing.js";

const VERSION = 2;
const [WAITING, KEYS, ENTRIES] = ["waiting", "keys", "entries"];

export const scansName = (slug) => `dongmun-door-${slug}`;

export function memoryStore() {
  const scans = new Map();
  const entries = new Map();
  return {
    durable: false,
    async put(scan) {
      scans.set(scan.id, scan);
    },
    async amend(scan) {
      if (scans.has(scan.id)) scans.set(scan.id, scan);
    },
    async all() {
      return [...scans.values()];
    },
    async remove(ids) {
      ids.forEach((id) => scans.delete(id));
    },
    async admit(scan, entry) {
      const first = entries.get(entry.key);
      if (first && first.id !== entry.id) return first;
      scans.set(scan.id, scan);
      entries.set(entry.key, entry);
      return null;
    },
    async override(scan, override, entry) {
      if (scans.has(scan.id)) scans.set(scan.id, scan);
      scans.set(override.id, override);
      entries.set(entry.key, entry);
    },
    entry: async (key) => entries.get(key) ?? null,
    entries: async () => [...entries.values()],
    note: async (entry) => void entries.set(entry.key, entry),
    async forget(fits) {
      for (const [key, entry] of entries) if (fits(entry)) entries.delete(key);
    },
  };
}

function upgrade(database) {
  const missing = (name) => !database.objectStoreNames.contains(name);
  if (missing(WAITING)) database.createObjectStore(WAITING, { keyPath: "id" });
  if (missing(KEYS)) database.createObjectStore(KEYS);
  if (missing(ENTRIES)) database.createObjectStore(ENTRIES, { keyPath: "key" });
}

/* Two pages that start at once end up with one key: the first one written. */
async function keyIn(database) {
  const made = await makeScanKey();
  return database.change([KEYS], (store, answer) => {
    const kept = store(KEYS).get("scans");
    kept.onsuccess = () => {
      if (!kept.result) store(KEYS).put(made, "scans");
      answer(kept.result ?? made);
    };
  });
}

/* Scans that an earlier release kept in clear. */
async function sealLeftovers(database, key) {
  const clear = (await database.all(WAITING)).filter((row) => !row.sealed);
  const rows = await Promise.all(clear.map((scan) => sealScan(scan, key)));
  if (rows.length) await database.change([WAITING], (store) => rows.forEach((row) => store(WAITING).put(row)));
}

/** The store of one door on this phone. */
export async function openScanStore(slug, factory = globalThis.indexedDB) {
  let database;
  let key;
  try {
    database = await openDatabase(scansName(slug), VERSION, upgrade, factory);
    key = await keyIn(database);
    await sealLeftovers(database, key);
  } catch {
    return memoryStore();
  }

  return {
    durable: true,
    async put(scan) {
      const row = await sealScan(scan, key);
      await database.change([WAITING], (store) => store(WAITING).put(row));
    },
    /** Write more about a scan, unless it has been answered and is gone. */
    async amend(scan) {
      const row = await sealScan(scan, key);
      await database.change([WAITING], (store) => {
        const there = store(WAITING).getKey(scan.id);
        there.onsuccess = () => there.result !== undefined && store(WAITING).put(row);
      });
    },
    remove: (ids) => database.change([WAITING], (store) => ids.forEach((id) => store(WAITING).delete(id))),
    /* A row that this key does not open helps nobody; it stays and stops no other. */
    async all() {
      const opened = await Promise.allSettled((await database.all(WAITING)).map((row) => openScan(row, key)));
      return opened.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
    },
    /**
     * Let somebody in, if nobody came in under this key before: scan and entry in one transaction. The earlier entry
     * if there is one, else null, and then both are on the disk.
     */
    async admit(scan, entry) {
      const row = await sealScan(scan, key);
      return database.change([WAITING, ENTRIES], (store, answer) => {
        const before = store(ENTRIES).get(entry.key);
        before.onsuccess = () => {
          const first = before.result && before.result.id !== entry.id ? before.result : null;
          answer(first);
          if (first) return;
          store(WAITING).put(row);
          store(ENTRIES).put(entry);
        };
      });
    },
    /** Let somebody in by a supervisor's word: scan (unless it has been answered), override and entry in one transaction. */
    async override(scan, override, entry) {
      const [row, remark] = await Promise.all([sealScan(scan, key), sealScan(override, key)]);
      await database.change([WAITING, ENTRIES], (store) => {
        const there = store(WAITING).getKey(scan.id);
        there.onsuccess = () => there.result !== undefined && store(WAITING).put(row);
        store(WAITING).put(remark);
        store(ENTRIES).put(entry);
      });
    },
    entry: async (name) => (await database.get(ENTRIES, name)) ?? null,
    entries: () => database.all(ENTRIES),
    note: (entry) => database.change([ENTRIES], (store) => store(ENTRIES).put(entry), { durability: "relaxed" }),
    forget: (fits) => database.change([ENTRIES], (store) => {
      const walk = store(ENTRIES).openCursor();
      walk.onsuccess = () => {
        const at = walk.result;
        if (!at) return;
        if (fits(at.value)) at.delete();
        at.continue();
      };
    }, { durability: "relaxed" }),
  };
}
