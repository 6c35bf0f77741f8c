// A form is sent once: a second press waits for the answer. data-resubmit opts out (downloads), and a button that answers in a frame.
const GIVE_UP = 10_000;
const SHOW_AFTER = 150;

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll('[aria-busy]').forEach((button) => {
    button.removeAttribute('aria-busy');
    button.removeAttribute('aria-disabled');
  });
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || 'resubmit' in form.dataset || event.submitter?.formTarget) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  form.dataset.sent = 'true';
  const button = event.submitter;
  setTimeout(() => {
    if (!form.dataset.sent) return;
    button?.setAttribute('aria-busy', 'true');
    button?.setAttribute('aria-disabled', 'true');
  }, SHOW_AFTER);
  setTimeout(() => release(form), GIVE_UP);
});

// Back from the browser's memory: the form may be sent anew.
addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(release);
});
