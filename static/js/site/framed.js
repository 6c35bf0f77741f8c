// <button formtarget="…">: what it asks for comes in a frame, which may lie below what the screen shows.
export function start(button) {
  button.addEventListener('click', () => {
    const frame = document.querySelector(`iframe[name="${button.formTarget}"]`);
    frame?.addEventListener('load', () => frame.scrollIntoView({ block: 'nearest' }), { once: true });
  });
}
