// <button data-copy="text" data-copied="Copied">
function select(button) {
  const text = button.parentElement.querySelector('code');
  if (text) getSelection().selectAllChildren(text);
}

export function start(button) {
  const label = button.querySelector('[aria-live]') ?? button;
  const usual = label.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      select(button);
      return;
    }
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = usual; }, 2000);
  });
}
