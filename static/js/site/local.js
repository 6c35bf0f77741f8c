// <time datetime data-local data-zone="Asia/Seoul">: for visitors in another zone, adds their own clock.
function clock(instant, zone) {
  const language = document.documentElement.lang;
  return new Intl.DateTimeFormat(language, { timeZone: zone, month: 'long', day: 'numeric', weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(instant);
}

export function start(time) {
  const instant = new Date(time.dateTime);
  if (Number.isNaN(instant.getTime())) return;
  const own = clock(instant);
  if (own === clock(instant, time.dataset.zone || 'Asia/Seoul')) return;
  const note = document.createElement('small');
  note.className = 'muted';
  note.textContent = ` (${(time.dataset.local || '{time}').replace('{time}', own)})`;
  time.after(note);
}
