/* The server's clock judges; the phone's clock may be wrong. Times are shown in the meetup's zone. */

/* Browsers differ on whether Korean half-days are "오후" or "PM"; people say 오후. */
const HALF_DAYS = { AM: "오전", PM: "오후" };

function written(format, instant, korean) {
  const parts = format.formatToParts(instant);
  return parts.map(({ type, value }) => (korean && type === "dayPeriod" && HALF_DAYS[value]) || value).join("");
}

/* The difference is kept on the phone: a page that opens without a network has only that. */
const REMEMBERED = "door-clock";
const WORTH_KEEPING_MS = 1000;

function remembered(storage) {
  const kept = storage?.get(REMEMBERED) ?? "";
  return /^-?\d{1,15}$/.test(kept) ? Number(kept) : null;
}

/** Learns the difference to the server's clock and writes times for people. */
export function createClock({ locale = "ko", zone = "Asia/Seoul", storage = null, now = () => Date.now() } = {}) {
  const time = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: zone });
  const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: "numeric", day: "numeric", timeZone: zone });
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZone: zone,
  });
  let kept = remembered(storage);
  let offsetMs = kept ?? 0;

  return {
    /** Take over a server time from an answer; the way back is counted as nothing. */
    learn(serverTime) {
      const instant = Date.parse(serverTime);
      if (Number.isNaN(instant)) return;
      offsetMs = instant - now();
      if (kept !== null && Math.abs(offsetMs - kept) < WORTH_KEEPING_MS) return;
      kept = Math.round(offsetMs);
      storage?.set(REMEMBERED, String(kept));
    },
    /** Whether a server has ever told this phone its time: without that, the phone's own may be anything. */
    get known() {
      return kept !== null;
    },
    get offsetMs() {
      return offsetMs;
    },
    serverNow() {
      return now() + offsetMs;
    },
    /** "오후 6:30", with the date when it is not today; "" for what is no time. */
    format(iso) {
      const instant = new Date(iso);
      if (Number.isNaN(instant.getTime())) return "";
      const today = day.format(instant) === day.format(new Date(now() + offsetMs));
      return written(today ? time : dayAndTime, instant, locale.startsWith("ko"));
    },
  };
}
