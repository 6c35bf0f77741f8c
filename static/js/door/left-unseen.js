/* Scans that wait from before this page began and of which no screen had said anything: whoever stood there saw no green,
   and is scanned again. The server is told so, or their next scan would look like a second entry. */

/** Whether no other page of its door is open here. From then on this one is, for those that open later. */
export async function onlyPage(name, locks = globalThis.navigator?.locks) {
  if (!locks) return true;
  const alone = await locks.request(name, { ifAvailable: true }, (lock) => Boolean(lock)).catch(() => true);
  locks.request(name, { mode: "shared" }, () => new Promise(() => {})).catch(() => {});
  return alone;
}

const isUnseen = ({ kind, let_in: people, shown, again }) => kind === "entry" && people === undefined && shown === undefined && !again;

/** Before anything is sent. `alone` is onlyPage's word: another page may be about to show what it waits for. */
export async function tellUnseen(store, alone) {
  if (!(await alone)) return;
  const waiting = await store.all().catch(() => []);
  await Promise.all(waiting.filter(isUnseen).map((scan) => store.amend({ ...scan, let_in: 0 }).catch(() => {})));
}
