// The table of people by keyboard, with a person's page beside it. The rows' links and boxes do it all without this script.
const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable]';

export function start(table) {
  const rows = [...table.querySelectorAll('tbody tr')];
  const panel = new Panel(table.dataset.people, table.dataset.peopleClose);
  let last = null;

  const link = (row) => row.querySelector('th a');
  const box = (row) => row.querySelector('input[name=who]');
  const current = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (step) => {
    const at = current();
    const to = at < 0 ? rows[0] : rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (to) link(to).focus();
    if (to && panel.isOpen) panel.show(link(to));
  };

  const keys = {
    j: () => go(1),
    ArrowDown: () => go(1),
    k: () => go(-1),
    ArrowUp: () => go(-1),
    x: () => box(rows[current()])?.click(),
    ' ': () => box(rows[current()])?.click(),
    '/': () => document.querySelector('[role=search] input[type=search]')?.focus(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches(TYPING) || event.target.closest('dialog, summary, button')) return;
    const inTable = current() >= 0;
    const act = keys[event.key];
    if (!act || (!inTable && !['j', '/'].includes(event.key))) return;
    if (event.key === ' ' && event.target.matches('input')) return;
    event.preventDefault();
    act();
  });

  table.addEventListener('click', (event) => {
    const ticked = event.target.closest('input[name=who]');
    if (ticked) {
      if (event.shiftKey && last) range(rows.map(box), last, ticked);
      last = ticked;
      return;
    }
    const opened = event.target.closest('th a');
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

class Panel {
  constructor(label, close) {
    this.dialog = document.createElement('dialog');
    this.dialog.className = 'people-panel';
    this.dialog.setAttribute('aria-label', label);
    this.close = document.createElement('button');
    this.close.type = 'button';
    this.close.className = 'button button--secondary button--small people-panel__close';
    this.close.textContent = close;
    this.body = document.createElement('div');
    this.dialog.append(this.close, this.body);
    this.close.addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('close', () => this.opener?.focus());
  }

  get isOpen() {
    return this.dialog.open;
  }

  async show(link) {
    this.opener = link;
    const answer = await fetch(link.href).catch(() => null);
    if (!answer?.ok || answer.redirected) return location.assign(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const told = page.querySelector('#main h1')?.closest('.stack');
    if (!told) return location.assign(link.href);
    for (const each of told.querySelectorAll('nav')) each.remove();
    if (link !== this.opener) return undefined;
    this.body.replaceChildren(document.importNode(told, true));
    if (!this.dialog.isConnected) document.querySelector('#main').append(this.dialog);
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    return undefined;
  }
}
