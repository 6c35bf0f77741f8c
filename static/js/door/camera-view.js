/* The picture, its light, and what to do when there is none. */

import { part, showOnly } from "./dom.js";

const STATES = ["start", "running", "trouble"];

/** `onStart()` is the tap on the start button or on "try again". */
export function createCameraView({ say, onStart }) {
  const stage = part("stage");
  const torch = part("torch");
  const sentence = part("trouble-text");
  const panels = { start: part("start-panel"), trouble: part("trouble-panel") };
  let lit = false;

  function state(name) {
    for (const each of STATES) stage.classList.toggle(`stage--${each}`, each === name);
    showOnly(name, panels, stage);
  }

  part("start").addEventListener("click", onStart);
  part("retry").addEventListener("click", onStart);

  return {
    state,
    running(camera) {
      state("running");
      lit = false;
      torch.hidden = !camera.hasTorch;
      torch.setAttribute("aria-pressed", "false");
      torch.onclick = async () => {
        if (await camera.torch(!lit)) lit = !lit;
        torch.setAttribute("aria-pressed", String(lit));
      };
    },
    trouble(why) {
      sentence.textContent = say(`camera_${why}`);
      torch.hidden = true;
      state("trouble");
    },
  };
}
