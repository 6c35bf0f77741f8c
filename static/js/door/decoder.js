/* The page's side of the decoder: one frame at a time, and a new worker when the old one fails or hangs. */

const ANSWER_WITHIN_MS = 4000;
const START_WITHIN_MS = 20_000;
const GIVE_UP_AFTER = 3;

/**
 * `decode(imageData)` gives {texts, ms}, or null when the decoder is busy, starting or failed on this frame.
 * After three failures in a row without one answer, `onBroken` is told, once; typed codes still work then.
 */
export function createDecoder({ makeWorker, wasm, onReady = () => {}, onBroken = () => {} }) {
  let worker = null;
  let ready = false;
  let current = null;
  let watchdog = 0;
  let failures = 0;
  let lastId = 0;

  function settle(answer) {
    clearTimeout(watchdog);
    const done = current?.resolve;
    current = null;
    done?.(answer);
  }

  function stop() {
    worker?.terminate();
    worker = null;
    ready = false;
    settle(null);
  }

  function failed() {
    stop();
    failures += 1;
    if (failures < GIVE_UP_AFTER) start();
    else onBroken();
  }

  const on = {
    ready() {
      clearTimeout(watchdog);
      ready = true;
      onReady();
    },
    result({ id, texts, ms }) {
      failures = 0;
      if (current?.id === id) settle({ texts, ms });
    },
    failed,
  };

  function start() {
    worker = makeWorker();
    worker.onmessage = ({ data }) => on[data.type](data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      failed();
    };
    watchdog = setTimeout(failed, START_WITHIN_MS);
    worker.postMessage({ type: "start", wasm });
  }

  function decode({ data, width, height }) {
    if (!ready || current) return Promise.resolve(null);
    return new Promise((resolve) => {
      current = { id: (lastId += 1), resolve };
      watchdog = setTimeout(failed, ANSWER_WITHIN_MS);
      worker.postMessage({ type: "frame", id: current.id, width, height, pixels: data.buffer }, [data.buffer]);
    });
  }

  start();
  return { decode, stop };
}
