/* The decoder, off the page's thread. Takes {type: "start", wasm} once, then {type: "frame", id, width, height, pixels};
   answers {type: "ready"}, {type: "result", id, texts, ms} or {type: "failed", id, message}. */

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing-wasm-3.1.4/dist/es/reader/index.js";
import { treated } from "./treatments.js";

const OPTIONS = {
  formats: ["QRCode"], tryHarder: true, tryRotate: true, tryInvert: true, maxNumberOfSymbols: 4,
};
const LONGEST_TEXT = 4096;
let missed = 0;

async function start({ wasm }) {
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  postMessage({ type: "ready" });
}

async function textsIn(picture) {
  const found = await readBarcodes(picture, OPTIONS);
  return found.filter((code) => code.isValid && code.text).map((code) => code.text.slice(0, LONGEST_TEXT));
}

async function decode({ id, width, height, pixels }) {
  const began = performance.now();
  const frame = { data: new Uint8ClampedArray(pixels), width, height };
  let texts = await textsIn(frame);
  if (texts.length === 0) {
    texts = await textsIn(treated(frame, missed));
    missed = texts.length === 0 ? missed + 1 : missed;
  }
  postMessage({ type: "result", id, texts, ms: performance.now() - began });
}

const ACTIONS = { start, frame: decode };

addEventListener("message", ({ data }) => {
  ACTIONS[data.type](data).catch((error) => postMessage({ type: "failed", id: data.id ?? null, message: String(error) }));
});
