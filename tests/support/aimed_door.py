"""A scanner page whose camera the test aims, and everything that the page must not do meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page

from app.models import Meetup
from tests.support.aimed_camera import AIMED
from tests.support.browser import context_of, launched, started, strict_page, until
from tests.support.browser_memory import MemoryMeter
from tests.support.server import Server

VERDICT = "[data-part=verdict]"
_RUNS_OR_LOADS = "script, img, iframe, object, embed, base, link, meta, style, form, video, audio, math, [onload], [onerror]"
# What a keyboard does, only faster: a scanner sends each letter as a key, and Enter. A key has the time of its making.
_WEDGE = """(text) => {
  const key = (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  [...Array.from(text), "Enter"].map(key).forEach((event) => document.body.dispatchEvent(event));
}"""


class Watched:
    """A page, and all that it must not do while it is fed."""

    def __init__(self, context: BrowserContext, origin: str, *allowed: str) -> None:
        self.page, self._complaints = strict_page(context, origin)
        self._allowed, self._elements = allowed, 0
        self.meter: MemoryMeter | None = None
        self.page.on("console", self._said)
        self.page.on("dialog", self._asked_the_person)
        self.page.on("download", lambda file: self._complaints.append(f"download: {file.url}"))
        context.on("request", lambda sent: self._asked_the_server(sent.url))

    def settled(self) -> None:
        """From now on the page neither navigates nor opens another, and grows nothing that loads or runs."""
        self.page.on("framenavigated", lambda frame: self._complaints.append(f"navigation: {frame.url}"))
        self.page.context.on("page", lambda page: self._complaints.append(f"window: {page.url}"))
        self._elements = self._count()

    def harm(self) -> list[str]:
        grown = [] if self._count() == self._elements else ["an element that loads or runs"]
        ran = ["a payload ran"] if self.page.evaluate("'pwned' in window") else []
        return [*self._complaints, *grown, *ran]

    def _count(self) -> int:
        return self.page.locator(_RUNS_OR_LOADS).count()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(message.text)

    def _asked_the_person(self, dialog: Dialog) -> None:
        self._complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked_the_server(self, url: str) -> None:
        if not urlsplit(url).path.startswith(self._allowed) and not url.startswith(("data:", "blob:")):
            self._complaints.append(f"asked for {url}")


@contextmanager
def door(
    server: Server, meetup: Meetup, token: str, *scripts: str, measured: bool = False
) -> Iterator[Watched]:
    """The scanner page on an enrolled phone, in English, its camera in the test's hands; `scripts` run before its own;
    `measured`: with a meter of its memory, in a Chromium of its own, all of whose pages it counts."""
    with started() if measured else launched() as browser:
        context = context_of(browser, locale="en-US", permissions=["camera"])
        for script in (AIMED, *scripts):
            context.add_init_script(script)
        cookie = {"name": f"door-{meetup.id}", "value": token, "url": server.url, "sameSite": "Strict"}
        context.add_cookies([cookie])  # type: ignore[list-item]
        own = ("/static/", "/door/sealed/", "/door/sw.js", f"/door/{meetup.slug}")
        watched = Watched(context, server.url, *own)
        watched.meter = MemoryMeter(watched.page) if measured else None
        watched.page.goto(f"{server.url}/door/{meetup.slug}")
        watched.page.wait_for_selector("body[data-ready]")
        watched.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        watched.settled()
        yield watched
        context.close()


def answered(page: Page, or_said: str = "") -> str:
    """The colour of the screen once it is there, or "said" where a sentence came instead."""
    said = (lambda: bool(page.text_content(or_said))) if or_said else (lambda: False)
    until(page, lambda: tone(page) not in (None, "checking") or said())
    return tone(page) or "said"


def go_on(page: Page) -> None:
    """Send the verdict away, as a tap does, and whatever waited behind it."""
    while tone(page):
        page.evaluate(f"document.querySelector('{VERDICT}').click()")


def tone(page: Page) -> str | None:
    """The colour of the screen; None where no verdict is on it."""
    return page.get_attribute(VERDICT, "data-verdict")


def wedge(page: Page, text: str) -> None:
    """Scan with a scanner that is a keyboard."""
    page.evaluate(_WEDGE, text)
