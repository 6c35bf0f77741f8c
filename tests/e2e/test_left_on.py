"""A scanner that is left on for an evening: however many pictures it takes, it holds no more memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.domain.door import tickets
from tests.factories import code_of, make_device, make_meetup, make_registration
from tests.support.aimed_camera import aim, qr_picture
from tests.support.aimed_door import answered, door, go_on
from tests.support.browser import until
from tests.support.server import Server

MB = 1_000_000
PROCESS = 32 * MB
# What leaks grows in every stretch; a browser that had not taken all that it needs after the warm rounds, in one.
STRETCHES = 2
WARM = 4  # rounds after which everything is there that an evening needs
# The pause between two pictures passes twenty times as fast, and pictures are counted.
HASTE = """
const [wait, post] = [window.setTimeout, Worker.prototype.postMessage];
window.setTimeout = (act, ms = 0, ...rest) => wait(act, ms <= 1000 ? ms / 20 : ms, ...rest);
window.pictures = 0;
Worker.prototype.postMessage = function (message, ...rest) {
  window.pictures += message.type === "frame";
  return post.call(this, message, ...rest);
};
"""


@pytest.mark.one_database
def test_a_scanner_left_on_holds_no_more_memory_after_120_pictures(
    app: Flask, serve: Callable[..., Server]
) -> None:
    leave_on(serve, rounds=6, pictures=20)


def leave_on(serve: Callable[..., Server], *, rounds: int, pictures: int) -> None:
    """Each round a guest, somebody with a foreign code, and `pictures` of nobody."""
    seats = WARM + rounds * STRETCHES
    meetup, server = make_meetup(capacity=seats), serve(alone=True)
    guests = [tickets.payload(server.url, code_of(make_registration(meetup))) for _ in range(seats)]
    with door(server, meetup, make_device(meetup)[1], HASTE, measured=True) as watched:
        page, meter = watched.page, watched.meter
        assert meter
        for _ in range(WARM):
            live(page, guests.pop(), pictures)
        for _ in range(STRETCHES):
            before = meter.read()
            for _ in range(rounds):
                live(page, guests.pop(), pictures)
            after = meter.read()
            if after.process - before.process < PROCESS:
                break
        print(f"{page.evaluate('window.pictures')} pictures, {rounds} guests: {before} → {after}")
        assert after.page - before.page < 1 * MB + 2000 * rounds
        assert after.workers - before.workers < 1 * MB
        assert after.process - before.process < PROCESS
        assert after.nodes - before.nodes < 100
        assert after.listeners - before.listeners < 20
        assert watched.harm() == []


def live(page: Page, ticket: str, pictures: int) -> None:
    for payload, colour in ((ticket, "ok"), (f"https://week.example/badge/{ticket[-26:]}x", "refused")):
        aim(page, qr_picture(payload))
        assert answered(page) == colour
        go_on(page)
    aim(page, None)
    enough = page.evaluate("window.pictures") + pictures
    until(page, lambda: page.evaluate("window.pictures") >= enough, timeout=60 + pictures)
