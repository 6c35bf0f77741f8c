/* Beeps and buzzes that can be told apart without looking. Browsers allow sound only after a first tap. */

/* [frequency, start, length] in hertz and seconds; vibration in milliseconds. */
const SIGNALS = {
  ok: { wave: "sine", notes: [[880, 0, 0.09], [1318, 0.1, 0.14]], buzz: [60] },
  left: { wave: "sine", notes: [[1318, 0, 0.09], [880, 0.1, 0.14]], buzz: [40, 40, 40] },
  not_in: { wave: "triangle", notes: [[523, 0, 0.12], [523, 0.18, 0.12]], buzz: [80, 80] },
  already: { wave: "triangle", notes: [[587, 0, 0.12], [587, 0.18, 0.12]], buzz: [80, 80, 80] },
  refused: { wave: "square", notes: [[196, 0, 0.35]], buzz: [350] },
  unknown: { wave: "triangle", notes: [[440, 0, 0.12], [392, 0.14, 0.12], [440, 0.28, 0.12]], buzz: [60, 60, 60, 60, 60] },
  neutral: { wave: "sine", notes: [[523, 0, 0.08]], buzz: [30] },
  waiting: { wave: "sine", notes: [[330, 0, 0.1]], buzz: [30, 60, 30] },
};
const LOUDNESS = { sine: 0.5, triangle: 0.5, square: 0.2 };
const MUTED = "door-muted";

function play(context, { wave, notes }) {
  for (const [frequency, start, length] of notes) {
    const at = context.currentTime + start;
    const tone = new OscillatorNode(context, { type: wave, frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(LOUDNESS[wave], at);
    volume.gain.setTargetAtTime(0, at + length * 0.7, length * 0.15);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + length * 1.5);
  }
}

export function createSound({ storage }) {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  let context = null;
  let muted = storage.get(MUTED) === "yes";

  let tapped = false;

  /* Also after a telephone call, when iOS calls the state "interrupted". */
  function unlock() {
    tapped = true;
    context ??= Context ? new Context() : null;
    if (context && context.state !== "running") context.resume().catch(() => {});
  }
  addEventListener("pointerdown", unlock, { passive: true });
  addEventListener("keydown", unlock);

  return {
    signal(tone) {
      const signal = SIGNALS[tone];
      if (!signal || muted) return;
      if (context?.state === "running") play(context, signal);
      if (tapped) navigator.vibrate?.(signal.buzz);
    },
    /** Play the green's sound by somebody's wish; whether the browser let it out. */
    async attempt() {
      unlock();
      await context?.resume().catch(() => {});
      this.signal("ok");
      return this.awake;
    },
    /** Whether somebody's touch has let sounds out. */
    get awake() {
      return context?.state === "running";
    },
    get muted() {
      return muted;
    },
    set muted(value) {
      muted = value;
      storage.set(MUTED, value ? "yes" : "no");
    },
  };
}
