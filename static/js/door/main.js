/* The scanner page: makes the parts and connects them. */

import { createApi } from "./api.js";
import { createCamera } from "./camera.js";
import { createCameraView } from "./camera-view.js";
import { createClock } from "./clock.js";
import { createCountsView } from "./counts-view.js";
import { createDecoder } from "./decoder.js";
import { createHeldCodes } from "./dedupe.js";
import { json, part } from "./dom.js";
import { createEndedView } from "./ended-view.js";
import { createFrames } from "./frames.js";
import { createLastView } from "./last-view.js";
import { createLinkView } from "./link-view.js";
import { createListDoor } from "./list-door.js";
import { openShelf } from "./manifest-shelf.js";
import { createManifestStore } from "./manifest-store.js";
import { createOutbox, pageLock } from "./outbox.js";
import { createPartyView } from "./party-view.js";
import { createPanels } from "./panels.js";
import { parsePayload } from "./payload.js";
import { openPeopleShelf, shiftKey } from "./people-shelf.js";
import { createPeopleStore } from "./people-store.js";
import { createPhoneJudge } from "./phone-judge.js";
import { createReleaseView } from "./release-view.js";
import { createGateView, createRules } from "./rules.js";
import { openScanStore } from "./scan-store.js";
import { createSearchView } from "./search-view.js";
import { createSettingsView, rememberedMode } from "./settings-view.js";
import { forgetPage, installShell, keepStorage, wakeWhenOnline } from "./shell.js";
import { createSound } from "./sound.js";
import { createStorage } from "./storage.js";
import { openTickStore } from "./tick-store.js";
import { createTicks, takesTicks } from "./ticks.js";
import { createTurnstile } from "./turnstile.js";
import { createTypedView } from "./typed-view.js";
import { createUndoView } from "./undo-view.js";
import { createVerdictView } from "./verdict-view.js";
import { outcomeView } from "./verdict-model.js";
import { keepAwake } from "./wake-lock.js";
import { createWalkinView } from "./walkin-view.js";
import { listenForWedge } from "./wedge-listener.js";
import { createWords } from "./words.js";

const POLL_MS = 10_000;
const LIST_MS = 5000;
/* A verdict with something to tap under it is left until it can have been tapped. */
const TAPPING_MS = 15_000;

const config = json("door-config");
const { worker: workerUrl, wasm } = part("behind").dataset;
const say = createWords(json("door-words"));
const storage = createStorage();
const clock = createClock({ locale: config.locale, zone: config.zone, storage });
const api = createApi({ base: config.apiBase, report: () => ({ listAt: list.about?.at, waiting: left }) });
const sound = createSound({ storage });
const mode = rememberedMode(storage, config.mode);
const maySupervise = config.role === "supervise";
const rules = createRules({ config, storage, api, onChange: () => (gateView.draw(), walkin.draw()) });
const gateView = createGateView({ rules, say });
const parse = (text) => parsePayload(text, { ...config, hostPatterns: rules.current.host_patterns });

const store = await openScanStore(config.slug);
const list = createManifestStore({
  shelf: await openShelf(config.slug), meetup: config.meetup, ask: api.manifest, serverNow: clock.serverNow,
  onAnswer: heard,
  onUndone: (keys) => judge.undone(keys).catch(() => {}),
  onChange: () => (link.draw(), door.lookAgain()),
});
const people = createPeopleStore({
  shelf: await openPeopleShelf(config.slug), ask: api.peopleList, makeKey: shiftKey, device: config.device, serverNow: clock.serverNow,
  allowed: rules.current.lists,
  onAnswer: heard,
  onChange: () => door.renew(),
});
const link = createLinkView({ say, clock, about: () => list.about });
const counts = createCountsView({ say, clock, storage, slug: config.slug });
const last = createLastView({ say, maySupervise, onUndo: (entry) => undo.open(entry) });

const ended = createEndedView({ say });
let over = false;
let left = 0;
function heard(answer) {
  const back = !link.reachable;
  link.heard(answer);
  if (answer.how === "ended") return end(answer.body);
  if (over) return;
  if (answer.body?.server_time) clock.learn(answer.body.server_time);
  counts.heard(answer, link.reachable);
  if (!link.reachable) turnstile.unreachable();
  else if (back) list.refresh(), people.refresh(), outbox.flush(), ticks.flush();
  rules.learn(answer.body);
  if (answer.body?.settings) people.allow(rules.current.lists).then(door.offer);
}

