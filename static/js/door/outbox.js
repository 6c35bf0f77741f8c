/* Scans on their way to the server. A scan leaves only when the server has answered it and knows whom the phone let in
   by it meanwhile, and goes out with the same id however often it is sent, so that sending twice changes nothing. Then the
   store keeps it aside: a server that was restored from an older backup says that it has lost it, and gets it again. */

const BATCH = 200;
const RETRY_MS = 5000;

/* What the phone showed for a scan is its own business; how many it let in by itself, and how wrong its clock was then, the server is told. */
const asSent = ({ shown, held, again, ...scan }) => scan;

/* An answered scan as it would be sent again: with what was shown for it and how many came in by it, which a server
   that has lost it cannot know. */
function asKept({ held, again, ...scan }, { verdict, party }) {
  const people = verdict === "ok" ? (party?.by_this ?? 1) : 0;
  return { ...scan, shown: verdict, ...(scan.kind === "entry" ? { let_in: scan.let_in ?? people } : {}) };
}

/* Sent before the phone had judged it: what it does while the answer is on its way, the server is to know. */
const isUntold = ({ kind, let_in: people }) => kind === "entry" && people === undefined;

/* What is in no ledger and stays on the phone: another role of it may be allowed to send it, another release able to, and
   an organizer may want to see it. */
const KEPT = new Set(["malformed", "not_allowed", "kiosk_only", "shift_over", "conflicting_body"]);

/* What is said of a scan goes after it. */
const isRemark = (scan) => Number(["party", "override"].includes(scan.kind));
const inOrder = (a, b) => (a.scanned_at < b.scanned_at ? -1 : a.scanned_at > b.scanned_at ? 1 : isRemark(a) - isRemark(b));

function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/**
 * `who` names this device and its role: what the server refused to it is kept, and sent by the next one alone;
 * `sends(scan)`: whether this role sends such a scan at all. `post(scans, left)` is api.postScans; `lock(act)` runs act alone among this door's open pages.
 * `onOutcome(outcome, scan)` comes once for each scan; `onAnswer(answer)` for each answer, with what it said.
 * `onWaiting(count, held)`: so many lie on the phone, `held` of them not to be sent from here.
 * `keeps()`: whether what is answered now is kept aside, where the store can.
 */
