/* The "Ready?" sheet: looks again every other second while it is open, and says at the top how it stands. */

import { part, setIcon } from "./dom.js";
import { factsOf } from "./readiness-facts.js";
import { linesOf, overall } from "./readiness-model.js";

const LOOK_MS = 2000;
const ICONS = { good: "check-circle", look: "alert", note: "info" };
/* Behind the address of a phone that has just joined. */
const AT_FIRST = "#ready";

function write(element, text) {
  /* A text set anew is read out anew: only when it says something else. */
  if (element.textContent !== text) element.textContent = text;
}

function fill(row, { level, word, advice }) {
  row.hidden = false;
  row.dataset.level = level;
  setIcon(row.querySelector("svg"), ICONS[level]);
  write(row.querySelector("[data-ready-word]"), word);
  write(row.querySelector("[data-ready-advice]"), advice);
}

export function createReadiness(parts) {
  const { say, clock, sound } = parts;
  const sheet = part("panel-ready");
  const top = part("ready-overall");
  let timer = null;
  /* null: nobody has asked for a sound yet; then whether one could be played. */
  let tried = null;

  function put(lines) {
    const byKey = new Map(lines.map((line) => [line.key, line]));
    for (const row of sheet.querySelectorAll("[data-ready]")) {
      const line = byKey.get(row.dataset.ready);
      if (line) fill(row, line);
      else row.hidden = true;
    }
    const { level, word } = overall(lines, say);
    top.dataset.level = level;
    setIcon(top.querySelector("svg"), ICONS[level]);
    write(part("ready-word"), word);
  }

  async function look() {
    put(linesOf(await factsOf({ parts, tried }), { say, clock }));
  }

  function stop() {
    clearInterval(timer);
    timer = null;
  }

  part("ready-play").addEventListener("click", async () => {
    tried = await sound.attempt();
    look();
  });
  part("ready-camera").addEventListener("click", async () => {
    await parts.filming.attempt();
    look();
  });

  return {
    /** The sheet is on the screen. */
    begin() {
      stop();
      timer = setInterval(look, LOOK_MS);
      look();
    },
    end: stop,
    /** A phone that has just joined begins here. */
    greet() {
      if (location.hash !== AT_FIRST) return;
      history.replaceState(null, "", location.pathname);
      parts.panels.show("ready");
    },
  };
}
