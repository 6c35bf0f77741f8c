/* Where scans wait until the server has answered them, and who came in and left by this phone: IndexedDB, or the
   page's memory where a browser forbids it (`durable` says which). The answered ones are in answered-scans.js. Passages {id, way, at, gate, people, synced, override}
   (standing.js) are kept under the look-up of the code, never under the code. */

import { ANSWERED, createAnswered, dropOld, forget, lastOf, move, revive } from "./answered-scans.js";
import { openDatabase } from "./database.js";
import { makeScanKey, openScan, sealScan } from "./scan-sealing.js";

const VERSION = 3;
const [WAITING, KEYS, ENTRIES] = ["waiting", "keys", "entries"];

export const scansName = (slug) => `dongmun-door-${slug}`;

/** These passages with another one, in the place of what stood there under its id. */
export const replaced = (passages, passage) => [...passages.filter(({ id }) => id !== passage.id), passage];

/* By which the phone let somebody in, or did not: also while the answer is on its way. */
const isJudged = ({ let_in: people }) => people !== undefined;

/* An earlier release kept one entry a ticket. */
const passagesOf = (row) => row?.passages ?? (row?.id ? [{ way: "in", people: 1, ...row, synced: row.synced ? 1 : false }] : []);

export function memoryStore() {
  const scans = new Map();
  const answered = new Map();
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
    get: async (id) => scans.get(id),
    async remove(ids, kept = [], untold = []) {
      const staying = untold.filter((id) => scans.has(id) && isJudged(scans.get(id)));
      ids.filter((id) => !staying.includes(id)).forEach((id) => scans.delete(id));
      kept.filter(({ id }) => !staying.includes(id)).forEach((scan) => (answered.delete(scan.id), answered.set(scan.id, scan)));
      return staying;
    },
    last: async () => [...answered.keys()].at(-1) ?? null,
    async revive() {
      answered.forEach((scan) => scans.set(scan.id, { ...scan, again: true }));
      answered.clear();
    },
    forgetAnswered: async () => answered.clear(),
    async pass(scan, key, decide) {
      if (!scans.has(scan.id)) return undefined;
      const before = entries.get(key)?.passages ?? [];
      const passage = decide(before);
      if (!passage) return null;
      scans.set(scan.id, scan);
      entries.set(key, { key, passages: replaced(before, passage) });
      return passage;
    },
    async letIn(scan, remark, key, passage) {
      if (scans.has(scan.id)) scans.set(scan.id, scan);
      scans.set(remark.id, remark);
      entries.set(key, { key, passages: replaced(entries.get(key)?.passages ?? [], passage) });
    },
    passages: async (key) => entries.get(key)?.passages ?? [],
    entries: async () => [...entries.values()],
    note: async (key, change) => void entries.set(key, { key, passages: change(entries.get(key)?.passages ?? []) }),
    async forget(fits) {
      for (const [key, { passages }] of entries) entries.set(key, { key, passages: passages.filter((each) => !fits(each, key)) });
    },
  };
}

function upgrade(database) {
  const missing = (name) => !database.objectStoreNames.contains(name);
  if (missing(WAITING)) database.createObjectStore(WAITING, { keyPath: "id" });
  if (missing(KEYS)) database.createObjectStore(KEYS);
  if (missing(ENTRIES)) database.createObjectStore(ENTRIES, { keyPath: "key" });
  if (missing(ANSWERED)) createAnswered(database);
}

