/* The phone and the server: when it is asked, what follows from each answer and from its silence, and how a shift ends. */

import { forgetAnswered } from "./answered-scans.js";
import { createCountsView } from "./counts-view.js";
import { part } from "./dom.js";
import { createEndedView } from "./ended-view.js";
import { createLinkView } from "./link-view.js";
import { forgetPage } from "./shell.js";

const POLL_MS = 10_000;
const LIST_MS = 5000;

/** Puts `heard(answer)` among the parts: every room hands it whatever the server answered, or that it did not. */
export function createSyncing(parts) {
  const { config, say, clock, storage, api, rules } = parts;
  const timers = [];
  parts.link = createLinkView({ say, clock, about: () => parts.list?.about });
  parts.counts = createCountsView({ say, clock, storage, slug: config.slug, rules });
  parts.ended = createEndedView({ say });

  /* The phone was revoked, or its shift is over: nothing works any more, and the page says so. Lists and entries are
     wiped, and the page where the server says so. Scans that it has not answered stay, sealed: it takes those of a
     shift that ran out, and those of a revoked phone after its next enrolment at this door. */
  function end(body, { forget = true } = {}) {
    parts.ended.show(body);
    if (forget) forgetPage(location.pathname).catch(() => {});
    if (parts.over) return;
    parts.over = true;
    timers.forEach(clearInterval);
    parts.list.wipe();
    parts.people.end();
    parts.counts.forget();
    parts.last?.clear();
    parts.judge.forgetAll().catch(() => {});
    forgetAnswered(parts.store, body);
    parts.ticks.forget();
    parts.conflicts.forget();
    parts.filming.end();
    part("behind").hidden = true;
    part("verdict").hidden = true;
    send();
  }

  /* Also without a network everything ends with the shift, by the server's clock as far as this phone knows it. */
  function endInTime() {
    const due = clock.known && clock.serverNow() >= Date.parse(config.until);
    if (!parts.over && due) end({ error: "device_expired", reason: say("ended_over") }, { forget: false });
  }

  function send() {
    parts.outbox.flush();
    parts.ticks.flush();
  }

  const renewLists = () => (parts.list.refresh(), parts.people.refresh());

  parts.heard = function heard(answer) {
    if (answer.rehearsed) return undefined;
    const back = !parts.link.reachable;
    parts.link.heard(answer);
    if (answer.how === "ended") return end(answer.body);
    if (parts.over) return undefined;
    if (answer.body?.server_time) clock.learn(answer.body.server_time);
    config.until = answer.body?.until ?? config.until;
    parts.counts.heard(answer, parts.link.reachable);
    if (!parts.link.reachable) parts.turnstile.unreachable();
    else if (back) renewLists(), send();
    rules.learn(answer.body);
    parts.conflicts.learn(answer.body);
    if (answer.body?.settings) parts.people.allow(rules.current.lists).then(parts.door.offer);
    return undefined;
  };

  async function refresh() {
    if (document.visibilityState !== "visible") return;
    const answer = await api.state();
    parts.heard(answer);
    if (answer.body?.lost && !answer.rehearsed && !parts.over) parts.outbox.lost();
  }

  function renew() {
    endInTime();
    if (document.visibilityState === "visible") renewLists();
  }

  function catchUp() {
    refresh();
    renew();
    send();
  }

  return {
    /** From now on the server is asked, and asked again whenever it may be there again. */
    watch() {
      addEventListener("online", catchUp);
      addEventListener("pagehide", parts.outbox.flush);
      document.addEventListener("visibilitychange", catchUp);
      timers.push(setInterval(refresh, POLL_MS), setInterval(renew, LIST_MS));
    },
    endInTime,
    catchUp,
  };
}
