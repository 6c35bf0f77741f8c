// <form data-unsaved>: asks before leaving with changes that were not sent.
const state = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));

export function start(form) {
  const first = state(form);
  let sending = false;
  form.addEventListener('submit', (event) => { sending = !event.defaultPrevented && !event.submitter?.formTarget; });
  addEventListener('beforeunload', (event) => {
    if (!sending && state(form) !== first) event.preventDefault();
  });
}
