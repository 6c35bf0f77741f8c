// <form data-confirm-name="…">: the button works once the name stands there. The server compares again.
const plain = (text) => text.normalize('NFC').trim().replace(/\s+/g, ' ');

export function start(form) {
  const input = form.querySelector('input:not([type=hidden])');
  const button = form.querySelector('[type=submit]');
  const wanted = plain(form.dataset.confirmName);
  const matches = () => plain(input.value) === wanted;
  const update = () => button.setAttribute('aria-disabled', String(!matches()));
  input.addEventListener('input', update);
  form.addEventListener('submit', (event) => {
    if (matches()) return;
    event.preventDefault();
    input.focus();
  });
  update();
}
