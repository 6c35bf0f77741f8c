/* What the browser tells of this phone, for the "Ready?" sheet. What it does not tell, or not now, is left out. */

const unknown = () => null;

/** A page of an iPhone's or iPad's browser that is not on its home screen: iOS forgets such a page's data. */
export function awayFromHome({ userAgent, platform, maxTouchPoints, standalone }) {
  const apple = /iPhone|iPad|iPod/.test(userAgent) || (platform === "MacIntel" && maxTouchPoints > 1);
  return apple && !standalone;
}

async function room(storage) {
  const [persisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(unknown) ?? null, storage?.estimate?.().catch(unknown) ?? null,
  ]);
  return { persisted, quota: estimate?.quota ?? Infinity, usage: estimate?.usage ?? -1 };
}

/* The page itself is kept last: with it in a cache and a worker to answer, the scanner opens without a network. */
async function shell(path) {
  if (!globalThis.navigator.serviceWorker || !globalThis.caches) return "none";
  const registration = await navigator.serviceWorker.getRegistration("/door/").catch(unknown);
  const kept = await caches.match(path, { ignoreVary: true }).catch(unknown);
  return registration?.active && kept ? "kept" : "coming";
}

let battery;

/** Asked once; the object it gives stays up to date by itself. */
async function power() {
  battery ??= navigator.getBattery?.().catch(unknown) ?? null;
  const found = await battery;
  return found && { level: found.level, charging: found.charging };
}

export async function factsOf({ parts, tried }) {
  const { store, list, people, rules, clock, sound, filming, awake, link } = parts;
  const [storage, shellState, charge] = await Promise.all([room(navigator.storage), shell(location.pathname), power()]);
  const { userAgent, platform, maxTouchPoints } = navigator;
  const standalone = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  return {
    camera: filming.state(),
    list: list.about,
    names: rules.current.lists ? { ready: people.ready, count: people.lines().length } : undefined,
    server: link.online,
    waiting: parts.waiting,
    shell: shellState,
    storage: { durable: store.durable, ...storage },
    clock: { known: clock.known, offsetMs: clock.offsetMs },
    battery: charge,
    sound: { muted: sound.muted, tried },
    awake: awake.state,
    home: awayFromHome({ userAgent, platform, maxTouchPoints, standalone }) ? true : undefined,
  };
}
