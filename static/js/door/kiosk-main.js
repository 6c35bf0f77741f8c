/* Self check-in on a tablet: camera, list, outbox and judge are the scanner's; screens and manners are its own. */

import { forgetAnswered } from "./answered-scans.js";
import { createApi } from "./api.js";
import { createClock } from "./clock.js";
import { deleteDatabase } from "./database.js";
import { createHeldCodes } from "./dedupe.js";
import { json, part } from "./dom.js";
import { createEndedView } from "./ended-view.js";
import { createKioskFilming } from "./kiosk-filming.js";
import { createKioskLock } from "./kiosk-lock.js";
import { createReadyLine } from "./kiosk-ready-line.js";
import { createKioskStaff } from "./kiosk-staff.js";
import { createTrap } from "./kiosk-trap.js";
import { createKioskTurnstile } from "./kiosk-turnstile.js";
import { createKioskView } from "./kiosk-view.js";
import { onlyPage, tellUnseen } from "./left-unseen.js";
import { openShelf } from "./manifest-shelf.js";
import { createManifestStore } from "./manifest-store.js";
import { createOutbox, pageLock } from "./outbox.js";
import { createPartyView } from "./party-view.js";
import { parsePayload } from "./payload.js";
import { peopleName } from "./people-shelf.js";
import { createPhoneJudge } from "./phone-judge.js";
import { createReadiness } from "./readiness.js";
import { openScanStore } from "./scan-store.js";
import { forgetPage, installShell, keepStorage, wakeWhenOnline } from "./shell.js";
import { createSound } from "./sound.js";
import { createStorage } from "./storage.js";
import { keepAwake } from "./wake-lock.js";
import { listenForWedge } from "./wedge-listener.js";

const POLL_MS = 10_000;
const LIST_MS = 5000;
const LOOK_MS = 1000;
const TONES = { ok: "ok", staff: "neutral", practice: "neutral" };

const config = json("kiosk-config");
const { slug } = config;
const storage = createStorage();
const clock = createClock({ locale: config.locale, zone: config.zone, storage });
const sound = createSound({ storage });
const view = createKioskView({ words: json("kiosk-words"), titles: config.titles, locale: config.locale, onLanguage: () => (readyLine.draw(), party.draw()) });
const { say } = view;
const party = createPartyView({
  say, send: (scan) => outbox.add(scan), onTap: () => turnstile.linger(),
  onFewer: (scan, fewer) => judge.corrected(scan, fewer).catch(() => {}),
});
const ended = createEndedView({ say });
const timers = [];
let { lock } = config;
let online = null;
let over = false;
let waiting = 0;

const api = createApi({ base: config.apiBase, report: () => ({ listAt: list.about?.at, waiting, last: outbox.last }) });
const store = await openScanStore(slug);
await tellUnseen(store, onlyPage(`dongmun-page-${slug}`));
const list = createManifestStore({
  shelf: await openShelf(slug), meetup: config.meetup, ask: api.manifest, serverNow: clock.serverNow, onAnswer: heard,
  unanswered: async () => (waiting ? judge.unanswered() : []),
  onUndone: (keys, madeAt) => judge.undone(keys, madeAt).catch(() => {}),
});
const outbox = createOutbox({
  store, who: `${config.device}:kiosk`, keeps: () => !over, sends: ({ kind, code }) => kind === "party" || (kind === "entry" && Boolean(code)), post: api.postScans, lock: pageLock(`dongmun-door-${slug}`), onAnswer: heard,
  onOutcome(outcome, scan) {
    if (over) return;
    judge.learn(outcome, scan).catch(() => {});
    if (scan.again) return;
    turnstile.settled(outcome, scan);
  },
  onWaiting(count, held) {
    waiting = count;
    ended.waiting(count, held);
    if (count > 0) wakeWhenOnline();
  },
});
const judge = createPhoneJudge({ list, store, kept: outbox.kept, serverNow: clock.serverNow, showsRefusals: false });
const parse = (text) => parsePayload(text, config);
const turnstile = createKioskTurnstile({
  parse, held: createHeldCodes(), judge: judge.judge, refused: judge.refused, reachable: () => online !== false, send: outbox.add,
  atGate: (scan) => ({ ...scan, gate: config.gate, skew: clock.offsetMs, self: true }),
  show(next) {
    view.show(next);
    party.show(next?.screen === "ok" ? { tone: "ok", party: next.party, scanId: next.scan.id, scan: next.scan } : null);
    if (TONES[next?.screen]) sound.signal(TONES[next.screen]);
    if (next?.screen === "ok") readyLine.greeted();
  },
});

/* The tablet's right has ended, or its shift: as on a staff phone. */
function end(body, { forget = true } = {}) {
  ended.show(body);
  if (forget) forgetPage(location.pathname).catch(() => {});
  if (over) return;
  over = true;
  timers.forEach(clearInterval);
  list.wipe();
  judge.forgetAll().catch(() => {});
  forgetAnswered(store, body);
  filming.end();
  readiness.end();
  part("behind").hidden = true;
  part("staff").hidden = true;
  trap.end();
  outbox.flush();
}

function endInTime() {
  const due = clock.known && clock.serverNow() >= Date.parse(config.until);
  if (!over && due) end({ error: "device_expired", reason: say("ended_over") }, { forget: false });
}

function heard(answer) {
  const back = online === false;
  online = !["offline", "later"].includes(answer.how);
  if (answer.how === "ended") return end(answer.body);
  if (over) return undefined;
  if (answer.body?.server_time) clock.learn(answer.body.server_time);
  config.until = answer.body?.until ?? config.until;
  if (answer.body?.lock) lock = answer.body.lock;
  if (!online) turnstile.unreachable();
  else if (back) list.refresh(), outbox.flush();
  return undefined;
}

async function refresh() {
  if (document.visibilityState !== "visible") return;
  const answer = await api.state();
  heard(answer);
  if (answer.body?.lost && !over) outbox.lost();
}

function renew() {
  endInTime();
  if (document.visibilityState === "visible") list.refresh();
}

function catchUp() {
  refresh();
  renew();
  outbox.flush();
}

const filming = createKioskFilming({ storage, sound, say, onTexts: (texts) => staff.busy || over || turnstile.sighted(texts) });

const readyLine = createReadyLine({
  say, facts: () => ({ camera: filming.state().state === "live", list: Boolean(list.about), sound: sound.muted || sound.awake }),
});
const awake = keepAwake();
const readiness = createReadiness({
  say, clock, sound, store, list, filming, awake, rules: { current: { lists: false } },
  link: { get online() { return online; } },
  get waiting() { return waiting; },
});
const trap = createTrap();
const staff = createKioskStaff({
  say, trap, lock: createKioskLock({ lock: () => lock, storage }),
  onUnlocked() {
    filming.drawSettings();
    readiness.begin();
  },
  onLocked: readiness.end,
});

part("answer").addEventListener("click", () => turnstile.dismiss());
listenForWedge((text) => staff.busy || over || turnstile.read(parse(text)));
addEventListener("online", catchUp);
addEventListener("pagehide", outbox.flush);
document.addEventListener("visibilitychange", catchUp);

trap.close();
/* A staff phone that became a tablet still holds the list by name. */
deleteDatabase(peopleName(slug)).catch(() => {});
await list.load();
await outbox.report();
timers.push(setInterval(refresh, POLL_MS), setInterval(renew, LIST_MS), setInterval(readyLine.draw, LOOK_MS));
readyLine.draw();
catchUp();
installShell({ url: config.serviceWorker, onFlush: outbox.flush });
keepStorage();
if (!over) await filming.begin();
document.body.dataset.ready = "yes";
