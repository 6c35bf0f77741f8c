/* The door's settings as the organizer has them now, and the gate at which this phone stands. */

import { make, part } from "./dom.js";

const NONE = { gates: [], ticks: [], host_patterns: [], exits: false, lists: false, walk_ins: false };

/* The phone's choice wins over what the server remembers, as it may have been made without a network. */
function rememberedGate(storage, key, given) {
  const chosen = storage.get(key);
  return chosen === null || chosen === undefined ? given : chosen || null;
}

/* The page may come from the phone's own memory: then it says the same as before, and what was learnt on it is newer. */
function rememberedSettings(storage, key, given) {
  try {
    const { page, learnt } = JSON.parse(storage.get(key));
    return page === JSON.stringify(given) ? learnt : given;
  } catch {
    return given;
  }
}

/**
 * `current` holds the settings; `learn(answer)` takes newer ones from a state's answer and tells `onChange`.
 * `api.gate(gate)` tells the server where this phone stands.
 */
export function createRules({ config, storage, api, onChange = () => {} }) {
  const key = `door-gate-${config.device}`;
  const remembered = `door-settings-${config.device}`;
  let current = { ...NONE, ...rememberedSettings(storage, remembered, config.settings) };
  let gate = rememberedGate(storage, key, config.gate ?? null);

  const known = () => (current.gates.includes(gate) ? gate : null);

  return {
    get current() {
      return current;
    },
    get gate() {
      return known();
    },
    choose(next) {
      gate = next || null;
      storage.set(key, gate ?? "");
      onChange();
      return api.gate(known());
    },
    learn(body) {
      if (!body?.settings) return;
      const changed = JSON.stringify(current) !== JSON.stringify({ ...NONE, ...body.settings });
      current = { ...NONE, ...body.settings };
      storage.set(remembered, JSON.stringify({ page: JSON.stringify(config.settings), learnt: current }));
      if (changed) onChange();
      if ((body.device?.gate ?? null) !== known()) api.gate(known());
    },
    /** A scan knows its gate from the start, as it may be sent much later. */
    atGate: (scan) => ({ ...scan, gate: known() }),
  };
}

/** The gate in the bar and its choice among the settings. */
export function createGateView({ rules, say }) {
  const select = part("gate-choice");

  function option(value, text) {
    return make("option", { value, text });
  }

  function draw() {
    const { gates } = rules.current;
    part("gate-field").hidden = gates.length === 0;
    part("gate-name").textContent = rules.gate ? ` · ${rules.gate}` : "";
    select.replaceChildren(option("", say("gate_none")), ...gates.map((gate) => option(gate, gate)));
    select.value = rules.gate ?? "";
  }

  select.addEventListener("change", () => rules.choose(select.value));
  return { draw };
}
