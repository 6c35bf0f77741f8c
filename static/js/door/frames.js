/* Takes pictures from the video and hands them to the decoder, never more than it can eat. */

const SHORTEST_PAUSE_MS = 80;
const LONGEST_SIDE = 1280;

/** The size at which a frame is read: the video's own, shrunk to fit. */
export function frameSize(width, height) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** How long to rest after a frame: as long as it took, so that a slow phone stays cool. */
export function pauseAfter(ms) {
  return Math.max(SHORTEST_PAUSE_MS, Math.min(ms ?? 0, 1000));
}

export function createFrames({ video, decoder, onTexts }) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let timer = 0;
  let running = false;

  function picture() {
    const { width, height } = frameSize(video.videoWidth, video.videoHeight);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  async function step() {
    let ms = 0;
    try {
      if (document.visibilityState === "visible" && video.readyState >= 2 && video.videoWidth > 0) {
        const answer = await decoder.decode(picture());
        ms = answer?.ms;
        if (running && answer?.texts.length) onTexts(answer.texts);
      }
    } finally {
      if (running) timer = setTimeout(step, pauseAfter(ms));
    }
  }

  return {
    start() {
      if (running) return;
      running = true;
      step();
    },
    stop() {
      running = false;
      clearTimeout(timer);
    },
  };
}
