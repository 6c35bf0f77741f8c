// A button or a box that ticks every box of its group, or none if all are ticked: data-all="…" on it, data-all-of on the boxes.
export function start(control) {
  const boxes = () => [...document.querySelectorAll(`[data-all-of="${control.dataset.all}"]`)];
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    control.checked = ticked > 0 && ticked === boxes().length;
    control.indeterminate = ticked > 0 && !control.checked;
  };
  (control.closest('label') ?? control).hidden = false;
  control.addEventListener('click', () => {
    const tick = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = tick;
  });
  if (control.type !== 'checkbox') return;
  document.addEventListener('change', show);
  addEventListener('pageshow', show);
  show();
}
