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

/* As the browser's locks: shared by many, or one's alone. `close(page)` gives up what the page holds. */
function browserLocks() {
  const holders = [];
  return {
    page: (name) => ({
      async request(_name, { ifAvailable = false, mode = "exclusive" }, act) {
        const isFree = mode === "shared" || holders.length === 0;
        if (ifAvailable && !isFree) return act(null);
        if (mode === "shared") holders.push(name);
        return act({});
      },
    }),
    close: (name) => holders.splice(holders.indexOf(name), 1),
  };
}

test("a page is alone at its door only while no other one is open, whichever opened first", async () => {
  const { page, close } = browserLocks();

  assert.deepEqual([await onlyPage("door", page("A")), await onlyPage("door", page("B"))], [true, false]);
  close("A");
  assert.equal(await onlyPage("door", page("C")), false);
  close("B");
  close("C");
  assert.equal(await onlyPage("door", page("D")), true);
  assert.equal(await onlyPage("door", null), true);
});
