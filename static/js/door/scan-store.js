/* Where scans wait until the server has answered them: IndexedDB, or the page's memory where a browser forbids it.
   Both stores have put(scan), all() and remove(ids). */

const STORE = "waiting";

export function memoryStore() {
  const scans = new Map();
  return {
    async put(scan) {
      scans.set(scan.id, scan);
    },
    async all() {
      return [...scans.values()];
    },
    async remove(ids) {
      ids.forEach((id) => scans.delete(id));
    },
  };
}

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open(name, factory) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await asPromise(request);
  /* A newer page wants to change the store: step aside, and open it again at the next use. */
  database.onversionchange = () => database.close();
  return database;
}

/* Strict: done means on the disk, not on its way there. */
function change(database, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore(STORE));
  });
}

/** The store of one door on this phone. */
export async function openScanStore(slug, factory = globalThis.indexedDB) {
  const name = `dongmun-door-${slug}`;
  let database;
  try {
    database = await open(name, factory);
  } catch {
    return memoryStore();
  }

  /* iOS drops the connection of a page that was in the background; one new connection mends that. */
  async function use(act) {
    try {
      return await act();
    } catch {
      database = await open(name, factory);
      return act();
    }
  }

  return {
    put: (scan) => use(() => change(database, (store) => store.put(scan))),
    remove: (ids) => use(() => change(database, (store) => ids.forEach((id) => store.delete(id)))),
    all: () => use(() => asPromise(database.transaction(STORE).objectStore(STORE).getAll())),
  };
}
