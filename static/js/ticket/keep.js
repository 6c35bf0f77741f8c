// Keeps the open ticket on this phone, with all that its page needs, so that it opens without a network.
const CACHE = 'tickets-1';
const MOST = 120;

function needed() {
  const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
  const linked = [...document.querySelectorAll('link[rel="stylesheet"], script[src]')].map((element) => element.href || element.src);
  const own = [...loaded, ...linked].filter((url) => url.startsWith(`${location.origin}/static/`));
  return [...new Set(own)];
}

async function trim(cache) {
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map((request) => cache.delete(request)));
}

async function keep() {
  await navigator.serviceWorker.register('/T/sw.js', { scope: '/T/' });
  const cache = await caches.open(CACHE);
  const missing = [];
  for (const url of needed()) if (!(await cache.match(url))) missing.push(url);
  await cache.addAll([...missing, location.href]);
  await trim(cache);
  const said = document.querySelector('[data-kept]');
  if (said) said.textContent = said.dataset.keptText;
}

if ('serviceWorker' in navigator && 'caches' in window && navigator.onLine) {
  addEventListener('load', () => keep().catch(() => {}));
}
