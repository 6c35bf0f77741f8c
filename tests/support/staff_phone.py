"""A staff phone's browser for tests: its profile outlives it, it can die at any moment, and it is watched."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, Error, Page

from tests.support.browser import FAKE_CAMERA, QUIET, SIZES, chromium, playwright, strict_page, until

# What the screen says, told at each change of it: with the time at which it was written there.
WATCH = """
addEventListener("DOMContentLoaded", () => {
  const part = (name) => document.querySelector(`[data-part=${name}]`);
  const screen = part("verdict");
  if (!screen) return;
  const slot = (name) => screen.querySelector(`[data-verdict-${name}]`).textContent;
  const tell = () => window.told({
    at: (performance.timeOrigin + performance.now()) / 1000, tone: screen.dataset.verdict ?? null, name: slot("name"),
    sync: slot("sync"), line: part("status-line").textContent, last: part("last").textContent.trim(),
  });
  const watcher = new MutationObserver(tell);
  for (const each of [screen, part("status-line"), part("last")]) {
    watcher.observe(each, { attributes: true, childList: true, subtree: true, characterData: true });
  }
});
"""
TAP = "document.querySelector('[data-part=verdict]').click()"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the screen said at one moment (seconds since 1970). `tone` is None where no verdict is shown."""

    at: float
    tone: str | None
    name: str
    sync: str
    line: str
    last: str

    @property
    def waiting(self) -> int:
        """How many scans wait by the status line's words."""
        return int("".join(filter(str.isdigit, self.line.partition("Scans waiting to sync:")[2])) or 0)


class StaffPhone:
    """Chromium on `profile`, in English, at the latest until the end of a `with` block. `start` after `kill` is the
    same phone again."""

    def __init__(self, profile: Path, origin: str) -> None:
        self.profile, self.origin = profile, origin
        self.seen: list[Sighting] = []
        self.complaints: list[str] = []
        self.context: BrowserContext
        self.page: Page

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(AttributeError, Error):
            self.context.close()

    def start(self, camera: Path, *, offline: bool = False, **options: Any) -> Page:
        flags = [*QUIET, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        fields = {"viewport": SIZES["phone"], "locale": "en-US", "timezone_id": "Asia/Seoul"} | options
        self.context = playwright().chromium.launch_persistent_context(
            str(self.profile),
            executable_path=chromium(),
            args=flags,
            permissions=["camera"],
            has_touch=True,
            is_mobile=True,
            offline=offline,
            **fields,
        )
        self.context.set_default_timeout(15_000)
        self.context.expose_binding("told", lambda _, said: self.seen.append(Sighting(**said)))
        self.context.add_init_script(WATCH)
        self.page, self.complaints = strict_page(self.context, self.origin)
        return self.page

    def ready(self) -> None:
        """Wait until the scanner has found all its parts."""
        until(self.page, lambda: self.page.evaluate("document.body.dataset.ready") == "yes")

    def kept(self) -> None:
        """Wait until the page opens without a network: its files and the list are on the phone."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        until(self.page, lambda: "List of" in self.page.inner_text("[data-part=status-line]"))

    def tap(self) -> None:
        """Send the verdict away, as hurried staff do."""
        self.page.evaluate(TAP)

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes at once. Nothing is said good-bye to."""
        leader = self._leader()
        assert os.getpgid(leader) == leader, "the browser leads a group of its own"
        os.killpg(leader, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        patience = time.monotonic() + 10
        while Path(f"/proc/{leader}/exe").exists() and time.monotonic() < patience:
            time.sleep(0.01)

    def _leader(self) -> int:
        """The process that was started with this profile; its children carry a --type."""
        mine = f"--user-data-dir={self.profile}".encode()
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                words = file.read_bytes().split(b"\0")
                if mine in words and not any(word.startswith(b"--type=") for word in words):
                    return int(file.parent.name)
        raise AssertionError("the browser is not running")
