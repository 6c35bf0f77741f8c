// Once the start is chosen, an empty or earlier end moves to two hours after it.
const USUAL_HOURS = 2;
const pad = (number) => String(number).padStart(2, '0');

export function later(local, hours) {
  const at = new Date(`${local}:00Z`);
  if (Number.isNaN(at.getTime())) return '';
  at.setUTCHours(at.getUTCHours() + hours);
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}T${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
}

export function start(form) {
  const starts = form.querySelector('[data-starts]');
  const ends = form.querySelector('[data-ends]');
  if (!starts || !ends) return;
  starts.addEventListener('change', () => {
    if (starts.value && (!ends.value || ends.value <= starts.value)) ends.value = later(starts.value.slice(0, 16), USUAL_HOURS);
  });
}
