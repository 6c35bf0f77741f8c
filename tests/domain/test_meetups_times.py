"""Local times: those that exist, those that don't, and those that come twice."""

# ruff: noqa: DTZ001 - times on the wall have no zone; that is what is tested

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.writing.local_times import instant, is_later_of_two, parse_clock, zone_names, zone_of

NEW_YORK, SEOUL = ZoneInfo("America/New_York"), ZoneInfo("Asia/Seoul")
JUMPED_OVER, TWICE = dt.datetime(2026, 3, 8, 2, 30), dt.datetime(2026, 11, 1, 1, 30)


def test_an_ordinary_time_is_one_instant():
    assert instant(dt.datetime(2026, 7, 14, 18, 30), SEOUL) == dt.datetime(2026, 7, 14, 9, 30, tzinfo=dt.UTC)


def test_a_time_that_the_clocks_jump_over_is_refused():
    with pytest.raises(DomainError) as refusal:
        instant(JUMPED_OVER, NEW_YORK, later=True)

    assert refusal.value.code == "nonexistent_time"
    assert refusal.value.params == {"time": "2026-03-08 02:30", "zone": "America/New_York"}


def test_a_time_that_comes_twice_is_asked_about():
    with pytest.raises(DomainError) as refusal:
        instant(TWICE, NEW_YORK)

    assert refusal.value.code == "ambiguous_time"


def test_the_answer_says_which_of_the_two():
    first, second = (instant(TWICE, NEW_YORK, later=later) for later in (False, True))

    assert second - first == dt.timedelta(hours=1)
    assert [is_later_of_two(at.astimezone(NEW_YORK)) for at in (first, second)] == [False, True]


@given(
    st.datetimes(dt.datetime(2001, 1, 1), dt.datetime(2098, 1, 1)),
    st.sampled_from([SEOUL, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Casablanca")]),
    st.booleans(),
)
def test_what_is_accepted_is_what_the_clock_shows(local: dt.datetime, zone: ZoneInfo, later: bool):
    found = accepted(local, zone, later)

    assert found is None or found.astimezone(zone).replace(tzinfo=None, fold=0) == local


def accepted(local: dt.datetime, zone: ZoneInfo, later: bool) -> dt.datetime | None:
    """The instant, or None for a time that the clocks jump over; another refusal would be wrong."""
    try:
        return instant(local, zone, later=later)
    except DomainError as refusal:
        if refusal.code != "nonexistent_time":
            raise
        return None


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_years_that_nobody_means_are_refused(year: int):
    with pytest.raises(DomainError, match="bad_year"):
        instant(dt.datetime(year, 1, 1), SEOUL)


@pytest.mark.parametrize("name", ["", "Seoul", "../etc/passwd", "Asia/Atlantis", "\x00", "A" * 5000])
def test_a_zone_that_is_none_is_refused(name: str):
    with pytest.raises(DomainError, match="unknown_zone"):
        zone_of(name)


def test_every_zone_on_offer_works():
    assert {zone_of(name).key for name in zone_names()} == set(zone_names())


@pytest.mark.parametrize(
    ("text", "clock"), [("18:30", dt.time(18, 30)), (" 09:05:59 ", dt.time(9, 5)), ("", None)]
)
def test_a_clock_time_is_read(text: str, clock: dt.time | None):
    assert parse_clock(text) == clock


@pytest.mark.parametrize("text", ["25:00", "6 pm", "18.30", "noon"])
def test_what_is_no_clock_time_is_refused(text: str):
    with pytest.raises(DomainError, match="bad_clock"):
        parse_clock(text)
