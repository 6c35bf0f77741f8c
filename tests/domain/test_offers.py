"""How long an offer holds, and when there is none any more."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.seating.offers import MOST_HOURS, SHORTEST, FreedSeats, last_call, offer_until, why_stopped

NOW = dt.datetime(2027, 7, 1, 9, 0, tzinfo=dt.UTC)


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


@pytest.mark.parametrize(
    ("left", "lasts"),
    [(240, 24), (48, 24), (30, 15), (10, 5), (1, 0.5), (0.5, 0.5)],
)
def test_an_offer_lasts_a_day_and_less_near_the_last_call(left: float, lasts: float) -> None:
    assert offer_until(NOW, 24, NOW + hours(left)) == NOW + hours(lasts)


def test_there_is_no_offer_that_leaves_no_time_to_answer() -> None:
    assert offer_until(NOW, 24, NOW + dt.timedelta(minutes=29)) is None
    assert offer_until(NOW, 24, NOW - hours(1)) is None


@given(st.integers(1, MOST_HOURS), st.integers(0, 60 * 24 * 60), st.integers(0, 59))
def test_no_offer_ends_after_the_last_call_or_before_people_could_answer(
    chosen: int, minutes_left: int, second: int
) -> None:
    at = NOW + dt.timedelta(seconds=second)
    last = at + dt.timedelta(minutes=minutes_left)

    until = offer_until(at, chosen, last)

    if until is not None:
        assert until <= last
        assert at + SHORTEST - dt.timedelta(minutes=1) < until <= at + max(SHORTEST, hours(chosen))
    else:
        assert last - at < SHORTEST


def test_the_last_call_is_what_the_organizer_said_else_the_start_for_offers_and_the_end_for_seats() -> None:
    times = {"starts_at": NOW, "ends_at": NOW + hours(3)}

    assert last_call(FreedSeats.OFFER, **times, hours_before=6) == NOW - hours(6)
    assert last_call(FreedSeats.OFFER, **times, hours_before=None) == NOW
    assert last_call(FreedSeats.CONFIRM, **times, hours_before=None) == NOW + hours(3)


def test_why_nobody_moves_up_is_one_word() -> None:
    calm = {"called_off": False, "paused": False, "last": NOW + hours(1), "over_by": 0}

    assert why_stopped(NOW, **calm) is None
    assert why_stopped(NOW, **calm | {"over_by": 2}) == "over"
    assert why_stopped(NOW, **calm | {"paused": True, "over_by": 2}) == "paused"
    assert why_stopped(NOW, **calm | {"last": NOW, "paused": True}) == "last_call"
    assert why_stopped(NOW, **calm | {"called_off": True, "last": NOW}) == "called_off"
