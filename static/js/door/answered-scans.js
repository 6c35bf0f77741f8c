/* Scans that the server has answered, kept sealed until the phone's right ends: a server that was put back to an older
   backup has lost the newest of them, and gets them all again. Which it has lost it tells by LAST, the newest of all. */

export const ANSWERED = "answered";
const LAST = "last";
/* More than one phone scans in an evening; beyond them the oldest go, which any backup holds. */
const MOST = 4000;
/* Whose page nobody opened again after the shift; as long as a phone keeps its token. */
const KEPT_MS = 14 * 24 * 3_600_000;

export function createAnswered(database) {
  database.createObjectStore(ANSWERED, { keyPath: "id" }).createIndex("at", "at");
}

export const lastOf = (database, keys) => database.get(keys, LAST).then((id) => id ?? null);

function dropOldest(answered) {
  const counted = answered.count();
  counted.onsuccess = () => {
    let over = counted.result - MOST;
    if (over <= 0) return;
    const walk = answered.index("at").openCursor();
    walk.onsuccess = () => {
      if (!walk.result || over <= 0) return;
      over -= 1;
      walk.result.delete();
      walk.result.continue();
    };
  };
}

/** Sealed rows of what has just been answered. */
export function move(rows, answered, keys, at = Date.now()) {
  if (rows.length === 0) return;
  rows.forEach((row) => answered.put({ ...row, at }));
  keys.put(rows.at(-1).id, LAST);
  dropOldest(answered);
}

/** All of it waits again. */
export function revive(answered, waiting, keys) {
  const all = answered.getAll();
  all.onsuccess = () => {
    for (const { id, nonce, sealed } of all.result) waiting.put({ id, nonce, sealed, again: true });
    forget(answered, keys);
  };
}

export function forget(answered, keys) {
  answered.clear();
  keys.delete(LAST);
}

/**
 * The phone's right has ended. But for a phone that the server does not know: one restored to before it joined does not,
 * and gets the scans when the phone has joined again.
 */
export async function forgetAnswered(store, { error }) {
  if (error !== "device_unknown") await store.forgetAnswered().catch(() => {});
}

export function dropOld(database, now = Date.now()) {
  return database.change([ANSWERED], (store) => {
    const walk = store(ANSWERED).index("at").openCursor(globalThis.IDBKeyRange.upperBound(now - KEPT_MS));
    walk.onsuccess = () => walk.result && (walk.result.delete(), walk.result.continue());
  }, { durability: "relaxed" });
}
