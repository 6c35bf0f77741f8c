"""`make soak`: 2,000 lives of a meetup's seats, of which `make test` lives a few."""

from __future__ import annotations

from flask import Flask

from tests.services.test_seat_life import live
from tests.support.seat_life import SeatLife


def test_in_two_thousand_lives_the_rules_of_the_seats_hold(app: Flask) -> None:
    before = SeatLife.lived

    live(2_000, steps=40)

    assert SeatLife.lived - before >= 2_000