/* The phone was revoked, or its shift is over: nothing works any more, and the page says so. Lists and entries are
   wiped, and the page where the server says so. Scans that it has not answered stay, sealed: it takes those of a
   shift that ran out, and those of a revoked phone after its next enrolment at this door. */
function end(body, { forget = true } = {}) {
  ended.show(body);
  if (forget) forgetPage(location.pathname).catch(() => {});
  if (over) return;
  over = true;
  timers.forEach(clearInterval);
  list.wipe();
  people.end();
  counts.forget();
  judge.forgetAll().catch(() => {});
  ticks.forget();
  frames.stop();
  camera.stop();
  decoder.stop();
  part("behind").hidden = true;
  part("verdict").hidden = true;
  outbox.flush();
  ticks.flush();
}

/* Also without a network everything ends with the shift, by the server's clock as far as this phone knows it. */
function endInTime() {
  if (!over && clock.known && clock.serverNow() >= Date.parse(config.until)) end({ error: "device_expired", reason: say("ended_over") }, { forget: false });
}

const outbox = createOutbox({
  store,
  post: api.postScans,
  lock: pageLock(`dongmun-door-${config.slug}`),
  onOutcome(outcome, scan) {
    if (over || scan.kind === "party") return;
    judge.learn(outcome, scan).catch(() => {});
    ticks.learn(outcome.person);
    turnstile.settled(outcome, scan);
  },
  onAnswer: heard,
  onWaiting(count) {
    left = count;
    link.waiting(count);
    ended.waiting(count);
    if (count > 0) wakeWhenOnline();
  },
});
const judge = createPhoneJudge({ list, people, store, name: config.name, kept: outbox.kept });

function show(view) {
  const covering = door.takes(view) ? null : view;
  verdict.show(covering);
  party.show(covering);
  ticks.show(covering);
  release.show(covering);
  if (view?.quiet) return;
  if (view) sound.signal(view.tone);
  else if (panels.open === "search") search.clear(), search.focus();
  else if (panels.open === "typed") typed.focus();
}

/* The ticket behind the scan on the screen, for whoever corrects how many of its party came in. */
function send(scan) {
  codes.clear();
  if (scan.code) codes.set(scan.id, scan.code);
  return outbox.add(scan);
}

