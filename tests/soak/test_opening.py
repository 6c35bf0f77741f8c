"""`make soak`: 10,000 people press within a minute for 40 seats."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories import make_cohort, make_meetup
from tests.rush.opening import check_seats, open_to, proved
from tests.support.server import Server

PEOPLE, SEATS, SECONDS, SLOWEST = 10_000, 40, 60, 1.0


def test_10000_presses_in_a_minute_give_40_seats_and_one_line_while_the_page_is_served(
    app: Flask, serve: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=SEATS)
    uids = proved(cohort, meetup, PEOPLE)
    server = serve(alone=True, WEB_WORKERS=2)

    opening = open_to(app, meetup, uids, server.url.removeprefix("http://"), seconds=SECONDS)

    with capsys.disabled():
        print(
            f"\n{PEOPLE} presses in {opening.seconds:.1f} s; the public page meanwhile: p95 {opening.p95 * 1000:.0f} ms"
        )
    assert opening.presses == {303: PEOPLE}
    assert opening.looks.keys() == {200}
    check_seats(meetup, PEOPLE, SEATS)
    assert opening.seconds < SECONDS * 1.1, "the presses came slower than they were to come"
    assert opening.p95 < SLOWEST, "the promise of trust.md"
