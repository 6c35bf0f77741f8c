import assert from "node:assert/strict";
import { test } from "node:test";
import { keepAwake } from "../../static/js/door/wake-lock.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/* A page that is seen, and a phone that grants the lock while `grants`. */
function phone() {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const world = { page, grants: true, locks: [], timers: [] };
  const wakeLock = {
    async request() {
      if (!world.grants) throw new DOMException("", "NotAllowedError");
      world.locks.push(new EventTarget());
      return world.locks.at(-1);
    },
  };
  world.awake = keepAwake({ wakeLock, page, setTimer: (act) => world.timers.push(act) });
  world.takesBack = () => world.locks.at(-1).dispatchEvent(new Event("release"));
  world.waits = async () => (world.timers.splice(0).forEach((act) => act()), settled());
  world.sees = async (visible) => {
    page.visibilityState = visible ? "visible" : "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    await settled();
  };
  return world;
}

test("a lock that the phone takes back is no longer believed, and is asked for again while the page is seen", async () => {
  const { awake, locks, takesBack, waits } = phone();
  await settled();
  assert.equal(awake.state, "held");

  takesBack();
  assert.equal(awake.state, "lost");
  await waits();

  assert.deepEqual([awake.state, locks.length], ["held", 2]);
});

test("a lock that went with the page is asked for when the page is seen again, and not before", async () => {
  const { awake, locks, sees, takesBack, waits } = phone();
  await settled();

  await sees(false);
  takesBack();
  await waits();
  assert.deepEqual([awake.state, locks.length], ["lost", 1]);
  await sees(true);

  assert.deepEqual([awake.state, locks.length], ["held", 2]);
});

test("a phone that refuses is asked again when the page is seen, one that holds the lock is not", async () => {
  const world = phone();
  world.grants = false;
  await settled();
  await world.sees(true);
  assert.equal(world.locks.length, 1);

  world.takesBack();
  await world.waits();
  assert.equal(world.awake.state, "refused");
  world.grants = true;
  await world.sees(true);

  assert.equal(world.awake.state, "held");
});

test("a browser that has no lock says so", () => {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });

  assert.equal(keepAwake({ wakeLock: null, page }).state, "none");
});
