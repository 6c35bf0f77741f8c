/* A ticket held in front of the camera is seen ten times a second and is one scan. */

/** Remembers which codes are in view; a code is new again once it has been out of view for `gapMs`. */
export function createHeldCodes({ gapMs = 3000 } = {}) {
  const seen = new Map();

  function forgetOld(now) {
    for (const [key, at] of seen) if (now - at > gapMs) seen.delete(key);
  }

  return {
    /** Note a sighting; true if it is the first since the code came into view. */
    isNew(key, now) {
      forgetOld(now);
      const fresh = !seen.has(key);
      seen.set(key, now);
      return fresh;
    },
    /** Note that a known code is still in view, without taking a new one for seen. */
    touch(key, now) {
      forgetOld(now);
      if (seen.has(key)) seen.set(key, now);
    },
    get size() {
      return seen.size;
    },
  };
}
