import assert from "node:assert/strict";
import { test } from "node:test";
import { createFilming } from "../../static/js/door/filming.js";

const track = { label: "뒤쪽 카메라", readyState: "live", addEventListener() {}, stop() {}, getSettings: () => ({}) };
const stream = { getVideoTracks: () => [track], getTracks: () => [track] };

/* A page whose camera is allowed already. */
function page(t) {
  const put = (name, value) => {
    const kept = Object.getOwnPropertyDescriptor(globalThis, name);
    t.after(() => (kept ? Object.defineProperty(globalThis, name, kept) : delete globalThis[name]));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  const element = () => ({
    dataset: {}, classList: { toggle() {} }, contains: () => false, addEventListener() {}, setAttribute() {}, replaceChildren() {}, getContext: () => ({}), play: async () => {},
  });
  put("document", { visibilityState: "hidden", addEventListener() {}, createElement: element, querySelector: element, querySelectorAll: () => [] });
  put("matchMedia", () => ({ matches: false }));
  put("Worker", class { postMessage() {} terminate() {} });
  put("navigator", {
    permissions: { query: async () => ({ state: "granted" }) },
    mediaDevices: { getUserMedia: async () => stream, enumerateDevices: async () => [] },
  });
}

test("a camera works when a picture has run, not by the permission alone", async (t) => {
  page(t);
  const parts = {
    storage: { get: () => null, set() {}, remove() {} }, sound: {}, mode: {}, say: (key) => key, over: false, panels: {}, turnstile: {}, door: { tab: "list" },
  };
  createFilming(parts);
  await parts.filming.begin();
  const allowed = parts.filming.state().state;

  await parts.filming.attempt();
  const tried = parts.filming.state().state;
  parts.filming.end();

  assert.deepEqual([allowed, tried], ["idle", "live"]);
});
