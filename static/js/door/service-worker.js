/* Keeps the scanner on the phone. The server puts `SHELL` in front of this text: {version, files}, the digest of the
   static files and the list of those that the scanner needs.

   A new version is fetched whole beside the old one and takes over when no door page is open any more: never within a
   shift (no skipWaiting). Pages: the network first, as a phone may have lost its right; then the kept page, if it is
   of this version. Files never change under one address. The API is never touched here. */

const CACHES = "door-shell-";
const CACHE = CACHES + SHELL.version;
const PAGE = /^\/door\/([^/]+)$/;
const PATIENCE_MS = 2500;
const files = new Set(SHELL.files);

const ours = (url) => url.origin === self.location.origin;
const slugOf = (url) => (ours(url) ? PAGE.exec(url.pathname)?.[1] : undefined);
const fitting = (response) => response.ok && response.headers.get("Dongmun-Shell") === SHELL.version;

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.files.map((file) => new Request(file, { credentials: "same-origin" })));
}

async function keepOpenPages() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const kept = await Promise.all((await caches.keys()).filter((name) => name.startsWith(CACHES)).map(async (name) => (await caches.open(name)).keys()));
  const urls = [...pages.map((page) => page.url), ...kept.flat().map((request) => request.url)];
  const paths = new Set(urls.map((url) => new URL(url)).filter(slugOf).map((url) => url.pathname));
  await Promise.allSettled([...paths].map(async (path) => keep(path, await fetch(path, { credentials: "same-origin" }))));
}

async function keep(path, response) {
  if (fitting(response)) await (await caches.open(CACHE)).put(path, response.clone());
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(keepOpenPages)));

async function clean() {
  const old = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}
self.addEventListener("activate", (event) => event.waitUntil(clean()));

/* The server knows this phone no more: neither page nor lists stay. Its unsent scans do, sealed. */
async function close(url) {
  await (await caches.open(CACHE)).delete(url.pathname);
  indexedDB.deleteDatabase(`dongmun-list-${slugOf(url)}`);
  indexedDB.deleteDatabase(`dongmun-people-${slugOf(url)}`);
}

/* A hotel's login page, or a redirect to one, is no word of ours: it would stand where the scanner should open. */
const isOurs = (response) => response.headers.has("X-Request-Id");
const answersNothing = (response) => !isOurs(response) || response.status >= 500 || response.status === 429;

async function fresh(event, url) {
  const response = await fetch(event.request);
  if (response.status === 401 && isOurs(response)) await close(url);
  await keep(url.pathname, response).catch(() => {});
  return response;
}

async function page(event, url) {
  const kept = await (await caches.open(CACHE)).match(url.pathname, { ignoreVary: true });
  const coming = fresh(event, url);
  if (!kept) return coming;
  event.waitUntil(coming.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE_MS));
  return Promise.race([coming.then((response) => (answersNothing(response) ? kept.clone() : response), () => kept.clone()), late]);
}

async function file(request) {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !ours(url)) return;
  if (request.mode === "navigate" && slugOf(url)) event.respondWith(page(event, url));
  else if (files.has(url.pathname)) event.respondWith(file(request));
});

/* The network is back (Background Sync): an open page that sleeps sends its scans. */
async function wake() {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ type: "flush" });
}
self.addEventListener("sync", (event) => event.waitUntil(wake()));
