/* The scanner page: makes the parts and connects them. */

import { createApi } from "./api.js";
import { createCamera } from "./camera.js";
import { createCameraView } from "./camera-view.js";
import { createClock } from "./clock.js";
import { createCountsView } from "./counts-view.js";
import { createDecoder } from "./decoder.js";
import { createHeldCodes } from "./dedupe.js";
import { json, part } from "./dom.js";
import { createFrames } from "./frames.js";
import { createLastView } from "./last-view.js";
import { createLinkView } from "./link-view.js";
import { createOutbox, pageLock } from "./outbox.js";
import { createPanels } from "./panels.js";
import { parsePayload } from "./payload.js";
import { openScanStore } from "./scan-store.js";
import { createGateView, createRules } from "./rules.js";
import { createSearchView } from "./search-view.js";
import { createSettingsView, rememberedMode } from "./settings-view.js";
import { createSound } from "./sound.js";
import { createStorage } from "./storage.js";
import { createTurnstile } from "./turnstile.js";
import { createTypedView } from "./typed-view.js";
import { createUndoView } from "./undo-view.js";
import { createVerdictView } from "./verdict-view.js";
import { outcomeView } from "./verdict-model.js";
import { keepAwake } from "./wake-lock.js";
import { listenForWedge } from "./wedge-listener.js";
import { createWords } from "./words.js";

const POLL_MS = 10_000;

const config = json("door-config");
const { worker: workerUrl, wasm } = part("behind").dataset;
const say = createWords(json("door-words"));
const storage = createStorage();
const clock = createClock({ locale: config.locale, zone: config.zone });
const api = createApi({ base: config.apiBase });
const sound = createSound({ storage });
const mode = rememberedMode(storage, config.mode);
const maySupervise = config.role === "supervise";
const rules = createRules({ config, storage, api, onChange: () => gateView.draw() });
const gateView = createGateView({ rules, say });
const parse = (text) => parsePayload(text, { ...config, hostPatterns: rules.current.host_patterns });

const link = createLinkView({ say });
const counts = createCountsView({ say });
const last = createLastView({ say, maySupervise, onUndo: (entry) => undo.open(entry) });

function heard(answer) {
  link.heard(answer);
  if (answer.how === "ended") end(answer.body?.reason);
  if (answer.body?.server_time) clock.learn(answer.body.server_time);
  counts.show(answer.body?.counts);
  rules.learn(answer.body);
}

/* The phone was revoked, or the door is over: nothing works any more, and the page says so. */
function end(reason) {
  clearInterval(poll);
  frames.stop();
  camera.stop();
  decoder.stop();
  if (reason) part("ended-reason").textContent = reason;
  part("behind").hidden = true;
  part("verdict").hidden = true;
  part("ended").hidden = false;
}

const outbox = createOutbox({
  store: await openScanStore(config.slug),
  post: api.postScans,
  lock: pageLock(`dongmun-door-${config.slug}`),
  onOutcome: (outcome, scan) => turnstile.settled(outcome, scan),
  onAnswer: heard,
  onWaiting: link.waiting,
});

function show(view) {
  verdict.show(view);
  if (view) sound.signal(view.tone);
  else if (panels.open === "search") search.clear(), search.focus();
  else if (panels.open === "typed") typed.focus();
}

const turnstile = createTurnstile({
  parse, say, clock, mode, show, held: createHeldCodes(), send: (scan) => outbox.add(rules.atGate(scan)),
  onSettled: (outcome, scan, view, late) => last.note(view, late ? clock.format(scan.scanned_at) : ""),
});
const panels = createPanels(["search", "typed", "settings", "undo"], {
  onOpen: { search: () => search.clear(), settings: () => settings.draw() },
});
const typed = createTypedView({ parse, say, onCode: turnstile.typed });
const search = createSearchView({ api, say, clock, cohorts: counts.cohorts, onPick: turnstile.picked, onAnswer: heard });
const undo = createUndoView({
  api, say, panels, onAnswer: heard,
  onUndone(outcome, entry) {
    last.clear();
    turnstile.put(outcomeView({ ...outcome, verdict: "undone", id: entry.scanId }, { say, clock }));
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

listenForWedge((text) => turnstile.typed(parse(text)));
addEventListener("online", outbox.flush);
document.addEventListener("visibilitychange", () => {
  refresh();
  outbox.flush();
});
gateView.draw();
const poll = setInterval(refresh, POLL_MS);
await refresh();
outbox.flush();
keepAwake();
const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
if (permission?.state === "granted") camera.start();
document.body.dataset.ready = "yes";
