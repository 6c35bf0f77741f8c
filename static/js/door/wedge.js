/* A USB or Bluetooth scanner is a keyboard that types fast and ends with Enter. */

const LONGEST = 10_000;

/** Collects fast keystrokes; `key(key, now)` gives the whole text at Enter, else null. Slow typing is no scanner.
    `typing(now)`: whether a scanner is in the midst of a text. */
export function createWedge({ gapMs = 80, shortest = 6 } = {}) {
  let text = "";
  let last = -Infinity;

  return {
    typing: (now) => text !== "" && now - last <= gapMs,
    key(key, now) {
      if (now - last > gapMs) text = "";
      last = now;
      if (key === "Enter" || key === "Tab") {
        const whole = text;
        text = "";
        return whole.length >= shortest ? whole : null;
      }
      if (key.length === 1 && text.length < LONGEST) text += key;
      return null;
    },
  };
}
