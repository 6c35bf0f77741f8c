// [data-badge-design="address of the preview"]: the sheet follows the form as it is changed. Without this, a button shows it.
const PAUSE_MS = 250;

const form = document.querySelector('[data-badge-design]');
const figure = document.querySelector('[data-badge-preview]');
const picture = figure.querySelector('img');
const refused = figure.querySelector('[data-badge-refused]');
let timer = null;

/* What the form says of the design, without its token. */
export function query(data) {
  const said = new URLSearchParams();
  for (const [name, value] of data) if (name !== 'csrf_token' && typeof value === 'string') said.append(name, value);
  return said;
}

function show() {
  figure.dataset.busy = '';
  picture.src = `${form.dataset.badgeDesign}?${query(new FormData(form))}`;
}

function settled(isGood) {
  delete figure.dataset.busy;
  figure.toggleAttribute('data-refused', !isGood);
  refused.hidden = isGood;
}

picture.addEventListener('load', () => settled(true));
picture.addEventListener('error', () => settled(false));
form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE_MS);
});
form.querySelector('[data-badge-show]').hidden = true;
