/* The server's clock judges; the phone's clock may be wrong. Times are shown in the meetup's zone. */

/* Browsers differ on whether Korean half-days are "오후" or "PM"; people say 오후. */
const HALF_DAYS = { AM: "오전", PM: "오후" };

function written(format, instant, korean) {
  const parts = format.formatToParts(instant);
  return parts.map(({ type, value }) => (korean && type === "dayPeriod" && HALF_DAYS[value]) || value).join("");
}

/** Learns the difference to the server's clock and writes times for people. */
export function createClock({ locale = "ko", zone = "Asia/Seoul", now = () => Date.now() } = {}) {
  const time = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: zone });
  const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: "numeric", day: "numeric", timeZone: zone });
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZone: zone,
  });
  let offsetMs = 0;

  return {
    /** Take over a server time from an answer; the way back is counted as nothing. */
    learn(serverTime) {
      const instant = Date.parse(serverTime);
      if (!Number.isNaN(instant)) offsetMs = instant - now();
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
