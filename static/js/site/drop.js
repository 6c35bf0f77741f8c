// A file input that also takes a file dropped on the box around it, says which one it holds, and takes none that is too large.
function size(bytes) {
  const unit = bytes < 1e6 ? 'kilobyte' : 'megabyte';
  const value = bytes / (unit === 'kilobyte' ? 1e3 : 1e6);
  return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

export function start(box) {
  const input = box.querySelector('input[type=file]');
  const name = box.querySelector('[data-drop-name]');
  const refused = box.querySelector('[data-drop-refused]');
  const most = box.dataset.dropMegabytes * 2 ** 20;
  let held = input.files;
  const judge = () => {
    refused.hidden = !(input.files[0]?.size > most);
    box.toggleAttribute('data-invalid', !refused.hidden);
    if (refused.hidden) held = input.files;
    else input.files = held;
    show();
  };
  const show = () => {
    const [file] = input.files;
    name.textContent = file ? `${file.name.normalize('NFC')} (${size(file.size)})` : name.dataset.dropNone;
  };
  /* Without scripts the browser's own control stays. */
  input.classList.add('drop__native');
  box.querySelectorAll('[data-drop-label], [data-drop-here]').forEach((part) => { part.hidden = false; });
  const over = (on) => (event) => {
    event.preventDefault();
    box.classList.toggle('drop--over', on);
  };
  box.addEventListener('dragover', over(true));
  box.addEventListener('dragleave', over(false));
  box.addEventListener('drop', (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  input.addEventListener('change', judge);
  show();
}
