/* The code that unlocks a tablet, checked on the tablet itself, so that it works without a network; tries are throttled. */

const FREE_TRIES = 3;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
const FORGOTTEN_MS = 300_000;
const NO_TRIES = { wrong: 0, at: 0 };
const REMEMBERED = "door-kiosk-tries";

const text = new TextEncoder();
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** How long until the next try, in milliseconds: after three wrong ones half a minute, after more a minute. */
export function waitAfter({ wrong, at }, now) {
  if (wrong < FREE_TRIES) return 0;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT_MS);
  /* A clock that was set back does not lengthen the wait. */
  return now < at ? wait : Math.max(0, at + wait - now);
}

/** Whether `code` is the one behind {salt, verifier, rounds}: docs/door-api.md, "Self check-in". */
export async function opens(code, { salt, verifier, rounds }, subtle = globalThis.crypto.subtle) {
  const key = await subtle.importKey("raw", bytesOf(salt), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const kept = hexOf(await subtle.sign("HMAC", key, text.encode(code)));
  const slow = await subtle.importKey("raw", text.encode(kept), "PBKDF2", false, ["deriveBits"]);
  const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: rounds }, slow, 256);
  return hexOf(bits) === verifier;
}

/** `lock()` gives what the server told last. Wrong tries are remembered over a reload, and forgotten after five minutes without one. */
export function createKioskLock({ lock, storage, now = () => Date.now(), check = opens }) {
  function tries() {
    try {
      const { wrong, at } = JSON.parse(storage.get(REMEMBERED));
      const counts = Number.isInteger(wrong) && Number.isFinite(at) && Math.abs(now() - at) < FORGOTTEN_MS;
      return counts ? { wrong, at } : NO_TRIES;
    } catch {
      return NO_TRIES;
    }
  }

  return {
    wait: () => waitAfter(tries(), now()),
    /** "open", "wrong" or "wait". */
    async attempt(typed) {
      if (waitAfter(tries(), now()) > 0) return "wait";
      const before = tries().wrong;
      /* Counted before it is checked: a page that is reloaded meanwhile has used up its try. */
      storage.set(REMEMBERED, JSON.stringify({ wrong: before + 1, at: now() }));
      const code = typed.replace(/[\s-]/g, "");
      if (!lock() || !(await check(code, lock()))) return "wrong";
      storage.remove(REMEMBERED);
      return "open";
    },
  };
}
