// <time datetime data-relative>: under a day "2시간 전", the exact time on hover; older and later stays as written.
const DAY = 86_400;
const UNITS = [['hour', 3600], ['minute', 60], ['second', 1]];

export function phrase(seconds, language) {
  if (Math.abs(seconds) >= DAY) return null;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return unit === 'second' ? format.format(0, 'second') : format.format(Math.trunc(seconds / length), unit);
}

export function start(time) {
  const exact = time.textContent;
  const update = () => {
    const text = phrase((Date.parse(time.dateTime) - Date.now()) / 1000, document.documentElement.lang);
    time.textContent = text ?? exact;
    if (text) time.title = exact;
  };
  update();
  setInterval(update, 60_000);
}
