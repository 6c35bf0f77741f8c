import assert from "node:assert/strict";
import { test } from "node:test";
import { createApi } from "../../static/js/door/api.js";

const json = (status, body, headers = {}) =>
  new Response(body === null ? null : JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
const answering = (response) => createApi({ base: "/api", fetch: async () => response });

test("a JSON answer proves being online", async () => {
  const answer = await answering(json(200, { outcomes: [] })).postScans([]);

  assert.deepEqual([answer.how, answer.body], ["answered", { outcomes: [] }]);
});

test("a hotel's login page does not", async () => {
  const page = new Response("<html>Welcome to our Wi-Fi</html>", { status: 200, headers: { "content-type": "text/html" } });

  assert.equal((await answering(page).state()).how, "offline");
});

test("nor does a network that wants a login, in JSON or not: nothing is wiped for it", async () => {
  for (const body of [{ message: "login required" }, { error: "unauthorized" }, [], "no"]) {
    assert.equal((await answering(json(401, body)).state()).how, "offline");
  }
  for (const error of ["device_unknown", "device_revoked", "device_expired"]) {
    assert.equal((await answering(json(401, { error })).state()).how, "ended");
  }
});

test("nor does a filter or a proxy that refuses in our server's place", async () => {
  const page = () => new Response("<html>Forbidden</html>", { status: 403, headers: { "content-type": "text/html" } });
  for (const strange of [page(), json(404, { message: "no such route" }), json(403, { error: "Forbidden" }), json(400, null)]) {
    assert.equal((await answering(strange).postScans([])).how, "offline");
  }
  assert.equal((await answering(json(403, { error: "not_allowed", reason: "…" })).postScans([])).how, "refused");
});

test("each status means one thing", async () => {
  const how = async (status) => (await answering(json(status, { error: "device_revoked", reason: "…" })).search("a")).how;

  assert.deepEqual(
    [await how(401), await how(403), await how(422), await how(429), await how(503)],
    ["ended", "refused", "refused", "later", "later"],
  );
});

test("a dead network and a silent server are both offline, and nothing is thrown", async () => {
  const dead = createApi({ base: "/api", fetch: async () => { throw new TypeError("failed"); } });
  const silent = createApi({
    base: "/api", timeoutMs: 20,
    fetch: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });

  assert.equal((await dead.postScans([])).how, "offline");
  assert.equal((await silent.postScans([])).how, "offline");
});

test("an answer that is cut off in the middle is no answer", async () => {
  const cut = new Response('{"outcomes": [', { status: 200, headers: { "content-type": "application/json" } });

  assert.equal((await answering(cut).postScans([])).how, "offline");
});

test("a post says that it comes from the door", async () => {
  let sent;
  const api = createApi({ base: "/api", fetch: async (url, options) => ((sent = { url, ...options }), json(200, {})) });

  await api.postScans([{ id: "1" }], 3, new Date("2026-05-01T09:00:00.123Z"));

  assert.equal(sent.url, "/api/scans");
  assert.deepEqual([sent.headers["X-Dongmun-Door"], sent.headers["X-Dongmun-Waiting"]], ["1", "3"]);
  assert.deepEqual(JSON.parse(sent.body), { scans: [{ id: "1" }], sent_at: "2026-05-01T09:00:00.123Z" });
});

test("what was answered last is named with each upload and each look, and nothing where there is none", async () => {
  const named = [];
  let last = "7";
  const api = createApi({ base: "/api", report: () => ({ last }), fetch: async (_, { headers }) => (named.push(headers["X-Dongmun-Last"]), json(200, {})) });

  await api.postScans([], 0);
  await api.state();
  last = null;
  await api.state();

  assert.deepEqual(named, ["7", "7", undefined]);
});

test("the state is asked for with the last tag, and unchanged is an answer too", async () => {
  const asked = [];
  const answers = [json(200, { counts: {} }, { etag: '"a"' }), new Response(null, { status: 304 })];
  const api = createApi({ base: "/api", fetch: async (_, { headers }) => (asked.push(headers["If-None-Match"]), answers.shift()) });

  const how = [(await api.state()).how, (await api.state()).how];

  assert.deepEqual([how, asked], [["answered", "unchanged"], [undefined, '"a"']]);
});
