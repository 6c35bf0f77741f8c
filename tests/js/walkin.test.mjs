import assert from "node:assert/strict";
import { test } from "node:test";
import { createWalkinView } from "../../static/js/door/walkin-view.js";

const silence = { how: "offline", status: 0, body: null };
const soon = () => new Promise((resolve) => setImmediate(resolve));

/* As much of the sheet as its script needs, and a server that gives the listed answers. */
function sheet(t, ...answers) {
  const kept = globalThis.document;
  t.after(() => (globalThis.document = kept));
  const elements = new Map();
  const element = () => ({
    value: "", textContent: "", hidden: true, acts: {}, attributes: {}, elements: { "walkin-cohort": { value: "none" } }, focus() {},
    addEventListener(type, act) { this.acts[type] = act; },
    getAttribute(name) { return this.attributes[name] ?? null; },
    setAttribute(name, value) { this.attributes[name] = value; },
    removeAttribute(name) { delete this.attributes[name]; },
  });
  const part = (name) => (elements.has(name) ? elements.get(name) : elements.set(name, element()).get(name));
  globalThis.document = { querySelector: (selector) => part(selector.match(/"(.+)"/)[1]) };
  const world = { part, sent: [], admitted: [], panels: { open: "walkin", close() { this.open = null; } } };
  world.view = createWalkinView({
    api: { walkIn: async (body) => (world.sent.push(body), answers.shift()) },
    say: (key) => key, panels: world.panels, rules: { gate: null, current: { walk_ins: true } }, onAnswer() {},
    onAdmitted: (outcome) => world.admitted.push(outcome),
  });
  world.press = async (submitter = null) => (part("walkin-form").acts.submit({ preventDefault() {}, submitter }), soon());
  world.told = (name) => (part("walkin-name").value = name);
  return world;
}

test("who may be registered already is sent again in the same words and under the same id, or is another person", async (t) => {
  const world = sheet(t, silence, silence, { how: "answered", body: { verdict: "ok" } });
  world.told("김하늘");
  await world.press();
  assert.deepEqual([world.part("walkin-error").textContent, world.part("walkin-name").readOnly, world.part("walkin-cohort").disabled, world.part("walkin-other").hidden],
    ["walkin_offline", true, true, false]);
  await world.press();
  assert.equal(world.sent[0].id, world.sent[1].id);

  world.part("walkin-other").acts.click();
  assert.deepEqual([world.part("walkin-name").value, world.part("walkin-name").readOnly, world.part("walkin-cohort").disabled, world.part("walkin-other").hidden],
    ["", false, false, true]);
  world.told("이바다");
  await world.press();

  assert.notEqual(world.sent[2].id, world.sent[0].id);
  assert.deepEqual(world.admitted, [{ verdict: "ok" }]);
});

test("while the server thinks, the words stay as they were sent", async (t) => {
  const world = sheet(t, new Promise(() => {}));
  world.told("김하늘");

  await world.press();

  assert.deepEqual([world.part("walkin-name").readOnly, world.part("walkin-cohort").disabled], [true, true]);
});

test("a sheet that is closed and opened again while the server thinks holds the try, and after it", async (t) => {
  let answer;
  const world = sheet(t, new Promise((resolve) => (answer = resolve)), { how: "answered", body: { verdict: "ok" } });
  world.told("김하늘");
  await world.press();

  world.view.open();
  assert.deepEqual([world.part("walkin-name").value, world.part("walkin-name").readOnly], ["김하늘", true]);
  answer(silence);
  await soon();
  world.view.open();
  await world.press();

  assert.deepEqual([world.sent.map(({ name }) => name), world.sent[0].id === world.sent[1].id, world.admitted.length], [["김하늘", "김하늘"], true, 1]);
  assert.deepEqual([world.part("walkin-name").value, world.part("walkin-name").readOnly], ["", false]);
});

test("a late answer closes no other sheet", async (t) => {
  let answer;
  const world = sheet(t, new Promise((resolve) => (answer = resolve)));
  world.told("김하늘");
  await world.press();
  world.panels.open = "search";

  answer({ how: "answered", body: { verdict: "ok" } });
  await soon();

  assert.deepEqual([world.panels.open, world.admitted.length], ["search", 1]);
});

test("what the server refused can be put right, and goes out as another try", async (t) => {
  const refused = { how: "refused", status: 409, body: { error: "walk_in_undone", reason: "Undone." } };
  const world = sheet(t, silence, refused, { how: "answered", body: { verdict: "ok" } });
  world.told("김하늘");
  await world.press();
  await world.press();
  assert.deepEqual([world.part("walkin-error").textContent, world.part("walkin-name").readOnly, world.part("walkin-other").hidden], ["Undone.", false, true]);

  await world.press();

  assert.equal(world.sent[1].id, world.sent[0].id);
  assert.notEqual(world.sent[2].id, world.sent[1].id);
});
