// [data-live="name"]: a part of the page that follows the server. Without scripts it is as old as the page.
const EVERY_MS = 4000;

const parts = (root) => new Map([...root.querySelectorAll('[data-live]')].map((part) => [part.dataset.live, part]));
/* What a person reads; hidden tokens differ each time. */
const readable = (part) => part.textContent.replace(/\s+/g, ' ');

async function freshPage() {
  const response = await fetch(location.href, { cache: 'no-store', redirect: 'error' });
  if (!response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/* A part in which somebody is at a button is left alone until they are done. */
function follow(part, next) {
  if (!next || part.contains(document.activeElement) || readable(part) === part.dataset.liveText) return;
  part.dataset.liveText = readable(next);
  part.replaceChildren(...next.childNodes);
  part.querySelectorAll('time[data-relative]').forEach((time) => import('./relative.js').then((each) => each.start(time)));
  part.querySelectorAll('[data-copy]').forEach((button) => import('./copy.js').then((each) => each.start(button)));
}

async function look() {
  if (document.visibilityState !== 'visible') return;
  const page = await freshPage().catch(() => null);
  if (!page) return;
  const next = parts(page);
  for (const [name, part] of parts(document)) follow(part, next.get(name));
}

let timer = null;

export function start(part) {
  part.dataset.liveText = readable(part);
  timer ??= setInterval(look, EVERY_MS);
}
