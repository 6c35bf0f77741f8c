/* The phone may take the lock back at any time, as it does when power runs low: not at once again, lest the two of them quarrel. */
const AGAIN_MS = 5000;

/** Keeps the screen on while the door is worked, where the browser can; asked again whenever the page is seen, or lost the lock while it was. */
export function keepAwake({ wakeLock = navigator.wakeLock, page = document, setTimer = setTimeout } = {}) {
  let state = wakeLock ? "asked" : "none";
  let asking = false;

  function lost() {
    state = "lost";
    setTimer(ask, AGAIN_MS);
  }

  async function ask() {
    if (!wakeLock || asking || state === "held" || page.visibilityState !== "visible") return;
    asking = true;
    try {
      const lock = await wakeLock.request("screen");
      state = "held";
      lock.addEventListener("release", lost, { once: true });
    } catch {
      state = "refused";
    }
    asking = false;
  }

  page.addEventListener("visibilitychange", ask);
  ask();
  return {
    /** "held", "lost" (the phone took it back), "refused" (a battery saver, say), "none" where the browser can't, "asked" before its answer. */
    get state() {
      return state;
    },
  };
}
