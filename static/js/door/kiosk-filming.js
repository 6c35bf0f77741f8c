/* A tablet's camera: it looks at whoever stands before it, unless staff chose another one. */

import { createCamera } from "./camera.js";
import { createDecoder } from "./decoder.js";
import { make, part, showOnly } from "./dom.js";
import { createFrames } from "./frames.js";

const REMEMBERED = "door-kiosk-camera";

/** `onTexts(texts)` hears what one picture holds. */
export function createKioskFilming({ storage, sound, say, onTexts }) {
  const stage = part("stage");
  const video = part("video");
  const { worker, wasm } = part("behind").dataset;
  const panels = { start: part("start-panel"), trouble: part("trouble-panel") };
  let trouble = null;
  /* A picture came; a permission alone says nothing. */
  let ran = false;

  function picture(state) {
    stage.dataset.state = state;
    showOnly(state, panels, part("hold"));
  }

  function stuck(why) {
    trouble = why;
    picture("trouble");
    part("trouble-text").textContent = say(`camera_${why}`);
  }

  function stop() {
    frames.stop();
    camera.stop();
  }

  const camera = createCamera({
    video, storage, facing: "user", key: REMEMBERED, onTrouble: stuck,
    onRunning() {
      trouble = null;
      ran = true;
      picture("running");
      stage.classList.toggle("kiosk__stage--mirrored", camera.facing !== "environment");
      frames.start();
    },
  });
  const decoder = createDecoder({
    wasm,
    makeWorker: () => new Worker(worker, { type: "module" }),
    onBroken() {
      stop();
      stuck("reader");
    },
  });
  const frames = createFrames({ video, decoder, onTexts });

  async function drawCameras() {
    const cameras = camera.live() ? await camera.list() : [];
    const named = (device, index) => device.label || say("camera_number", { number: index + 1 });
    part("camera-field").hidden = cameras.length < 2;
    part("camera-choice").replaceChildren(...cameras.map((device, index) => make("option", { value: device.deviceId, text: named(device, index) })));
    part("camera-choice").value = camera.deviceId ?? "";
  }

  const attempt = () => (trouble === "reader" ? location.reload() : camera.start());

  part("start").addEventListener("click", attempt);
  part("retry").addEventListener("click", attempt);
  part("camera-choice").addEventListener("change", (event) => camera.choose(event.target.value));
  part("sound-choice").addEventListener("change", (event) => {
    sound.muted = !event.target.checked;
    sound.signal("ok");
  });

  return {
    /** Start the camera, also to see whether it can. */
    attempt,
    /** {state: "live", name}, "idle" before anybody asked for it, or why there is no picture. */
    state() {
      if (trouble) return { state: trouble, name: "" };
      return ran ? { state: "live", name: camera.label } : { state: "idle", name: "" };
    },
    /** What staff may change: the camera and the sound. */
    drawSettings() {
      part("sound-choice").checked = !sound.muted;
      return drawCameras();
    },
    end() {
      stop();
      decoder.stop();
    },
    /** The camera runs by itself only where somebody has allowed it before. */
    async begin() {
      const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
      if (permission?.state === "granted") camera.start();
    },
  };
}
