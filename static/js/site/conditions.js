// A question that is asked only after certain answers shows at once, and goes again. Without this script it stands there
// with a note, and the server asks.
const heard = new WeakSet();

function answersOf(form, name) {
  return [...form.elements]
    .filter((input) => input.name === name && (input.checked || input.tagName === 'SELECT'))
    .map((input) => input.value);
}

function update(form) {
  for (const asked of form.querySelectorAll('[data-asked-if]')) {
    const after = asked.dataset.askedAfter.split(' ');
    asked.hidden = !answersOf(form, asked.dataset.askedIf).some((answer) => after.includes(answer));
    const note = asked.querySelector('[data-asked-note]');
    if (note) note.hidden = true;
  }
}

export function start(asked) {
  const form = asked.closest('form');
  if (!form || heard.has(form)) return;
  heard.add(form);
  form.addEventListener('change', () => update(form));
  update(form);
}
