// Too small for files of their own: focus on load, a menu that closes, a print button.
export function start(element) {
  if ('focus' in element.dataset) element.focus();
  if ('print' in element.dataset) {
    element.hidden = false;
    element.addEventListener('click', () => print());
  }
  if ('menu' in element.dataset) menu(element);
}

function menu(details) {
  document.addEventListener('click', (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary').focus();
  });
}