const ticks = createTicks({
  store: await openTickStore(config.slug), post: api.postTicks, lock: pageLock(`dongmun-ticks-${config.slug}`), say, clock, rules,
  first: () => outbox.flush(),
  onTap: () => turnstile.linger(),
  onAnswer: heard,
  onWaiting: (count) => link.ticksWaiting(count),
});
const turnstile = createTurnstile({
  stays: (view) => (view.chance || view.party || (takesTicks(view) && rules.current.ticks.length) ? Math.max(view.stays, TAPPING_MS) : view.stays),
  parse, say, clock, mode, show, held: createHeldCodes(), atGate: rules.atGate, send,
  judge: judge.judge,
  reachable: () => link.reachable,
  onJudged(scan, view) {
    last.note(view);
    door.settled(scan.registration);
  },
  onSettled(outcome, scan, view, late, shown) {
    door.settled(scan.registration);
    if (shown && shown !== "unknown") last.settled(view);
    else last.note(view, late ? clock.format(scan.scanned_at) : "");
  },
});
const panels = createPanels(["search", "typed", "settings", "undo", ...(maySupervise ? ["walkin"] : [])], {
  onOpen: { search: () => search.clear(), walkin: () => walkin.open(), settings: () => settings.draw() },
});
const typedIn = (payload) => over || (door.leave(), turnstile.typed(payload));
const typed = createTypedView({ parse, say, onCode: typedIn });
const search = createSearchView({ api, say, clock, cohorts: counts.cohorts, onPick: turnstile.picked, onAnswer: heard });
const undo = createUndoView({
  api, say, panels, onAnswer: heard,
  onUndone(outcome, entry) {
    last.clear();
    judge.undoneHere(entry.scanId).catch(() => {});
    turnstile.put(outcomeView({ ...outcome, verdict: "undone", id: entry.scanId }, { say, clock }));
  },
});
const walkin = createWalkinView({
  api, say, panels, rules, onAnswer: heard,
  onAdmitted(outcome) {
    const view = outcomeView(outcome, { say, clock });
    turnstile.put(view);
    last.note(view);
  },
});
const codes = new Map();
const party = createPartyView({
  say, send: outbox.add,
  onTap: () => turnstile.linger(),
  onFewer: (scanId, fewer) => codes.has(scanId) && judge.corrected(codes.get(scanId), fewer).catch(() => {}),
});
const door = createListDoor({
  people, api, say, clock, storage, maySupervise, onAnswer: heard, locale: config.locale,
  entries: store.entries,
  arrivalOf: list.arrivalOf,
  fullScreen: (view) => view.chance || view.party || rules.current.ticks.length > 0,
  pick: turnstile.picked,
  tell: (line, first) => turnstile.put(outcomeView({ verdict: "already_redeemed", person: { name: line.n, cohort: line.c, reference: line.r }, first: { ...first, device: null } }, { say, clock })),
  onTab: (tab) => filming(tab === "scan"),
  onCode(text) {
    const payload = parse(text);
    if (payload.kind === "ticket") typedIn(payload);
    return payload.kind === "ticket";
  },
  onSearch: (text) => (panels.show("search"), search.ask(text)),
  async onUndone(outcome, entry) {
    last.clear();
    await judge.undoneHere(entry.scanId).catch(() => {});
    await list.refresh();
    door.lookAgain();
  },
});
const release = createReleaseView({
  api, say, rules, onAnswer: heard,
  onTap: () => turnstile.linger(),
  onAdmitted(outcome) {
    const view = outcomeView(outcome, { say, clock });
    turnstile.put(view);
    last.note(view);
  },
});
const verdict = createVerdictView({
  say, maySupervise,
  onDismiss: turnstile.dismiss,
  onAdmit: turnstile.admit,
  onSearch() {
    turnstile.dismiss();
    panels.show("search");
  },
  onUndo(view) {
    turnstile.dismiss();
    undo.open(view);
  },
});

const video = part("video");
const camera = createCamera({
  video, storage,
  onTrouble: (why) => cameraView.trouble(why),
  onRunning() {
    cameraView.running(camera);
    frames.start();
    settings.draw();
  },
});
/* Behind the list no picture is taken: the light is off, and the battery lasts. */
let filmed = false;
function filming(on) {
  if (on && filmed) camera.start();
  if (on) return;
  filmed ||= camera.live();
  frames.stop();
  camera.stop();
}
let readerBroken = false;
const decoder = createDecoder({
  wasm,
  makeWorker: () => new Worker(workerUrl, { type: "module" }),
  onBroken() {
    readerBroken = true;
    frames.stop();
    camera.stop();
    cameraView.trouble("reader");
  },
});
/* Behind a sheet that covers the picture nobody sees what is scanned: then nothing is. */
const covering = matchMedia("(max-width: 59.99rem)");
const frames = createFrames({
  video, decoder,
  onTexts: (texts) => (panels.open && covering.matches) || turnstile.sighted(texts),
});
const cameraView = createCameraView({ say, onStart: () => (readerBroken ? location.reload() : camera.start()) });
const settings = createSettingsView({ camera, sound, mode, say });

async function refresh() {
  if (document.visibilityState === "visible") heard(await api.state());
}

listenForWedge((text) => typedIn(parse(text)));
function renew() {
  endInTime();
  if (document.visibilityState === "visible") list.refresh(), people.refresh();
}

function catchUp() {
  refresh();
  renew();
  outbox.flush();
  ticks.flush();
}

addEventListener("online", catchUp);
addEventListener("pagehide", outbox.flush);
document.addEventListener("visibilitychange", catchUp);
gateView.draw();
walkin.draw();
const timers = [setInterval(refresh, POLL_MS), setInterval(renew, LIST_MS)];
await list.load();
await people.load();
door.offer();
await ticks.load();
await outbox.report();
await ticks.report();
endInTime();
catchUp();
installShell({ url: config.serviceWorker, onFlush: outbox.flush });
keepStorage();
keepAwake();
const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
filmed ||= permission?.state === "granted";
if (filmed && door.tab === "scan" && !over) camera.start();
document.body.dataset.ready = "yes";
