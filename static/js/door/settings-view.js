/* This phone's own choices: camera, sound, express or confirm. */

import { make, part } from "./dom.js";

const MODE = "door-mode";

/** The mode chosen on this phone, else the door's own. `current` may change while the page is open. */
export function rememberedMode(storage, fallback) {
  const chosen = storage.get(MODE);
  return {
    current: ["express", "confirm"].includes(chosen) ? chosen : fallback,
    choose(mode) {
      this.current = mode;
      storage.set(MODE, mode);
    },
  };
}

export function createSettingsView({ camera, sound, mode, say }) {
  const select = part("camera-choice");
  const field = part("camera-field");
  const loud = part("sound-choice");

  async function drawCameras() {
    const cameras = camera.live() ? await camera.list() : [];
    field.hidden = cameras.length < 2;
    const label = (device, index) => device.label || say("camera_number", { number: index + 1 });
    select.replaceChildren(...cameras.map((device, index) =>
      make("option", { value: device.deviceId, text: label(device, index) })));
    select.value = camera.deviceId ?? "";
  }

  select.addEventListener("change", () => camera.choose(select.value));
  loud.addEventListener("change", () => {
    sound.muted = !loud.checked;
    sound.signal("ok");
  });
  document.querySelectorAll("input[name=mode]").forEach((radio) => {
    radio.checked = radio.value === mode.current;
    radio.addEventListener("change", () => mode.choose(radio.value));
  });

  return {
    draw() {
      loud.checked = !sound.muted;
      drawCameras();
    },
  };
}