/* The rows under these ids, in one go and inside a transaction. */
function eachOf(ids, rows, act) {
  const found = [];
  if (ids.length === 0) act(found);
  ids.forEach((id) => {
    rows.get(id).onsuccess = ({ target }) => found.push(target.result) === ids.length && act(found);
  });
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
    await dropOld(database);
  } catch {
    return memoryStore();
  }

  /* That it was judged can be read without the key: it is decided by in a transaction, which waits for none. */
  const rowOf = async (scan) => ({ ...(await sealScan(scan, key)), ...(isJudged(scan) ? { judged: true } : {}) });

  return {
    durable: true,
    async put(scan) {
      const row = await rowOf(scan);
      await database.change([WAITING], (store) => store(WAITING).put(row));
    },
    /** Write more about a scan, unless it has been answered and is gone. */
    async amend(scan) {
      const row = await rowOf(scan);
      await database.change([WAITING], (store) => {
        const there = store(WAITING).getKey(scan.id);
        there.onsuccess = () => there.result !== undefined && store(WAITING).put(row);
      });
    },
    /** One of those that wait; undefined once it has been answered. */
    async get(id) {
      const row = await database.get(WAITING, id);
      return row && openScan(row, key);
    },
    /**
     * These have been answered; `kept` are those of them, as they would be sent again, that a restored server may have lost.
     * `untold`: sent before the phone had judged them. Which of these it has judged meanwhile comes back: they stay.
     */
    async remove(ids, kept = [], untold = []) {
      const rows = await Promise.all(kept.map((scan) => sealScan(scan, key)));
      return database.change([WAITING, ANSWERED, KEYS], (store, answer) => {
        eachOf(untold, store(WAITING), (found) => {
          const staying = new Set(found.filter((row) => row?.judged).map(({ id }) => id));
          answer([...staying]);
          ids.filter((id) => !staying.has(id)).forEach((id) => store(WAITING).delete(id));
          move(rows.filter(({ id }) => !staying.has(id)), store(ANSWERED), store(KEYS));
        });
      });
    },
    /** The id of the scan that the server answered last, as far as this phone keeps it; null for none. */
    last: () => lastOf(database, KEYS),
    /** What was answered waits again, marked `again`. */
    revive: () => database.change([WAITING, ANSWERED, KEYS], (store) => revive(store(ANSWERED), store(WAITING), store(KEYS))),
    forgetAnswered: () => database.change([ANSWERED, KEYS], (store) => forget(store(ANSWERED), store(KEYS))),
    /* A row that this key does not open helps nobody; it stays and stops no other. */
    async all() {
      const open = async (row) => ({ ...(await openScan(row, key)), ...(row.again ? { again: true } : {}) });
      const opened = await Promise.allSettled((await database.all(WAITING)).map(open));
      return opened.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
    },
    /**
     * Let somebody through: `decide(passages)` gives the passage, null for none. It and the scan are written in one
     * transaction with the look at what was there; what comes back is on the disk. undefined: the scan waits no more,
     * as it has been answered, and nothing is written.
     */
    async pass(scan, name, decide) {
      const row = await rowOf(scan);
      return database.change([WAITING, ENTRIES], (store, answer) => {
        const there = store(WAITING).getKey(scan.id);
        const before = store(ENTRIES).get(name);
        before.onsuccess = () => {
          if (there.result === undefined) return;
          const passages = passagesOf(before.result);
          const passage = decide(passages);
          answer(passage);
          if (!passage) return;
          store(WAITING).put(row);
          store(ENTRIES).put({ key: name, passages: replaced(passages, passage) });
        };
      });
    },
    /** Let somebody in by a person's word: scan (unless it has been answered), remark and entry in one transaction. */
    async letIn(scan, remark, name, passage) {
      const [row, said] = await Promise.all([rowOf(scan), rowOf(remark)]);
      await database.change([WAITING, ENTRIES], (store) => {
        const there = store(WAITING).getKey(scan.id);
        there.onsuccess = () => there.result !== undefined && store(WAITING).put(row);
        store(WAITING).put(said);
        const before = store(ENTRIES).get(name);
        before.onsuccess = () => store(ENTRIES).put({ key: name, passages: replaced(passagesOf(before.result), passage) });
      });
    },
    passages: async (name) => passagesOf(await database.get(ENTRIES, name)),
    /** All of them, by ticket: {key, passages}. */
    entries: async () => (await database.all(ENTRIES)).map((row) => ({ key: row.key, passages: passagesOf(row) })),
    /** Write a ticket's passages anew: `change(passages)` gives them. */
    note: (name, change) => database.change([ENTRIES], (store) => {
      const before = store(ENTRIES).get(name);
      before.onsuccess = () => store(ENTRIES).put({ key: name, passages: change(passagesOf(before.result)) });
    }, { durability: "relaxed" }),
    /** Drop the passages that `fits(passage, key)`. */
    forget: (fits) => database.change([ENTRIES], (store) => {
      const walk = store(ENTRIES).openCursor();
      walk.onsuccess = () => {
        const at = walk.result;
        if (!at) return;
        const held = passagesOf(at.value);
        const passages = held.filter((each) => !fits(each, at.value.key));
        if (passages.length === 0) at.delete();
        else if (passages.length < held.length) at.update({ key: at.value.key, passages });
        at.continue();
      };
    }, { durability: "relaxed" }),
  };
}
