/* What the status line says, as plain values: who judges, how old the list is, how many scans wait. */

const MINUTE_MS = 60_000;
const NEWS_MS = 10 * MINUTE_MS;

/** "off", "waiting" or "on". */
export function stateOf({ online, waiting, ticks = 0 }) {
  if (online === false) return "off";
  return waiting + ticks > 0 ? "waiting" : "on";
}

function listOf(about, { say, clock }) {
  const minutes = Math.floor((clock.serverNow() - Date.parse(about.at)) / MINUTE_MS);
  const values = { time: clock.format(about.at), minutes, count: about.count };
  return minutes < 1 ? say("list_fresh", values) : say("list_old", values);
}

/** Whether what a restored server got again is still told. */
export const isNews = (restored, clock) => Boolean(restored) && clock.serverNow() - restored.at < NEWS_MS;

/**
 * {online: true, false or null (not asked yet), waiting, held, ticks, restored: {count, at} or null: what a restored server
 * got again, about: {at, count} or null} in words.
 */
export function lineOf({ online, waiting, held = 0, ticks = 0, restored = null, about }, { say, clock }) {
  const judge = online === null ? "" : online ? say("judge_server") : say(about ? "judge_phone" : "judge_nobody");
  const list = about ? listOf(about, { say, clock }) : online === false ? "" : say("list_none");
  const again = isNews(restored, clock) ? say("restored", { count: restored.count, time: clock.format(new Date(restored.at).toISOString()) }) : "";
  const kept = held > 0 ? say("scans_held", { count: held }) : "";
  return [judge, list, waiting > 0 ? say("scans_wait", { count: waiting }) : "", kept, ticks > 0 ? say("ticks_wait", { count: ticks }) : "", again].filter(Boolean).join(" ");
}
