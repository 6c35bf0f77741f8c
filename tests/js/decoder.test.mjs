import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder } from "../../static/js/door/decoder.js";

/* A worker that does as `act` says with each frame. */
class Worker {
  static made = [];
  constructor(act) {
    this.act = act;
    this.dead = false;
    Worker.made.push(this);
  }
  say(data) {
    if (!this.dead) queueMicrotask(() => this.onmessage({ data }));
  }
  postMessage(message) {
    if (message.type === "start") this.say({ type: "ready" });
    else this.act(this, message);
  }
  terminate() {
    this.dead = true;
  }
}

const frame = () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 });
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

async function setting(act) {
  Worker.made = [];
  const world = { broken: 0 };
  world.decoder = createDecoder({ makeWorker: () => new Worker(act), wasm: "x.wasm", onBroken: () => (world.broken += 1) });
  await soon();
  return world;
}

test("frames that come while one is being read are dropped", async () => {
  const { decoder } = await setting((worker, { id }) => setTimeout(() => worker.say({ type: "result", id, texts: ["A"], ms: 1 }), 3));

  const [first, second] = await Promise.all([decoder.decode(frame()), decoder.decode(frame())]);

  assert.deepEqual([first.texts, second], [["A"], null]);
  decoder.stop();
});

test("a frame that breaks the decoder costs that frame and nothing more", async () => {
  let count = 0;
  const { decoder, broken } = await setting((worker, { id }) => {
    count += 1;
    worker.say(count === 1 ? { type: "failed", id, message: "boom" } : { type: "result", id, texts: ["good"], ms: 1 });
  });

  assert.equal(await decoder.decode(frame()), null);
  await soon();

  assert.deepEqual([(await decoder.decode(frame())).texts, Worker.made.length, broken], [["good"], 2, 0]);
  decoder.stop();
});

test("a decoder that never works is given up and said so once", async () => {
  const world = await setting((worker, { id }) => worker.say({ type: "failed", id, message: "boom" }));

  for (let i = 0; i < 6; i += 1) await world.decoder.decode(frame()), await soon();

  assert.deepEqual([world.broken, Worker.made.length], [1, 3]);
});
