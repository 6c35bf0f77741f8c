/* The door's questions to the server. Being online is proved by a JSON answer and by nothing else: a hotel's
   login page answers 200 too, and `navigator.onLine` only knows about cables. */

const TIMEOUT_MS = 8000;
const KEEPALIVE_LIMIT = 20_000;

/* By what the server tells whether it has lost scans that it had answered. */
const lastHeader = (id) => (id ? { "X-Dongmun-Last": id } : {});

const ENDED = ["device_unknown", "device_revoked", "device_expired"];

/* What an HTTP status means here: "answered" has a body to use; "ended" is a revoked phone or a closed door;
   "later" means the server asks for patience; "refused" will not get better by asking again. The last two of these are
   believed on our own word alone: on it the phone wipes its list, or keeps a scan to itself. */
function meaning(status) {
  if (status < 300) return "answered";
  if (status === 304) return "unchanged";
  if (status === 401) return "ended";
  if (status === 408 || status === 429 || status >= 500) return "later";
  return "refused";
}

/* Whether an answer of that meaning isn't ours: a venue's login page, a filter or a proxy speaks in our server's place. */
function isStrange(how, body) {
  if (how === "answered") return body === undefined;
  if (how === "ended") return !ENDED.includes(body?.error);
  return how === "refused" && !(typeof body?.error === "string" && typeof body?.reason === "string");
}

const waitingHeader = (count) => (count === undefined ? {} : { "X-Dongmun-Waiting": String(count) });

async function bodyOf(response) {
  if (!response.headers.get("content-type")?.includes("json")) return undefined;
  return response.json();
}

/**
 * Each call gives {how, status, body}; `how` is one of meaning()'s words or "offline" (no answer, no JSON, too late).
 * No call throws. `report()` gives {listAt, waiting, last}: as of when this phone's list is, how many scans
 * wait on it, the id of the scan that was answered last.
 */
export function createApi({ base, fetch = globalThis.fetch.bind(globalThis), timeoutMs = TIMEOUT_MS, report = () => ({}) }) {
  let stateTag = null;

  async function ask(path, options = {}, cancel = undefined) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    cancel?.addEventListener("abort", () => limit.abort());
    try {
      const response = await fetch(base + path, {
        credentials: "same-origin", cache: "no-store", redirect: "error", ...options, signal: limit.signal,
      });
      const how = meaning(response.status);
      if (how === "unchanged") return { how, status: 304, body: null };
      const body = await bodyOf(response);
      if (isStrange(how, body)) return { how: "offline", status: response.status, body: null };
      return { how, status: response.status, body: body ?? null, tag: response.headers.get("etag") };
    } catch {
      return { how: "offline", status: 0, body: null };
    } finally {
      clearTimeout(timer);
    }
  }

  /* A small message is still sent when its page is closed on the way (browsers take 64 kB of such in all). */
  const post = (path, message, more = {}) => {
    const body = JSON.stringify(message);
    const headers = { "Content-Type": "application/json", "X-Dongmun-Door": "1", Accept: "application/json", ...more };
    return ask(path, { method: "POST", headers, body, keepalive: body.length < KEEPALIVE_LIMIT });
  };
  const get = (path, cancel) => ask(path, { headers: { Accept: "application/json" } }, cancel);

  return {
    /** `left`: how many scans wait besides these. */
    postScans: (scans, left, sentAt = new Date()) =>
      post("/scans", { scans, sent_at: sentAt.toISOString() }, { ...waitingHeader(left), ...lastHeader(report().last) }),
    postTicks: (marks, sentAt = new Date()) => post("/ticks", { marks, sent_at: sentAt.toISOString() }),
    undo: (id, undoes, reason) => post("/undo", { id, undoes, reason }),
    walkIn: (person) => post("/walk-in", person),
    release: (person) => post("/release", person),
    gate: (gate) => post("/gate", { gate }),
    search: (text, cancel) => get(`/search?${new URLSearchParams({ q: text })}`, cancel),
    /** The sealed list: what changed since the tags, the arrivals and the ETag that the phone holds, and which of the scans `asks` the ledger has. */
    manifest({ have, after, tag, asks = [] } = {}) {
      const query = new URLSearchParams();
      if (have) query.set("have", have);
      if (after !== undefined && after !== null) query.set("after", after);
      if (asks.length) query.set("asks", asks.join(","));
      const headers = { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) };
      return ask(`/manifest?${query}`, { headers });
    },
    /** The list of people: what changed since the tags and the ETag that the phone holds. */
    peopleList({ have, tag } = {}) {
      const headers = { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) };
      return ask(`/people-list?${new URLSearchParams(have ? { have } : {})}`, { headers });
    },
    people: (cohort, cancel) => get(`/people?${new URLSearchParams({ cohort })}`, cancel),
    async state() {
      const { listAt, waiting, last } = report();
      const headers = {
        Accept: "application/json", ...(stateTag ? { "If-None-Match": stateTag } : {}),
        ...(listAt ? { "X-Dongmun-List": listAt } : {}), ...waitingHeader(waiting), ...lastHeader(last),
      };
      const answer = await ask("/state", { headers });
      if (answer.how === "answered") stateTag = answer.tag;
      return answer;
    },
  };
}
