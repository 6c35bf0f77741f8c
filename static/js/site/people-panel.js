// A person's page beside the table. Its forms are sent from here and answered here, so that the view behind it stays.
const PAGE = '#main h1';

async function read(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const told = page.querySelector(PAGE)?.closest('.stack');
  for (const each of told?.querySelectorAll('nav') ?? []) each.remove();
  return { told, says: [...page.querySelectorAll('.flashes .notice')] };
}

const path = (url) => new URL(url, location.href).pathname;

// Of this person's page, and answered by it: not what opens elsewhere or makes a file.
export function isOfPage(form, page) {
  if (form.method !== 'post' || form.target || 'resubmit' in form.dataset) return false;
  const next = form.querySelector('input[name=next]')?.value;
  return path(form.getAttribute('action') ?? page).startsWith(`${path(page)}/`) || Boolean(next && path(next) === path(page));
}

export class Panel {
  // `changed(link)`: something was done to the person of this link.
  constructor(label, close, changed) {
    this.changed = changed;
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
    this.dialog.addEventListener('submit', (event) => {
      if (!isOfPage(event.target, this.opener.href)) return;
      event.preventDefault();
      this.send(event.target, event.submitter);
    });
  }

  get isOpen() {
    return this.dialog.open;
  }

  holds(element) {
    return this.dialog.contains(element);
  }

  async show(link) {
    this.opener = link;
    const answer = await fetch(link.href).catch(() => null);
    if (!answer?.ok || answer.redirected) return location.assign(link.href);
    const { told } = await read(answer);
    if (!told) return location.assign(link.href);
    if (link === this.opener) this.put(told);
    return undefined;
  }

  async send(form, button) {
    if (this.sending) return undefined;
    this.sending = true;
    const link = this.opener;
    const sent = new URLSearchParams(new FormData(form));
    if (button?.name) sent.append(button.name, button.value);
    button?.setAttribute('aria-busy', 'true');
    const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: sent }).catch(() => null);
    this.sending = false;
    if (!answer) return form.submit(); // the browser says what is wrong
    const isRefused = answer.status === 422;
    if (!isRefused && !(answer.ok && path(answer.url) === path(link.href))) return location.assign(link.href);
    const { told, says } = await read(answer);
    if (!told) return location.assign(link.href);
    if (!isRefused) this.changed(link);
    if (link === this.opener) this.put(told, says);
    return undefined;
  }

  // `says`: what the answer has to say, before all else.
  put(told, says = []) {
    const flashes = document.createElement('div');
    flashes.className = 'flashes';
    flashes.setAttribute('role', 'status');
    this.body.replaceChildren(flashes, document.importNode(told, true));
    if (!this.dialog.isConnected) document.querySelector('#main').append(this.dialog);
    if (!this.dialog.open) this.dialog.showModal();
    flashes.append(...says.map((each) => document.importNode(each, true)));
    this.dialog.scrollTop = 0;
    const start = this.body.querySelector('[aria-invalid=true]') ?? this.body.querySelector('h1');
    if (start.matches('h1')) start.tabIndex = -1;
    start.focus();
  }
}
