// A button that ticks every box of its group, or none if all are ticked: data-all="…" on the button, data-all-of on the boxes.
export function start(button) {
  const boxes = [...document.querySelectorAll(`[data-all-of="${button.dataset.all}"]`)];
  button.hidden = false;
  button.addEventListener('click', () => {
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
  });
}
