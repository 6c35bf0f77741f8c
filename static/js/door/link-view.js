/* Whether the server was reached at the last try, and how many scans it has not yet answered. */

import { part, setIcon } from "./dom.js";

export function createLinkView({ say }) {
  const chip = part("link");
  let online = null;
  let waiting = 0;

  function draw() {
    const state = online === false ? "off" : waiting > 0 ? "waiting" : "on";
    chip.dataset.state = state;
    setIcon(chip.querySelector("svg"), state === "off" ? "wifi-off" : "wifi");
    const words = [online === false ? say("link_off") : say("link_on")];
    if (waiting > 0) words.push(say("link_waiting", { count: waiting }));
    part("link-text").textContent = words.join(" · ");
  }

  return {
    heard(answer) {
      online = answer.how !== "offline";
      draw();
    },
    waiting(count) {
      waiting = count;
      draw();
    },
  };
}
