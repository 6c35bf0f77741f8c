/* The camera and what reads its pictures. */

import { createCamera } from "./camera.js";
import { createCameraView } from "./camera-view.js";
import { createDecoder } from "./decoder.js";
import { part } from "./dom.js";
import { createFrames } from "./frames.js";
import { createSettingsView } from "./settings-view.js";

export function createFilming(parts) {
  const { storage, sound, mode, say } = parts;
  const { worker: workerUrl, wasm } = part("behind").dataset;
  const video = part("video");
  let filmed = false;
  /* A picture came; a permission alone says nothing. */
  let ran = false;
  let readerBroken = false;
  let trouble = null;
  /* The name of the camera that was tried behind the list. */
  let seen = "";

  const camera = createCamera({
    video, storage,
    onTrouble(why) {
      trouble = why;
      cameraView.trouble(why);
    },
    onRunning() {
      trouble = null;
      ran = true;
      cameraView.running(camera);
      frames.start();
      settings.draw();
    },
  });
  const decoder = createDecoder({
    wasm,
    makeWorker: () => new Worker(workerUrl, { type: "module" }),
    onBroken() {
      readerBroken = true;
      trouble = "reader";
      stop();
      cameraView.trouble("reader");
    },
  });
  /* Behind a sheet that covers the picture nobody sees what is scanned: then nothing is. */
  const covering = matchMedia("(max-width: 59.99rem)");
  const frames = createFrames({
    video, decoder,
    onTexts: (texts) => (parts.panels.open && covering.matches) || parts.turnstile.sighted(texts),
  });
  const cameraView = createCameraView({ say, onStart: () => (readerBroken ? location.reload() : camera.start()) });
  const settings = createSettingsView({ camera, sound, mode, say });

  function stop() {
    frames.stop();
    camera.stop();
  }

  parts.filming = {
    /** Behind the list no picture is taken: the light is off, and the battery lasts. */
    want(on) {
      if (on && filmed) camera.start();
      if (on) return;
      filmed ||= camera.live();
      stop();
    },
    end() {
      stop();
      decoder.stop();
    },
    drawSettings: settings.draw,
    /** Start the camera to see whether it can: it stays on, unless the list is in front. */
    async attempt() {
      if (readerBroken) return location.reload();
      if (!camera.live()) await camera.start();
      filmed ||= camera.live();
      if (parts.door.tab !== "scan") seen = camera.label;
      return parts.door.tab === "scan" || stop();
    },
    /** {state: "live", name}, "idle" before anybody asked for it, or why there is no picture. */
    state() {
      if (trouble) return { state: trouble, name: "" };
      return ran ? { state: "live", name: camera.label || seen } : { state: "idle", name: "" };
    },
    /** At the start the camera runs by itself only where the person has allowed it before. */
    async begin() {
      const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
      filmed ||= permission?.state === "granted";
      if (filmed && parts.door.tab === "scan" && !parts.over) camera.start();
    },
  };
}
