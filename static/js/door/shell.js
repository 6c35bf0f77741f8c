/* The page kept on the phone, so that it opens without a network: service-worker.js does it, this asks for it. */

const CACHES = "door-shell-";

/** Only in a secure page; elsewhere the scanner works as long as the server does. */
export function installShell({ url, container = navigator.serviceWorker, onFlush = () => {} }) {
  container?.addEventListener("message", ({ data }) => data?.type === "flush" && onFlush());
  return container?.register(url, { scope: "/door/", updateViaCache: "none" }).catch(() => null) ?? Promise.resolve(null);
}

/** Ask the browser to wake this page when the network is back; few can (not on iOS). */
export async function wakeWhenOnline(container = navigator.serviceWorker) {
  const registration = await container?.getRegistration("/door/").catch(() => null);
  await registration?.sync?.register("door-scans").catch(() => {});
}

/** This phone's right has ended: its page must not open from the phone any more. */
export async function forgetPage(path, store = globalThis.caches) {
  for (const name of (await store?.keys()) ?? []) {
    if (name.startsWith(CACHES)) await (await store.open(name)).delete(path);
  }
}

/** Ask the browser not to throw the scans away when it needs room. */
export function keepStorage() {
  return navigator.storage?.persist?.().catch(() => false);
}
