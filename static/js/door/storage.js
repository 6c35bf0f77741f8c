/** The phone's small memory of choices (camera, sound, mode); a browser that forbids it just forgets. */
export function createStorage(area = () => globalThis.localStorage) {
  const attempt = (act) => {
    try {
      return act(area());
    } catch {
      return null;
    }
  };
  return {
    get: (key) => attempt((store) => store.getItem(key)),
    set: (key, value) => attempt((store) => store.setItem(key, value)),
    remove: (key) => attempt((store) => store.removeItem(key)),
  };
}
