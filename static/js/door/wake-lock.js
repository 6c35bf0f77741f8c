/** Keeps the screen on while the door is worked, where the browser can; asked again each time the page is seen. */
export function keepAwake() {
  let state = navigator.wakeLock ? "asked" : "none";

  const ask = async () => {
    if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
    state = await navigator.wakeLock.request("screen").then(() => "held", () => "refused");
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return {
    /** "held", "refused" (a battery saver, say), "none" where the browser can't, "asked" before its answer. */
    get state() {
      return state;
    },
  };
}
