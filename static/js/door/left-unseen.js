/* Scans that wait from before this page began and of which no screen had said anything: whoever stood there saw no green,
   and is scanned again. The server is told so, or their next scan would look like a second entry. */

/** Whether this is the only page of its door that is open here. As long as it is, it stays the one. */
export function onlyPage(name, locks = globalThis.navigator?.locks) {
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = (lock) => (resolve(Boolean(lock)), lock ? new Promise(() => {}) : null);
    locks.request(name, { ifAvailable: true }, held).catch(() => resolve(true));
  });
}

const isUnseen = ({ kind, let_in: people, shown, again }) => kind === "entry" && people === undefined && shown === undefined && !again;

/** Before anything is sent. `alone` is onlyPage's word: another page may be about to show what it waits for. */
export async function tellUnseen(store, alone) {
  if (!(await alone)) return;
  const waiting = await store.all().catch(() => []);
  await Promise.all(waiting.filter(isUnseen).map((scan) => store.amend({ ...scan, let_in: 0 }).catch(() => {})));
}
