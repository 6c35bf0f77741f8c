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

function open(name, factory) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return asPromise(request);
}

function databaseStore(database) {
  /* Strict: done means on the disk, not on its way there. */
  const change = (act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      act(transaction.objectStore(STORE));
    });
  return {
    put: (scan) => change((store) => store.put(scan)),
    remove: (ids) => change((store) => ids.forEach((id) => store.delete(id))),
    all: () => asPromise(database.transaction(STORE).objectStore(STORE).getAll()),
  };
}

/** The store of one door on this phone. */
export async function openScanStore(slug, factory = globalThis.indexedDB) {
  try {
    return databaseStore(await open(`dongmun-door-${slug}`, factory));
  } catch {
    return memoryStore();
  }
}
