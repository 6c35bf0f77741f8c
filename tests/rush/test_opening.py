"""A tenth of the opening that `make soak` holds at full size: 1,000 people in six seconds for 40 seats."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.factories import make_cohort, make_meetup
from tests.rush.opening import check_seats, open_to, proved
from tests.support.server import Server

SEATS = 40


def test_1000_presses_in_six_seconds_give_40_seats_and_one_line_while_the_page_is_served(
    app: Flask, serve: Callable[..., Server]
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=SEATS)
    uids = proved(cohort, meetup, 1_000)
    server = serve(alone=True, WEB_WORKERS=2)

    opening = open_to(app, meetup, uids, server.url.removeprefix("http://"), seconds=6)

    assert opening.presses == {303: 1_000}
    assert opening.looks.keys() == {200}
    check_seats(meetup, 1_000, SEATS)
