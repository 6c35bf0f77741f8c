/* The sealed list's cryptography, as docs/door-api.md says it: a ticket's code yields where its record lies and the
   key that opens it. Without the code a record tells nothing. */

const LOOKUP = 16;
const NONCE = 12;
const HEAD = LOOKUP + NONCE + 2;

const ascii = new TextEncoder();
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

async function derived(code, purpose, meetup, subtle) {
  const key = await subtle.importKey("raw", ascii.encode(code), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", key, ascii.encode(`${purpose}|${meetup}`)));
}

/** Where the record of a code lies: 16 bytes. */
export async function lookupOf(code, meetup, subtle = globalThis.crypto.subtle) {
  return (await derived(code, "lookup", meetup, subtle)).subarray(0, LOOKUP);
}

/** The name of the bucket that a look-up belongs to. */
export const bucketOf = (lookup) => lookup[0].toString(16).padStart(2, "0");

/** The record in a bucket's bytes, still sealed: {lookup, nonce, sealed}; null if there is none. */
export function recordIn(bucket, lookup) {
  const view = new DataView(bucket.buffer, bucket.byteOffset, bucket.byteLength);
  let at = 0;
  while (at + HEAD <= bucket.length) {
    const end = at + HEAD + view.getUint16(at + LOOKUP + NONCE);
    if (end > bucket.length) return null;
    if (same(bucket.subarray(at, at + LOOKUP), lookup)) {
      return { lookup, nonce: bucket.subarray(at + LOOKUP, at + LOOKUP + NONCE), sealed: bucket.subarray(at + HEAD, end) };
    }
    at = end;
  }
  return null;
}

/** What a record says: {n, c, r, s, g}. Throws if it was altered, moved or belongs to another code or meetup. */
export async function openRecord({ lookup, nonce, sealed }, code, meetup, subtle = globalThis.crypto.subtle) {
  const key = await subtle.importKey("raw", await derived(code, "seal", meetup, subtle), "AES-GCM", false, ["decrypt"]);
  const about = ascii.encode(String(meetup));
  const additionalData = new Uint8Array(LOOKUP + about.length);
  additionalData.set(lookup);
  additionalData.set(about, LOOKUP);
  const plain = await subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData }, key, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}
