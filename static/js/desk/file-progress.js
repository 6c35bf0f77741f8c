// [data-follow="address"]: shows how far a file is until it is settled, while the page can be seen.
const EVERY_MS = 2000;
const TIMEOUT_MS = 6000;

const part = document.querySelector('[data-follow]');
const news = document.querySelector('[data-follow-news]');
const said = () => part.querySelector('[data-follow-says]')?.textContent.replace(/\s+/g, ' ').trim() ?? '';
const isUnderWay = () => part.querySelector('[data-meter]') !== null;
let timer = null;

/* What is said is said aloud once; the focus stays where it was as far as that is still there. */
function put(html) {
  const before = said();
  const held = part.contains(document.activeElement);
  part.innerHTML = html;
  if (said() !== before) news.textContent = said();
  if (held) part.querySelector('a, button')?.focus({ preventScroll: true });
}

async function look() {
  const response = await fetch(part.dataset.follow, {
    cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 404) return location.reload();
  if (response.ok) put(await response.text());
}

async function follow() {
  clearTimeout(timer);
  if (document.visibilityState !== 'visible' || !isUnderWay()) return;
  await look().catch(() => {});
  clearTimeout(timer);
  if (isUnderWay()) timer = setTimeout(follow, EVERY_MS);
}

document.addEventListener('visibilitychange', follow);
addEventListener('online', follow);
timer = setTimeout(follow, EVERY_MS);
