/* Scans are encrypted where they lie, those that wait and those that were answered, as a ticket's code is in them and a code is the right to come in.

   What this protects against: whoever reads the browser's files without understanding them finds no code there: a
   backup, a synced folder, a search over the disk, a support bundle. The key is made on the phone, never leaves it,
   and no script can export it.
   What it does not protect against: the key lies in the same profile, and browsers write it down unencrypted; who
   copies the whole profile and knows its format, or unlocks the phone and opens this page, can have the scans
   decrypted. Against that there are the phone's own disk encryption and lock, and that what was answered goes when the
   phone's right ends: at its next contact after somebody withdrew it, else six hours after the meetup. */

const ALGORITHM = { name: "AES-GCM", length: 256 };
const NONCE = 12;

export const makeScanKey = (subtle = globalThis.crypto.subtle) => subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);

const about = (id) => new TextEncoder().encode(id);

/** {id, nonce, sealed}: what is stored of a scan. Its id stays readable, to delete it by, and is bound to the rest. */
export async function sealScan(scan, key, crypto = globalThis.crypto) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const plain = new TextEncoder().encode(JSON.stringify(scan));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: about(scan.id) }, key, plain);
  return { id: scan.id, nonce, sealed };
}

export async function openScan({ id, nonce, sealed }, key, crypto = globalThis.crypto) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: about(id) }, key, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}
