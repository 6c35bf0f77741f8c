// The table of people by keyboard, with a person's page beside it. The rows' links and boxes do it all without this script.
import { Panel } from './people-panel.js';

const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable]';
const PLACES = { KeyJ: 'j', KeyK: 'k', KeyX: 'x', Slash: '/' };

// The key as it is meant: where it types no letter of ours (한글, or the beginning of a syllable), by its place.
export function meant({ key, code, shiftKey }) {
  const isOurs = key.length === 1 && key >= ' ' && key <= '~';
  return isOurs || shiftKey ? key : PLACES[code] ?? key;
}

export function start(table) {
  const rows = [...table.querySelectorAll('tbody tr')];
  const link = (row) => row.querySelector('th a');
  const box = (row) => row.querySelector('input[name=who]');
  const panel = new Panel(table.dataset.people, table.dataset.peopleClose, (opened) => refresh(rows, opened, panel));
  let last = null;

  const current = () => {
    const at = panel.isOpen ? panel.opener : document.activeElement;
    return rows.findIndex((row) => row.contains(at));
  };
  const go = (step) => {
    const at = current();
    const to = at < 0 ? rows[0] : rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (panel.isOpen) {
      if (to !== rows[at]) panel.show(link(to));
    } else {
      link(to)?.focus();
    }
  };

  const walking = { j: () => go(1), k: () => go(-1) };
  const keys = {
    ...walking,
    ArrowDown: () => go(1),
    ArrowUp: () => go(-1),
    x: () => box(rows[current()])?.click(),
    ' ': () => box(rows[current()])?.click(),
    '/': () => document.querySelector('[role=search] input[type=search]')?.focus(),
  };
  // Letters act only where one stands among the people: whoever speaks to a computer may say one anywhere else.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
    const beside = panel.holds(event.target);
    if (!beside && (!table.contains(event.target) || event.target.closest('summary, button'))) return;
    const key = meant(event);
    const act = (beside ? walking : keys)[key];
    if (!act || (!beside && current() < 0 && key !== 'j' && key !== '/')) return;
    if (key === ' ' && event.target.matches('input')) return;
    event.preventDefault();
    act();
  });

  table.addEventListener('click', (event) => {
    const ticked = event.target.closest('input[name=who]');
    if (ticked) {
      if (event.shiftKey && last) range(rows.map(box), box(last), ticked);
      last = ticked.closest('tr'); // its box may be another by then
      return;
    }
    const opened = event.target.closest('tbody th a');
    if (!opened || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    panel.show(opened);
  });
}

// All between the box that was ticked last and this one become as this one is.
export function range(boxes, from, to) {
  const [first, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  for (const each of boxes.slice(Math.max(first, 0), end + 1)) each.checked = to.checked;
}

// The row of whom something was done to, as the table has it now; ticked as it was. Whoever fits the filters no more stays
// in sight until the page is loaded anew.
async function refresh(rows, opened, panel) {
  const answer = await fetch(location.href).catch(() => null);
  const row = rows.find((each) => each.contains(opened));
  if (!answer?.ok || !row) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const found = [...page.querySelectorAll('[data-people] tbody th a')].find((each) => each.pathname === opened.pathname);
  if (!found) return;
  const ticked = row.querySelector('input[name=who]').checked;
  const stoodHere = row.contains(document.activeElement);
  row.replaceChildren(...[...found.closest('tr').children].map((each) => document.importNode(each, true)));
  row.querySelector('input[name=who]').checked = ticked;
  if (panel.opener === opened) panel.opener = row.querySelector('th a');
  if (stoodHere) row.querySelector('th a').focus();
}
