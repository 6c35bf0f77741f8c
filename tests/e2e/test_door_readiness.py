"""The "Ready?" sheet of a staff phone: it opens when the phone has joined, follows what changes, and needs no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.models import DeviceRole
from app.services.door import devices
from tests.factories import make_account, make_meetup, make_registration
from tests.support.browser import SIZES, context_of, launched, strict_page, until
from tests.support.everybody import Screens
from tests.support.server import Server

pytestmark = pytest.mark.one_database
# Each database sees one language and one scheme.
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
READY = {"sqlite": "준비됐어요", "postgresql": "Ready for the door"}
# Headless Chromium has no screen to keep on and no battery to speak of.
A_PHONE_S_OWN = """
  navigator.wakeLock.request = async () => new EventTarget();
  navigator.getBattery = async () => (globalThis.battery = { level: 0.8, charging: false });
"""


@pytest.fixture
def joined(database: str, app: Flask, serve: Callable[..., Server]) -> Iterator[tuple[Page, list[str]]]:
    """A phone that has just scanned the organizer's QR."""
    meetup, server = make_meetup(), serve(alone=True)
    make_registration(meetup)
    link = devices.link_token(devices.open_door(meetup.id, DeviceRole.SCAN, make_account().id))
    with launched(sees_nobody=True) as browser:
        context = context_of(browser, "phone", *LOOKS[database])
        context.add_init_script(A_PHONE_S_OWN)
        page, complaints = strict_page(context, server.url)
        page.goto(f"{server.url}/door/enrol/{link}")
        page.fill("input[name=name]", "1번 입구")
        page.click("main form button[type=submit]")
        page.wait_for_selector("body[data-ready=yes]")
        yield page, complaints


def level(page: Page, key: str) -> str | None:
    return page.get_attribute(f"[data-ready={key}]", "data-level")


def becomes(page: Page, key: str, wanted: str, timeout: float = 10) -> None:
    until(page, lambda: level(page, key) == wanted, timeout)


def says(page: Page) -> str:
    return page.inner_text("[data-part=ready-word]")


def test_a_phone_that_joined_is_led_to_ready_and_says_so_without_a_network_too(
    database: str, joined: tuple[Page, list[str]]
) -> None:
    page, complaints = joined
    screens = Screens(page)
    assert page.locator("[data-part=panel-ready]").is_visible()
    assert "#" not in page.url
    for key in ("list", "shell", "clock", "server", "waiting", "storage", "awake", "battery"):
        until(page, lambda key=key: level(page, key) in {"good", "note"})
    page.click("[data-part=ready-camera]")
    becomes(page, "camera", "good")
    assert level(page, "sound") == "look"
    assert "1" in says(page)
    screens.look("one thing to look at")

    page.click("[data-part=ready-play]")
    until(page, lambda: says(page) == READY[database])
    screens.look("ready")

    page.context.set_offline(True)
    becomes(page, "server", "look", timeout=15)
    assert says(page) != READY[database]
    page.reload()
    page.wait_for_selector("body[data-ready=yes]")
    page.click("[data-open-panel=settings]:visible")
    page.click("[data-open-panel=ready]:visible")
    becomes(page, "list", "good")
    becomes(page, "shell", "good")
    becomes(page, "camera", "good")
    screens.look("without a network")
    page.context.set_offline(False)
    becomes(page, "server", "good", timeout=15)

    assert (screens.found, [each for each in complaints if "DISCONNECTED" not in each]) == ([], [])


def test_it_follows_what_changes_on_the_phone(joined: tuple[Page, list[str]]) -> None:
    page, _ = joined
    becomes(page, "battery", "good")

    page.evaluate("battery.level = 0.1")
    becomes(page, "battery", "look")
    page.evaluate("battery.charging = true")
    becomes(page, "battery", "good")


def test_without_the_hash_of_a_new_phone_the_scanner_opens(joined: tuple[Page, list[str]]) -> None:
    page, _ = joined

    page.reload()
    page.wait_for_selector("body[data-ready=yes]")

    assert not page.locator("[data-part=panel-ready]").is_visible()
    assert page.locator("[data-part=stage]").is_visible()
    assert page.viewport_size == SIZES["phone"]
