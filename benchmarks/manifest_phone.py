"""The sealed list on a phone: how long it takes to come, to open after a start, and to look a ticket up; in Chromium, with
the scanner's own modules, from its own storage."""

from __future__ import annotations

import statistics

from benchmarks.arithmetic import percentile
from benchmarks.world import Gathering
from tests.support.browser import context_of, launched, strict_page, until

OPENINGS, LOOK_UPS = 9, 500
MEASURE = """async ({ codes, openings }) => {
  const config = JSON.parse(document.getElementById("door-config").textContent);
  const scripts = document.querySelector("script[src*='/door/main.js']").src.replace(/main\\.js.*$/, "");
  const [{ openShelf }, { createManifestStore }, { createApi }] =
    await Promise.all(["manifest-shelf", "manifest-store", "api"].map((name) => import(`${scripts}${name}.js`)));
  const made = async () => createManifestStore({
    shelf: await openShelf(config.slug), meetup: config.meetup, ask: createApi({ base: config.apiBase }).manifest, serverNow: Date.now,
  });
  const timed = async (act) => {
    const began = performance.now();
    const result = await act();
    return [performance.now() - began, result];
  };
  const anew = await made();
  const [fetched] = await timed(() => anew.refresh());
  const opened = [];
  let list;
  for (let n = 0; n < openings; n += 1) {
    const [ms] = await timed(async () => {
      list = await made();
      await list.load();
    });
    opened.push(ms);
  }
  const found = [];
  let missing = 0;
  for (const code of codes) {
    const [ms, entry] = await timed(() => list.find(code));
    found.push(ms);
    missing += entry.record?.s !== "admitted";
  }
  return { fetched, opened, found, missing, count: list.about.count };
}"""


def measure(url: str, door: Gathering) -> dict[str, float]:
    """Milliseconds on this machine; a phone takes some four times as long."""
    name, _, value = door.device_cookie.partition("=")
    with launched() as browser:
        context = context_of(browser)
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page, complaints = strict_page(context, url)
        page.goto(f"{url}/door/{door.slug}")
        until(page, lambda: page.evaluate("document.body.dataset.ready") == "yes", timeout=30)
        seen = page.evaluate(MEASURE, {"codes": door.codes[:LOOK_UPS], "openings": OPENINGS})
    if seen["missing"] or complaints or seen["count"] != len(door.codes):
        raise RuntimeError(f"{seen['count']} tickets on the phone, {seen['missing']} not found, {complaints}")
    return {
        "fetch_ms": seen["fetched"],
        "open_ms": statistics.median(seen["opened"]),
        "look_up_ms": statistics.fmean(seen["found"]),
        "look_up_p95_ms": percentile(seen["found"], 0.95),
    }
