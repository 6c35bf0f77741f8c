/* The record of one scan, as the server's ledger takes it. Made once: a retry sends the same record again. Its time is the
   phone's own, which may be wrong; `skew`: how far the server's clock was ahead in milliseconds; 0 where no server was ever heard. */

import { uuid4 } from "./uuid.js";

function record(fields, { now = () => new Date(), offsetMs = 0, makeId = uuid4 } = {}) {
  return {
    id: makeId(),
    code: null,
    registration: null,
    kind: "entry",
    scanned_at: now().toISOString(),
    gate: null,
    payload: null,
    skew: offsetMs,
    ...fields,
  };
}

/** A ticket, or something that is none (its text goes along so that the ledger can tell what people hold up). */
export function scanOfPayload(payload, method, environment) {
  const read = payload.kind === "ticket" ? { code: payload.code } : { payload: payload.text };
  return record({ ...read, method }, environment);
}

/** The same scan as of now: who is asked about first has come in, or left, when somebody says yes. */
export function scannedNow(scan, { now = () => new Date(), offsetMs = 0 } = {}) {
  return { ...scan, scanned_at: now().toISOString(), skew: offsetMs };
}

/** When it was by the server's clock: what people read, and what can be put beside the server's own times. */
export function happenedAt({ scanned_at: at, skew = 0 }) {
  return skew ? new Date(Date.parse(at) + skew).toISOString() : at;
}

/** A person picked from the list or the search. */
export function scanOfPerson(person, environment) {
  return record({ registration: person.reference, method: "list" }, environment);
}