export function createOutbox({ store, post, who = "", sends = () => true, keeps = () => true, lock = (act) => act(), onOutcome, onAnswer = () => {}, onWaiting = () => {},
  setTimer = setTimeout, clearTimer = clearTimeout }) {
  /* Scans of this page: another page that shares the store may have sent them, and then only a second
     sending (the stored answer comes again) tells this page what became of them. */
  const mine = new Map();
  /* Scans that the server refuses to read at all: kept on the phone, not sent again before the next start. */
  const stuck = new Set();
  /* Answered, but the store would not let go of them: not sent and not shown again. */
  const done = new Set();
  /* Answered, and on their way once more with what the phone did meanwhile: the second answer is no news. */
  const told = new Set();
  const keeping = new Map();
  let flushing = null;
  let again = false;
  let timer = null;
  let looks = 0;
  let ended = false;
  let last = null;

  const isHeld = (scan) => scan.held === who || !sends(scan);

  async function unanswered() {
    const kept = await store.all().catch(() => []);
    const all = new Map(kept.map((scan) => [scan.id, scan]));
    for (const [id, scan] of mine) all.set(id, { ...all.get(id), ...scan });
    return [...all.values()].filter(({ id }) => !stuck.has(id) && !done.has(id)).sort(inOrder);
  }

  /* Where the store does not take the mark, the page remembers it. */
  async function hold(scan) {
    const judged = await store.get?.(scan.id).catch(() => undefined);
    return store.put({ ...scan, ...judged, held: who }).catch(() => stuck.add(scan.id));
  }

  function tell(outcome, scan) {
    mine.delete(outcome.id);
    keeping.delete(outcome.id);
    if (!told.delete(outcome.id)) onOutcome(outcome, scan);
  }

  async function readLast() {
    last = (await store.last?.().catch(() => last)) ?? null;
  }

  /* All that was answered waits again, and is sent with the next try; whether the store did that. */
  async function revive() {
    const isDone = await store.revive?.().then(() => true, () => false);
    await readLast();
    return isDone !== false;
  }

  async function settle(scans, outcomes) {
    const byId = new Map(scans.map((scan) => [scan.id, scan]));
    const answered = outcomes.filter((outcome) => byId.has(outcome.id));
    const stored = answered.filter(({ error }) => !error).map(({ id }) => byId.get(id));
    const gone = answered.filter(({ error }) => !KEPT.has(error));
    for (const { id, error } of answered) if (KEPT.has(error)) await hold(byId.get(id));
    const kept = keeps() ? gone.filter(({ error }) => !error).map((outcome) => asKept(byId.get(outcome.id), outcome)) : [];
    const ids = gone.map(({ id }) => id);
    const untold = stored.filter(isUntold).map(({ id }) => id);
    const more = (await store.remove(ids, kept, untold).catch(() => ids.forEach((id) => done.add(id)))) ?? [];
    for (const outcome of answered) tell(outcome, byId.get(outcome.id));
    more.forEach((id) => told.add(id));
    again ||= more.length > 0;
    return answered.length;
  }

  async function refused(scans, left, answer) {
    if (scans.length > 1) {
      let sent = 0;
      for (const scan of scans) sent += await send([scan], left + scans.length - 1 - sent);
      return sent;
    }
    const [scan] = scans;
    stuck.add(scan.id);
    mine.delete(scan.id);
    onOutcome({ id: scan.id, error: "refused", reason: answer.body?.reason ?? null }, scan);
    return 0;
  }

  /** How many scans got their answer; `left`: so many wait besides these. */
  async function send(scans, left) {
    await readLast();
    const answer = await post(scans.map(asSent), left);
    ended ||= answer.how === "ended";
    onAnswer(answer);
    /* Before this answer becomes the newest: it would be found on the server, and what was lost before it never missed. */
    if (answer.body?.lost && !(await revive())) return 0;
    if (answer.how === "refused") return refused(scans, left, answer);
    if (answer.how !== "answered" || !Array.isArray(answer.body.outcomes)) return 0;
    return settle(scans, answer.body.outcomes);
  }

  async function sendAll() {
    const all = await unanswered();
    let left = all.length + stuck.size;
    for (const batch of chunks(all.filter((scan) => !isHeld(scan)), BATCH)) {
      if (ended) break;
      const sent = await send(batch, left - batch.length);
      left -= sent;
      if (sent === 0) break;
    }
  }

  /* How many may be sent from here. Of two looks at once the later one is told. */
  async function tally() {
    const look = ++looks;
    await readLast();
    const all = await unanswered();
    const count = all.filter((scan) => !isHeld(scan)).length;
    if (look === looks) onWaiting(all.length + stuck.size, all.length - count + stuck.size);
    return count;
  }

  async function report() {
    const count = await tally();
    clearTimer(timer);
    if (count > 0 && !ended) timer = setTimer(flush, RETRY_MS);
  }

  /* Told after each round: where the network swallows requests and people go on scanning, there is always another one. */
  async function run() {
    do {
      again = false;
      clearTimer(timer);
      await lock(sendAll);
      await report();
    } while (again && !ended);
  }

  /** Send what waits. Called while sending, it goes round once more. */
  function flush() {
    if (ended) return Promise.resolve();
    again = true;
    flushing ??= run().finally(() => (flushing = null));
    return flushing;
  }

  /* One whose answer is a moment off is no news; those that pile up behind it are. */
  function queued() {
    if (flushing) tally();
    return flush();
  }

  return {
    /** Keep the scan, then send it. With a broken store it is kept in the page alone, and sent all the same. */
    async add(scan) {
      mine.set(scan.id, scan);
      const kept = store.put(scan).catch(() => {});
      keeping.set(scan.id, kept);
      await kept;
      return queued();
    },
    /** Send what is in the store already. */
    follow(scan) {
      mine.set(scan.id, scan);
      return queued();
    },
    /** Resolves when a scan has been put away, as far as the store could. */
    kept: (id) => keeping.get(id) ?? Promise.resolve(),
    flush,
    report,
    /** The id of what the server answered last, to ask whether it still knows of it. */
    get last() {
      return last;
    },
    /** It does not: all that it answered goes out again. */
    lost: () => lock(revive).then(flush),
  };
}

/** One flusher among all open pages of a door, by the browser's own locks where it has them. */
export function pageLock(name, locks = globalThis.navigator?.locks) {
  return locks ? (act) => locks.request(name, act) : (act) => act();
}
