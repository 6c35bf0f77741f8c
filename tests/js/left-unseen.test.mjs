import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyPage, tellUnseen } from "../../static/js/door/left-unseen.js";
import { memoryStore } from "../../static/js/door/scan-store.js";

const WAITING = [
  { id: "checking", kind: "entry" },
  { id: "green", kind: "entry", shown: "ok", let_in: 1 },
  { id: "amber, overridden", kind: "entry", shown: "override" },
  { id: "exit", kind: "exit" },
  { id: "remark", kind: "party", of: "green", admits: 1 },
  { id: "answered before", kind: "entry", again: true },
];

async function begun(alone) {
  const store = memoryStore();
  for (const scan of WAITING) await store.put(scan);
  await tellUnseen(store, alone);
  return (await store.all()).filter(({ id, let_in: people }) => people !== WAITING.find((each) => each.id === id).let_in).map(({ id, let_in: people }) => [id, people]);
}

test("of what a killed page was about to show, the next one says that nobody saw a green", async () => {
  assert.deepEqual(await begun(true), [["checking", 0]]);
});

test("while another page of the door is open, it may be that one's", async () => {
  assert.deepEqual(await begun(Promise.resolve(false)), []);
});

test("the first page of a door is the only one until it is gone", async () => {
  let holder = null;
  const locks = {
    async request(_name, { ifAvailable }, act) {
      assert.equal(ifAvailable, true);
      if (holder) return act(null);
      holder = {};
      return act(holder);
    },
  };

  assert.deepEqual([await onlyPage("door", locks), await onlyPage("door", locks)], [true, false]);
  holder = null;
  assert.equal(await onlyPage("door", locks), true);
  assert.equal(await onlyPage("door", null), true);
});
