/* IndexedDB with promises, for the phone's two stores. */

export function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function opened(name, version, upgrade, factory) {
  const request = factory.open(name, version);
  request.onupgradeneeded = () => upgrade(request.result);
  const database = await asPromise(request);
  /* A newer page wants to change the store, or somebody deletes it: step aside, and open it again at the next use. */
  database.onversionchange = () => database.close();
  return database;
}

/** A database whose connection mends itself once: iOS drops that of a page that was in the background. */
export async function openDatabase(name, version, upgrade, factory = globalThis.indexedDB) {
  let database = await opened(name, version, upgrade, factory);

  async function use(act) {
    try {
      return await act();
    } catch (error) {
      if (error?.name !== "InvalidStateError" && error?.name !== "UnknownError") throw error;
      database = await opened(name, version, upgrade, factory);
      return act();
    }
  }

  /* Strict: done means on the disk, not on its way there. Resolves at `oncomplete` and not before. */
  function transact(stores, act, durability) {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, "readwrite", { durability });
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error);
      act((store) => transaction.objectStore(store), (value) => (result = value));
    });
  }

  return {
    /** `act(store, answer)` works on the named stores as one transaction; `answer(value)` is what comes back. */
    change: (stores, act, { durability = "strict" } = {}) => use(() => transact(stores, act, durability)),
    all: (store) => use(() => asPromise(database.transaction(store).objectStore(store).getAll())),
    get: (store, key) => use(() => asPromise(database.transaction(store).objectStore(store).get(key))),
    entries: (store) => use(() => {
      const at = database.transaction(store).objectStore(store);
      return Promise.all([asPromise(at.getAllKeys()), asPromise(at.getAll())]).then(([keys, values]) => keys.map((key, i) => [key, values[i]]));
    }),
    close: () => database.close(),
  };
}

export function deleteDatabase(name, factory = globalThis.indexedDB) {
  return asPromise(factory.deleteDatabase(name));
}
