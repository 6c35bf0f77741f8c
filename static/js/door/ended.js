/* The page of a phone without a right to this door: wipes what a shift left behind, and keeps the scans that the
   server has not received. Those of a shift that ran out are sent from here. */

import { forgetAnswered } from "./answered-scans.js";
import { createApi } from "./api.js";
import { deleteDatabase } from "./database.js";
import { json } from "./dom.js";
import { createEndedView } from "./ended-view.js";
import { listName } from "./manifest-shelf.js";
import { createOutbox, pageLock } from "./outbox.js";
import { peopleName } from "./people-shelf.js";
import { openScanStore, scansName } from "./scan-store.js";
import { forgetPage } from "./shell.js";
import { openTickStore, ticksName } from "./tick-store.js";
import { markAsSent } from "./ticks.js";
import { createWords } from "./words.js";

const { slug, apiBase, error } = json("ended-config");
const view = createEndedView({ say: createWords(json("ended-words")) });
const api = createApi({ base: apiBase });

/* Somebody who merely came by gets no store. A browser that cannot tell is taken for a phone of this door. */
async function isThere(name) {
  const known = await indexedDB.databases?.().catch(() => null);
  return !known || known.some((each) => each.name === name);
}

async function leftOver(name, open, outboxOf) {
  if (!(await isThere(name))) return null;
  const store = await open(slug);
  return outboxOf(store);
}

async function scansOf(store) {
  await store.forget(() => true).catch(() => {});
  await forgetAnswered(store, { error });
  return createOutbox({ store, keeps: () => false, post: api.postScans, lock: pageLock(`dongmun-door-${slug}`), onOutcome: () => {}, onWaiting: view.waiting });
}

async function marksOf(store) {
  await store.forget().catch(() => {});
  const post = (marks) => api.postTicks(marks.map(markAsSent));
  return createOutbox({ store, post, lock: pageLock(`dongmun-ticks-${slug}`), onOutcome: () => {} });
}

view.show({ error });
await Promise.allSettled([deleteDatabase(listName(slug)), deleteDatabase(peopleName(slug)), forgetPage(location.pathname)]);
const scans = await leftOver(scansName(slug), openScanStore, scansOf);
const marks = await leftOver(ticksName(slug), openTickStore, marksOf);

async function send() {
  await scans?.flush();
  await marks?.flush();
}

await scans?.report();
if (error === "device_expired") {
  addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  await send();
}
document.body.dataset.ready = "yes";
