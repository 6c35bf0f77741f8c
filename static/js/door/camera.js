/* One camera stream, taken again when the system takes it away. */

const REMEMBERED = "door-camera";
const WHY = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "busy", AbortError: "busy",
};

function constraints(deviceId, facing) {
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: facing } };
  return { audio: false, video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 } } };
}

/** Why there is no picture: "insecure", "denied", "none", "busy" or "failed". */
export function cameraTrouble(error) {
  return WHY[error?.name] ?? "failed";
}

/** `facing`: the camera to begin with, "environment" or "user"; what a person chose instead is remembered under `key`. */
export function createCamera({ video, storage, media = navigator.mediaDevices, facing = "environment", key = REMEMBERED, onTrouble, onRunning }) {
  let stream = null;
  let wanted = false;
  let starting = null;

  const track = () => stream?.getVideoTracks()[0] ?? null;
  const live = () => track()?.readyState === "live";

  function release() {
    stream?.getTracks().forEach((each) => each.stop());
    stream = null;
    video.srcObject = null;
  }

  async function open() {
    const remembered = storage.get(key);
    try {
      return await media.getUserMedia(constraints(remembered, facing));
    } catch (error) {
      if (!remembered || cameraTrouble(error) !== "none") throw error;
      storage.remove(key);
      return media.getUserMedia(constraints(null, facing));
    }
  }

  async function acquire() {
    if (!media?.getUserMedia) return onTrouble("insecure");
    try {
      release();
      stream = await open();
      if (!wanted) return release();
      track().addEventListener("ended", retake);
      video.srcObject = stream;
      await video.play();
      onRunning();
    } catch (error) {
      onTrouble(cameraTrouble(error));
    }
  }

  /* Asked twice at once (visibility and "ended" come together), the camera is opened once. */
  function start() {
    wanted = true;
    starting ??= acquire().finally(() => (starting = null));
    return starting;
  }

  function retake() {
    if (wanted && document.visibilityState === "visible" && !live()) start();
  }

  document.addEventListener("visibilitychange", () => {
    retake();
    if (live() && video.paused && document.visibilityState === "visible") video.play().catch(() => start());
  });

  return {
    start,
    stop() {
      wanted = false;
      release();
    },
    live,
    get deviceId() {
      return track()?.getSettings().deviceId ?? null;
    },
    /** Which way it looks, where the phone tells. */
    get facing() {
      return track()?.getSettings().facingMode ?? null;
    },
    async list() {
      const devices = await media.enumerateDevices();
      return devices.filter((device) => device.kind === "videoinput");
    },
    choose(deviceId) {
      storage.set(key, deviceId);
      release();
      return start();
    },
    /** What the phone calls it, "" without a picture. */
    get label() {
      return track()?.label ?? "";
    },
    get hasTorch() {
      return Boolean(track()?.getCapabilities?.().torch);
    },
    /** True if the light now is as asked. */
    async torch(on) {
      try {
        await track().applyConstraints({ advanced: [{ torch: on }] });
        return true;
      } catch {
        return false;
      }
    },
  };
}
