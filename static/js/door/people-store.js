/* The list of people on this phone: fetched as deltas, kept for the shift and not a minute longer. */

const nothing = () => ({ facts: null, key: null, buckets: new Map(), byReference: new Map() });

function indexed(list) {
  list.byReference = new Map([...list.buckets.values()].flat().map((line) => [line.r, line]));
  return list;
}

/**
 * `ask({have, tag})` is api.peopleList; `makeKey(base64)` imports the shift's key; `device` is this phone's number: what
 * another enrolment left behind is not used. `onChange()` follows whatever changes `lines`.
 */
export function createPeopleStore({ shelf, ask, makeKey, device, serverNow, allowed = false, onAnswer = () => {}, onChange = () => {} }) {
  let list = nothing();
  let asking = null;
  let may = allowed;
  let ended = false;
  /* Raised by every wipe: an answer that was on its way then is thrown away. */
  let turn = 0;

  const isOver = (facts) => Date.parse(facts.until) <= serverNow();

  async function wipe() {
    turn += 1;
    list = nothing();
    onChange();
    await shelf.wipe().catch(() => {});
  }

  async function load() {
    const kept = await shelf.load().catch(() => null);
    if (kept && (kept.facts.device !== device || isOver(kept.facts))) return wipe();
    if (!kept || list.facts) return undefined;
    /* The page may be an older one, kept on the phone: the list was allowed when it came, until the server says else. */
    may = true;
    list = indexed({ facts: kept.facts, key: kept.key, buckets: new Map(kept.buckets) });
    return onChange();
  }

  async function receive(body, tag, fresh) {
    const facts = { tags: body.tags, tag, count: body.count, until: body.until, madeAt: body.made_at, device };
    const mine = turn;
    const key = await makeKey(body.key);
    if (turn !== mine) return;
    const buckets = Object.entries(body.people);
    const merged = new Map(fresh ? [] : list.buckets);
    buckets.forEach(([name, lines]) => (lines.length ? merged.set(name, lines) : merged.delete(name)));
    list = indexed({ facts, key, buckets: merged });
    onChange();
    /* What cannot be written is still in this page, and the next start fetches it again. */
    await shelf.change({ fresh, facts, key, buckets }).catch(() => {});
    /* Wiped while it was being written. */
    if (turn !== mine) await shelf.wipe().catch(() => {});
  }

  async function fetchDelta() {
    const mine = turn;
    const asked = list.facts ? { have: list.facts.tags, tag: list.facts.tag } : {};
    const answer = await ask(asked);
    onAnswer(answer);
    if (turn !== mine || ended) return undefined;
    if (answer.body?.error === "lists_not_allowed") {
      may = false;
      return wipe();
    }
    if (answer.how === "refused" && list.facts) return wipe();
    if (answer.how === "answered" && answer.body?.people && may) return receive(answer.body, answer.tag, !asked.have);
    return undefined;
  }

  return {
    load,
    /** Bring the list up to date; where it may not be, see to it that it is gone. Two at once are one. */
    refresh() {
      if (list.facts && isOver(list.facts)) return wipe();
      if (!may || ended) return Promise.resolve();
      asking ??= fetchDelta().finally(() => (asking = null));
      return asking;
    },
    /** The organizer's switch, as the phone hears of it. */
    async allow(next) {
      if (next === may) return;
      may = next;
      if (!may) await wipe();
      else await this.refresh();
    },
    get allowed() {
      return may && !ended;
    },
    get ready() {
      return list.facts !== null;
    },
    lines: () => [...list.byReference.values()],
    line: (reference) => list.byReference.get(reference) ?? null,
    /** Under which name an entry of somebody is kept: as that of their ticket, where they have one. */
    keyOf(reference) {
      const line = list.byReference.get(reference);
      return line?.k ?? `registration ${reference}`;
    },
    /** As manifest-store's `find`, for somebody picked by name; null where this phone does not know them. */
    find(reference, arrivalOf) {
      const line = list.byReference.get(reference);
      if (!line) return null;
      const key = line.k ?? `registration ${reference}`;
      return { key, record: { n: line.n, c: line.c, r: line.r, s: line.s, g: null, p: line.p, v: line.v, x: line.x, b: line.b }, arrival: arrivalOf(key) };
    },
    /** This phone's right has ended: the list goes at once, and none comes any more. */
    end() {
      ended = true;
      return wipe();
    },
  };
}
