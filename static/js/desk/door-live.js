// [data-live-door="address"]: follows the door. Asks while it can be seen; says how old its numbers are when it can't.
import { phrase } from '../site/relative.js';

const EVERY_MS = 2000;
const TIMEOUT_MS = 6000;

const part = document.querySelector('[data-live-door]');
const state = document.querySelector('[data-live-state]');
const news = document.querySelector('[data-live-news]');
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium', timeZone: state.dataset.zone });
let tag = `"${part.dataset.tag}"`;
let at = new Date();
let timer = null;

function say(kind) {
  state.dataset.state = kind;
  state.querySelector('[data-live-text]').textContent = state.dataset[kind].replace('{time}', clock.format(at));
}

const latest = () => part.querySelector('[data-latest]')?.textContent.replace(/\s+/g, ' ').trim() ?? '';

/* "2 minutes ago", the exact time on hover; said anew at each look. */
function relative() {
  for (const time of part.querySelectorAll('time[data-relative]')) {
    time.title ||= time.textContent;
    time.textContent = phrase((Date.parse(time.dateTime) - Date.now()) / 1000, document.documentElement.lang) ?? time.title;
  }
}

/* New numbers; what was open stays open, and the focus stays where it was. */
function put(html) {
  const before = latest();
  const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
  const open = [...part.querySelectorAll('details[open]')].map((each) => each.id);
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (latest() && latest() !== before) news.textContent = latest();
}

async function look() {
  const response = await fetch(part.dataset.liveDoor, {
    headers: { 'If-None-Match': tag }, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 304) {
    if (!response.ok) throw new Error(`answered ${response.status}`);
    put(await response.text());
    tag = response.headers.get('etag');
  }
  at = new Date();
  relative();
}

async function follow() {
  clearTimeout(timer);
  if (document.visibilityState !== 'visible') return say('paused');
  await look().then(() => say('fresh'), () => say('lost'));
  clearTimeout(timer);
  timer = setTimeout(follow, EVERY_MS);
}

document.addEventListener('visibilitychange', follow);
addEventListener('online', follow);
relative();
follow();
