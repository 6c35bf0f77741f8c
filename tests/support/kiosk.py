"""A self check-in tablet in a browser: what guests do before it, and what it answers."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.support.aimed_door import wedge
from tests.support.browser import until
from tests.support.staff_phone import StaffPhone

ANSWERED = {"ok", "staff"}
TABLET = {"width": 768, "height": 1024}


def screen(page: Page) -> str | None:
    """What is on it: "checking", "ok", "staff"; None while it waits for a guest."""
    return page.get_attribute("[data-part=answer]", "data-screen")


def shows(page: Page, expected: str | None, timeout: float = 20) -> None:
    until(page, lambda: screen(page) == expected, timeout)


def dismiss(page: Page) -> None:
    """The guest taps the answer away and makes room for the next one."""
    if screen(page):
        page.click("[data-part=answer]")
    shows(page, None)


def has_list(page: Page) -> None:
    """Wait until the tablet can do without the server: page, files and list are on it."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, lambda: page.evaluate(_LISTED), timeout=20)


_LISTED = """async () => {
  const name = (await indexedDB.databases()).map(({ name }) => name).find((name) => name.startsWith("dongmun-list-"));
  if (!name) return false;
  const open = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const database = await open(indexedDB.open(name));
  const facts = await open(database.transaction("facts").objectStore("facts").get("list"));
  database.close();
  return Boolean(facts);
}"""


class Tablet(StaffPhone):
    """A tablet between the gates, before which guests hold their tickets themselves."""

    def enrol(self, link: str, name: str, gate: str, camera: Path) -> None:
        page = self.start(camera, viewport=TABLET)
        page.goto(link)
        page.fill("input[name=name]", name)
        page.select_option("select[name=gate]", gate)
        page.click("main form button[type=submit]")
        self.ready()
        has_list(page)

    def reads(self, code: str) -> str:
        """A guest's ticket; "ok" or "staff"."""
        dismiss(self.page)
        wedge(self.page, code)
        until(self.page, lambda: screen(self.page) in ANSWERED)
        return screen(self.page) or ""
