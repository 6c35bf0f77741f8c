/* A rehearsal: the phone practises on invented tickets, and nothing of it leaves the page. The danger is the other way
   round, a real guest scanned into nothing; against that, while a phone practises:
   - a real ticket never gets a colour of the door: the screen says that it is not counted, and one tap ends the
     rehearsal and checks it in;
   - a rehearsal ends by itself: after an hour, half an hour before the start, when the server counts more people in than
     at its begin, and with the page, as it is kept nowhere;
   - everything that could be sent goes through the gates below, whatever other rooms come to send. */

import { isPractice, isPracticePerson, asideOf, endOf, whyOver } from "./rehearsal-model.js";
import { createStage } from "./rehearsal-stage.js";
import { createRehearsalView } from "./rehearsal-view.js";
import { asideView } from "./verdict-model.js";

const LOOK_MS = 1000;
const PASSAGES = ["entry", "exit"];

/* `real`, but while `front()` gives something that has the name, that. */
function behind(real, front) {
  return new Proxy(real, {
    get(_, name) {
      const before = front();
      const source = before && name in before ? before : real;
      const value = source[name];
      return typeof value === "function" ? value.bind(source) : value;
    },
  });
}

/** Puts gates before the parts that know, keep and send; the rooms made after this find the gates in their place. */
export function createRehearsal(parts) {
  const { config, say, clock } = parts;
  const { until, minutes, samples } = config.rehearsal;
  let stage = null;
  let end = 0;
  let insideAtFirst = null;
  let timer = null;
  const mine = new Set();

  const limit = () => endOf({ now: clock.serverNow(), until: Date.parse(until), lastsMs: minutes * 60_000 });
  const concerns = (scan) => mine.has(scan.id) || mine.has(scan.of) || isPractice(scan.code) || isPracticePerson(scan.registration);

  const view = createRehearsalView({
    say, clock,
    onBegin: begin,
    onEnd: () => close("tap"),
  });

  async function take(scan) {
    mine.add(scan.id);
    if (!PASSAGES.includes(scan.kind) || !stage) return;
    const outcome = await stage.answer(scan);
    if (outcome && stage) parts.turnstile.settled(outcome, scan);
    look();
  }

  function gates() {
    const { api, outbox, judge, parse, list, store } = parts;
    const practised = (scan) => stage !== null && mine.has(scan.id);
    parts.outbox = behind(outbox, () => ({
      add: (scan) => (stage || concerns(scan) ? take(scan) : outbox.add(scan)),
      follow: (remark) => (concerns(remark) ? undefined : outbox.follow(remark)),
    }));
    parts.judge = behind(judge, () => ({
      judge: (scan) => (mine.has(scan.id) ? unknownTo(scan) : judge.judge(scan)),
      whose: (scan) => (concerns(scan) ? (stage?.judge.whose(scan) ?? Promise.resolve(null)) : judge.whose(scan)),
      override: (scan, remark) => (practised(scan) ? stage.judge.override(scan, remark) : judge.override(scan, remark)),
      cameBack: (scan, remark, people) => (concerns(scan) ? Promise.resolve(false) : judge.cameBack(scan, remark, people)),
      corrected(scan, fewer) {
        if (!concerns(scan)) return judge.corrected(scan, fewer);
        return stage?.judge.corrected(scan, fewer) ?? Promise.resolve();
      },
      undoneHere: (id) => (practised({ id }) ? stage.judge.undoneHere(id) : judge.undoneHere(id)),
    }));
    parts.list = behind(list, () => ({ arrivalOf: (key) => (stage?.list ?? list).arrivalOf(key) }));
    parts.store = behind(store, () => ({ entries: () => (stage?.store ?? store).entries() }));
    parts.people = behind(parts.people, () => stage?.people);
    parts.api = behind(api, () => stage && {
      ...stage.api,
      /* A check-in of before the rehearsal is a real one, and so is taking it back. */
      undo: (id, undoes, reason) => (mine.has(undoes) ? stage.api : api).undo(id, undoes, reason),
      walkIn: (guest) => (mine.add(guest.id), stage.api.walkIn(guest)),
    });
    parts.parse = (text) => {
      const payload = parse(text);
      return { ...payload, aside: asideOf(payload, stage !== null) };
    };
  }

  /* As a phone without a network judges a ticket that is not on its list: amber. All others were answered. */
  async function unknownTo(scan) {
    const outcome = await stage?.judge.judge(scan);
    return outcome?.verdict === "unknown" ? outcome : null;
  }

  async function look() {
    if (!stage) return view.offer(limit() !== null);
    insideAtFirst ??= parts.counts.inside;
    const why = whyOver({ now: clock.serverNow(), end, inside: parts.counts.inside, insideAtFirst });
    if (why) return close(why);
    return view.running({ end, inside: await stage.inside() });
  }

  function begin() {
    const last = limit();
    if (stage || last === null || parts.over) return;
    end = last;
    insideAtFirst = parts.counts.inside;
    stage = createStage({ samples, cohorts: config.cohorts, say, now: () => new Date(clock.serverNow()).toISOString() });
    clean();
    parts.panels.close();
    view.begun();
    look();
  }

  /* What was on the screen belongs to the other side. */
  function clean() {
    if (parts.turnstile.view) parts.turnstile.dismiss();
    parts.last.clear();
    parts.door.renew();
  }

  function close(why) {
    if (!stage) return;
    stage = null;
    view.ended();
    parts.panels.close();
    clean();
    if (why !== "real") parts.turnstile.putLater(asideView(`over_${why}`, say));
    look();
  }

  gates();

  return {
    get on() {
      return stage !== null;
    },
    /** What the turnstile shows instead of judging: {view, go}; `go` is what a yes does before the ticket is judged. */
    aside(payload) {
      if (!payload.aside) return null;
      return { view: asideView(payload.aside, say, parts.way.leaves), go: payload.aside === "real" ? () => close("real") : null };
    },
    watch() {
      timer ??= setInterval(look, LOOK_MS);
      document.addEventListener("visibilitychange", look);
      look();
    },
  };
}
