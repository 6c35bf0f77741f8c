/* What this phone knows, keeps and sends: its lists, the scans and ticks on their way, and its own word on a ticket. */

import { openShelf } from "./manifest-shelf.js";
import { onlyPage, tellUnseen } from "./left-unseen.js";
import { createManifestStore } from "./manifest-store.js";
import { createOutbox, pageLock } from "./outbox.js";
import { openPeopleShelf, shiftKey } from "./people-shelf.js";
import { createPeopleStore } from "./people-store.js";
import { createPhoneJudge } from "./phone-judge.js";
import { openScanStore } from "./scan-store.js";
import { wakeWhenOnline } from "./shell.js";
import { createRestored } from "./restored.js";
import { openTickStore } from "./tick-store.js";
import { createTicks } from "./ticks.js";

/** Opens what lies on the phone; what is in it is read by `load()`. */
export async function openKnowing(parts) {
  const { config, api, say, clock, rules } = parts;
  const { slug } = config;
  parts.store = await openScanStore(slug);
  await tellUnseen(parts.store, onlyPage(`dongmun-page-${slug}`));
  parts.list = createManifestStore({
    shelf: await openShelf(slug), meetup: config.meetup, ask: api.manifest, serverNow: clock.serverNow,
    unanswered: async () => (parts.waiting ? parts.judge.unanswered() : []),
    onAnswer: parts.heard,
    onUndone: (keys, madeAt) => parts.judge.undone(keys, madeAt).catch(() => {}),
    onChange: () => (parts.link.draw(), parts.door.lookAgain()),
  });
  parts.people = createPeopleStore({
    shelf: await openPeopleShelf(slug), ask: api.peopleList, makeKey: shiftKey, device: config.device, serverNow: clock.serverNow,
    allowed: rules.current.lists,
    onAnswer: parts.heard,
    onChange: () => parts.door.renew(),
  });
  parts.outbox = createOutbox({
    store: parts.store,
    who: `${config.device}:${config.role}`,
    keeps: () => !parts.over,
    post: api.postScans,
    lock: pageLock(`dongmun-door-${slug}`),
    onOutcome(outcome, scan) {
      if (parts.over) return;
      if (scan.again) parts.restored.settled(outcome, scan);
      if (scan.again) return;
      if (scan.kind === "override") return void parts.overrideSettled(outcome, scan);
      parts.judge.learn(outcome, scan).catch(() => {});
      if (scan.kind === "party") return void parts.cameBack.settled(outcome, scan);
      parts.ticks.learn(outcome.person);
      parts.turnstile.settled(outcome, scan);
    },
    onAnswer: parts.heard,
    onWaiting(count, held) {
      parts.waiting = count;
      parts.link.waiting(count - held, held);
      parts.ended.waiting(count, held);
      if (count > 0) wakeWhenOnline();
    },
  });
  parts.judge = createPhoneJudge({ list: parts.list, people: parts.people, store: parts.store, name: config.name, kept: parts.outbox.kept, serverNow: clock.serverNow });
  parts.restored = createRestored(parts);
  parts.ticks = createTicks({
    store: await openTickStore(slug), post: api.postTicks, lock: pageLock(`dongmun-ticks-${slug}`), say, clock, rules,
    first: () => parts.outbox.flush(),
    onTap: () => parts.turnstile.linger(),
    onAnswer: parts.heard,
    onWaiting: (count) => parts.link.ticksWaiting(count),
  });
}

/** What lies on the phone, onto the screen. */
export async function load({ list, people, door, ticks, outbox }) {
  await list.load();
  await people.load();
  door.offer();
  await ticks.load();
  await outbox.report();
  await ticks.report();
}
