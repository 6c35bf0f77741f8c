"""The scanner at a busy door: tickets held still, two at once, photographed from a screen, a camera that is taken away,
a light, and a wedge scanner that types into whatever field has the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from PIL import Image, ImageOps
from playwright.sync_api import Page
from sqlalchemy import select

from app import qr
from app.db import db, end_reading
from app.domain.door import tickets
from app.models import CheckIn, DeviceRole, Meetup
from tests.factories import code_of, make_device, make_meetup, make_registration
from tests.support.aimed_camera import aim, side_by_side, take_away
from tests.support.aimed_door import answered, door, go_on, tone, wedge
from tests.support.browser import SIZES, until
from tests.support.server import Server

# How the page reads pictures and keys: the server sees one scan after the other, as from any phone.
pytestmark = pytest.mark.one_database

COVERED_MS = 700  # in which a ticket that could be scanned would have been
HELD_MS = 4500  # a green stays for 4 s, then the camera sees the same ticket again
# Chromium's canvas has no light to switch on; this one has, as phones do.
LIT = """
window.light = [];
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void window.light.push(advanced[0].torch);
"""


class Tickets:
    """Guests of a meetup, one after the other, as the text of their tickets."""

    def __init__(self, meetup: Meetup, server: Server) -> None:
        self._meetup, self._server = meetup, server

    def __next__(self) -> str:
        return tickets.payload(self._server.url, code_of(make_registration(self._meetup)))


def admits(page: Page, picture: Image.Image) -> bool:
    aim(page, picture)
    green = answered(page) == "ok"
    go_on(page)
    return green


def photographs(text: str) -> Iterator[Image.Image]:
    """The ticket as phones hold it up: dark mode, dim, tilted."""
    picture = side_by_side(qr.modules(text)).convert("L")
    yield ImageOps.invert(picture)
    yield picture.point(lambda level: 40 + level // 6)
    wide, high = picture.size
    corners = (
        -wide // 4,
        -high // 3,
        -wide // 3,
        high + high // 4,
        wide + wide // 3,
        high + high // 3,
        wide + wide // 5,
        -high // 6,
    )
    tilted = picture.transform(
        picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=255
    )
    yield tilted.rotate(20, Image.Resampling.BICUBIC, fillcolor=255)


def scans(meetup: Meetup) -> int:
    end_reading()
    return len(db.session.scalars(select(CheckIn.id).where(CheckIn.meetup_id == meetup.id)).all())


def test_what_is_held_before_the_camera_is_scanned_once_and_each_ticket_gets_its_turn(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, server = make_meetup(), serve(alone=True)
    guests = Tickets(meetup, server)
    with door(server, meetup, make_device(meetup)[1], LIT) as watched:
        page = watched.page
        aim(page, side_by_side(qr.modules(next(guests))))
        assert answered(page) == "ok"
        page.wait_for_timeout(HELD_MS)
        assert (tone(page), scans(meetup)) == (None, 1)

        aim(page, side_by_side(qr.modules(next(guests)), qr.modules(next(guests))))
        until(page, lambda: scans(meetup) == 3)
        assert answered(page) == "ok"
        go_on(page)

        for n in range(3):
            assert admits(page, [*photographs(next(guests))][n]), n

        take_away(page)
        until(page, lambda: page.evaluate("window.camera.opened") == 2)
        assert admits(page, side_by_side(qr.modules(next(guests))))

        page.click("[data-part=torch]")
        until(page, lambda: page.get_attribute("[data-part=torch]", "aria-pressed") == "true")
        assert page.evaluate("window.light") == [True]
        assert (scans(meetup), watched.harm()) == (7, [])


def test_a_wedge_scanner_that_types_into_search_or_walk_in_still_scans(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, server = make_meetup(), serve(alone=True)
    guests = Tickets(meetup, server)
    with door(server, meetup, make_device(meetup, DeviceRole.SUPERVISE)[1]) as watched:
        page = watched.page
        for panel, field in (("search", "search-input"), ("walkin", "walkin-name")):
            page.click(f".door__actions [data-open-panel={panel}]")
            page.fill(f"[data-part={field}]", next(guests))
            page.press(f"[data-part={field}]", "Enter")
            assert answered(page) == "ok"
            assert page.input_value(f"[data-part={field}]") == ""
            go_on(page)
            page.keyboard.press("Escape")

        page.evaluate(PRINTED_BY_A_SCANNER)
        wedge(page, next(guests))
        assert answered(page) == "ok"
        assert page.evaluate("window.stopped") == [True, False]
        assert (scans(meetup), watched.harm()) == (3, [])


HALF_TYPED = {"typed": "typed-input", "search": "search-input", "walkin": "walkin-name"}


def test_a_ticket_before_the_camera_takes_nobody_the_words_that_they_are_typing(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, server = make_meetup(), serve(alone=True)
    guests = Tickets(meetup, server)
    with door(server, meetup, make_device(meetup, DeviceRole.SUPERVISE)[1]) as watched:
        page = watched.page
        assert admits(page, side_by_side(qr.modules(next(guests))))
        for panel, field in HALF_TYPED.items():
            page.click(f".door__actions [data-open-panel={panel}]")
            keeps_its_words(page, field, next(guests))
            page.keyboard.press("Escape")
        page.click("[data-part=undo-last]")
        keeps_its_words(page, "undo-reason", next(guests))
        assert (scans(meetup), watched.harm()) == (5, [])


def keeps_its_words(page: Page, field: str, ticket: str) -> None:
    """A sheet over the picture lets no scan through; beside it, a scan is answered and the words stay, and are added to."""
    words = page.locator(f"[data-part={field}]")
    words.press_sequentially("AB")
    aim(page, side_by_side(qr.modules(ticket)))
    page.wait_for_timeout(COVERED_MS)
    assert (tone(page), words.input_value()) == (None, "AB")

    page.set_viewport_size({"width": 1280, "height": 800})
    assert answered(page) == "ok"
    aim(page, None)
    go_on(page)
    if not words.evaluate("(field) => field === document.activeElement"):
        words.focus()
    page.keyboard.type("C")
    assert words.input_value() == "ABC"
    page.set_viewport_size(SIZES["phone"])


# A control character inside a code, then a person who wants to print.
PRINTED_BY_A_SCANNER = """async () => {
  const key = (key, more = {}) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  const press = (event) => !document.body.dispatchEvent(event);
  press(key("0"));
  window.stopped = [press(key("p", { ctrlKey: true }))];
  await new Promise((later) => setTimeout(later, 200));
  window.stopped.push(press(key("p", { ctrlKey: true })));
}"""
