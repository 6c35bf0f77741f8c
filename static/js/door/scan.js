/* The record of one scan, as the server's ledger takes it. Made once: a retry sends the same record again. */

import { uuid4 } from "./uuid.js";

function record(fields, { now = () => new Date(), makeId = uuid4 } = {}) {
  return {
    id: makeId(),
    code: null,
    registration: null,
    kind: "entry",
    scanned_at: now().toISOString(),
    gate: null,
    payload: null,
    ...fields,
  };
}

/** A ticket, or something that is none (its text goes along so that the ledger can tell what people hold up). */
export function scanOfPayload(payload, method, environment) {
  const read = payload.kind === "ticket" ? { code: payload.code } : { payload: payload.text };
  return record({ ...read, method }, environment);
}

/** The same scan as of now: who is asked about first has come in, or left, when somebody says yes. */
export function scannedNow(scan, { now = () => new Date() } = {}) {
  return { ...scan, scanned_at: now().toISOString() };
}

/** A person picked from the list or the search. */
export function scanOfPerson(person, environment) {
  return record({ registration: person.reference, method: "list" }, environment);
}
