/* What every room of the scanner page needs. The rooms put their parts into one record, `parts`, and find each other's
   there when something happens, not before: so the order in which they are made decides nothing. But for one: a rehearsal puts its gates before what
   openKnowing() made, so it comes before all that use it. */

import { createApi } from "./api.js";
import { createClock } from "./clock.js";
import { json } from "./dom.js";
import { parsePayload } from "./payload.js";
import { createGateView, createRules } from "./rules.js";
import { rememberedMode } from "./settings-view.js";
import { createSound } from "./sound.js";
import { createStorage } from "./storage.js";
import { createWay, createWayView } from "./way.js";
import { createWords } from "./words.js";

/** The record with what depends on nothing but the page. `waiting`: scans that the server has not answered; `over`: nothing works any more. */
export function wire() {
  const config = json("door-config");
  const storage = createStorage();
  const say = createWords(json("door-words"));
  const parts = { config, storage, say, waiting: 0, over: false, maySupervise: config.role === "supervise" };
  parts.clock = createClock({ locale: config.locale, zone: config.zone, storage });
  parts.api = createApi({ base: config.apiBase, report: () => ({ listAt: parts.list.about?.at, waiting: parts.waiting, last: parts.outbox?.last }) });
  parts.sound = createSound({ storage });
  parts.mode = rememberedMode(storage, config.mode);
  parts.rules = createRules({ config, storage, api: parts.api, onChange: () => (parts.gateView.draw(), parts.wayView.draw(), parts.walkin.draw(), parts.door.renew()) });
  parts.gateView = createGateView({ rules: parts.rules, say });
  parts.way = createWay({ config, storage, rules: parts.rules, onChange: () => (parts.wayView.draw(), parts.turned()) });
  parts.wayView = createWayView({ way: parts.way, rules: parts.rules, say });
  parts.parse = (text) => parsePayload(text, { ...config, hostPatterns: parts.rules.current.host_patterns });
  return parts;
}
