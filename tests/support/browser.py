"""Chromium for tests: phones and desktops, both languages, and a camera that looks at a picture."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--disable-dev-shm-usage",
)
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
CAMERA_SIZE = (640, 480)
NOBODY = Image.new("RGB", CAMERA_SIZE, "white")


def chromium() -> str:
    """Where Chromium is; CHROMIUM overrides the usual places."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "Chromium is missing: apt-get install chromium"
    return found


@cache
def playwright() -> Playwright:
    """This process's own, which ends with it."""
    found = sync_playwright().start()
    atexit.register(found.stop)
    return found


@contextmanager
def launched(camera: Path | None = None, *, sees_nobody: bool = False) -> Iterator[Browser]:
    """A Chromium in which only the contexts of a `with` block are alive; `camera` is the .mjpeg file that its fake
    camera shows in a loop, or it `sees_nobody`.

    Without a film all blocks get one that this process keeps, as a start takes a second of work; what a page can leave
    behind is its context's, and goes with it.
    """
    if camera:
        with started(camera) as browser:
            yield browser
        return
    browser = _kept(sees_nobody=sees_nobody)
    before = set(browser.contexts)
    try:
        yield browser
    finally:
        for context in set(browser.contexts) - before:
            _close(context)


def _close(context: BrowserContext) -> None:
    """A route whose handler is still at it would complain to whoever comes next."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")
    context.close()


@contextmanager
def started(camera: Path | None = None) -> Iterator[Browser]:
    """A Chromium of its own."""
    browser = _start(camera)
    try:
        yield browser
    finally:
        browser.close()


_KEPT: dict[bool, Browser] = {}


def _kept(*, sees_nobody: bool) -> Browser:
    if sees_nobody not in _KEPT or not _KEPT[sees_nobody].is_connected():
        _KEPT[sees_nobody] = _start(_film_of_nobody() if sees_nobody else None)
    return _KEPT[sees_nobody]


@cache
def _film_of_nobody() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="dongmun-nobody-")
    atexit.register(folder.cleanup)
    return camera_file([NOBODY], Path(folder.name) / "nobody.mjpeg")


def _start(camera: Path | None = None) -> Browser:
    flags = list(QUIET)
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    if camera:
        flags += [*FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    return playwright().chromium.launch(executable_path=chromium(), args=flags)


def context_of(
    browser: Browser, size: str = "phone", locale: str = "ko-KR", scheme: str = "light", **options: Any
) -> BrowserContext:
    """A fresh profile of a phone (360 px) or a desktop (1280 px). Waits are short: pages are local."""
    phone = size == "phone"
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        locale=locale,
        color_scheme=scheme,  # type: ignore[arg-type]
        timezone_id="Asia/Seoul",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(15_000)
    return context


def strict_page(context: BrowserContext, origin: str) -> tuple[Page, list[str]]:
    """A page and its list of complaints: script errors, CSP violations, requests that leave `origin`."""
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", lambda said: complaints.append(said.text) if _is_violation(said.text) else None)
    page.on("request", lambda sent: complaints.append(sent.url) if _leaves(sent.url, origin) else None)
    return page, complaints


def until(page: Page, check: Callable[[], bool], timeout: float = 10.0) -> None:
    """Poll `check`: Playwright's own `wait_for_function` evaluates code, which our CSP forbids."""
    for _ in range(int(timeout * 20)):
        if check():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"still not so after {timeout} s")


def to_the_door(page: Page) -> None:
    """On to the scanner from the "Ready?" sheet, with which a phone that has just joined begins."""
    page.click("[data-part=panel-ready] > .button[data-close-panel]")


def camera_file(pictures: list[bytes | Image.Image], path: Path, frames_each: int = 30) -> Path:
    """An .mjpeg that shows each picture (PNG bytes or an image) for `frames_each` frames at 30 a second."""
    frames: dict[int, bytes] = {}  # films show one picture again and again
    with path.open("wb") as file:
        for picture in pictures:
            if id(picture) not in frames:
                image = picture if isinstance(picture, Image.Image) else Image.open(io.BytesIO(picture))
                frames[id(picture)] = _frame(image)
            file.write(frames[id(picture)] * frames_each)
    return path


def _frame(picture: Image.Image) -> bytes:
    """The picture in the middle of a camera frame, as JPEG."""
    height = int(CAMERA_SIZE[1] * 0.8)
    scaled = picture.convert("RGB").resize((round(picture.width * height / picture.height), height))
    frame = Image.new("RGB", CAMERA_SIZE, "white")
    frame.paste(scaled, ((CAMERA_SIZE[0] - scaled.width) // 2, (CAMERA_SIZE[1] - height) // 2))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=90)
    return out.getvalue()


def _is_violation(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text


def _leaves(url: str, origin: str) -> bool:
    return not url.startswith((origin, "data:", "blob:", "about:", "chrome"))
