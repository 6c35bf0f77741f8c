/* Ways out of a messenger's built-in browser, which has no camera for us. */

/** The address that opens `url` in the phone's own browser, or null where no such way is known (iOS, KakaoTalk apart). */
export function outsideAddress(url, inApp, userAgent) {
  if (inApp === "kakaotalk") return `kakaotalk://web/openExternal?url=${encodeURIComponent(url)}`;
  if (inApp === "line") return `${url}${url.includes("?") ? "&" : "?"}openExternalBrowser=1`;
  if (!/android/i.test(userAgent)) return null;
  const { host, pathname, search, protocol } = new URL(url);
  const fallback = encodeURIComponent(url);
  return `intent://${host}${pathname}${search}#Intent;scheme=${protocol.slice(0, -1)};S.browser_fallback_url=${fallback};end`;
}
