// form[data-passkey="create" | "get"]: asks for a challenge, lets the browser answer it, and sends the form with the answer.
// The form's data-options is where challenges are given; its words are in data-unsupported, data-cancelled, data-failed, data-known.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (each) => each.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const named = (keys = []) => keys.map((each) => ({ ...each, id: bytes(each.id) }));

function options(kind, given) {
  const publicKey = { ...given, challenge: bytes(given.challenge) };
  if (kind === 'create') {
    publicKey.user = { ...given.user, id: bytes(given.user.id) };
    publicKey.excludeCredentials = named(given.excludeCredentials);
  } else {
    publicKey.allowCredentials = named(given.allowCredentials);
  }
  return { publicKey };
}

function told(key) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (key.response[name]) response[name] = text(key.response[name]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });
}

async function challenge(form) {
  const response = await fetch(form.dataset.options, {
    method: 'POST', redirect: 'error', headers: { 'X-CSRFToken': form.elements.csrf_token.value, Accept: 'application/json' },
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.reason ?? '');
  return body;
}

function reason(form, error) {
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return form.dataset.cancelled;
  if (error.name === 'InvalidStateError' && form.dataset.known) return form.dataset.known;
  return (error.constructor === Error && error.message) || form.dataset.failed;
}

async function answer(form) {
  const kind = form.dataset.passkey;
  const note = form.querySelector('[data-passkey-note]');
  const button = form.querySelector('button[type="submit"]');
  note.textContent = '';
  button.disabled = true;
  try {
    const key = await navigator.credentials[kind](options(kind, await challenge(form)));
    form.elements.answer.value = told(key);
    form.submit();
  } catch (error) {
    note.textContent = reason(form, error);
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (window.PublicKeyCredential && navigator.credentials) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      answer(form);
    });
  } else {
    form.querySelector('[data-passkey-note]').textContent = form.dataset.unsupported;
    form.querySelector('button[type="submit"]').disabled = true;
  }
}
