"""Pictures of numbers: round scales, days of the meetup's zone, few points, and only options are counted."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.charts import scales
from app.domain.charts.counted import counts, tally
from app.domain.charts.over_time import MOST_POINTS, Changes, Point, area, by_day, labels, step_line
from app.domain.registering.questions import QuestionKind
from app.domain.registering.registrations import Status
from tests.factories import make_question

SEOUL, KATHMANDU = ZoneInfo("Asia/Seoul"), ZoneInfo("Asia/Kathmandu")
DAY = dt.date(2026, 11, 3)


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp())


def made(when: str, number: int = 1, after: Status = Status.CONFIRMED) -> Changes:
    return Changes(at(when), None, after, number)


@settings(deadline=None)
@given(st.integers(0, 10**9))
def test_a_scale_is_short_even_whole_and_holds_the_most(most: int) -> None:
    found = scales.ticks(most)

    steps = {b - a for a, b in itertools.pairwise(found)}
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= scales.MOST_TICKS
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize(("value", "top", "width"), [(0, 9, 0), (9, 9, 1000), (1, 100_000, 2), (3, 0, 0)])
def test_what_is_there_at_all_is_seen(value: int, top: int, width: int) -> None:
    assert scales.share(value, top) == width


@pytest.mark.parametrize(
    ("zone", "day"), [(SEOUL, DAY), (ZoneInfo("UTC"), DAY - dt.timedelta(days=1)), (KATHMANDU, DAY)]
)
def test_a_day_is_that_of_the_meetups_zone(zone: ZoneInfo, day: dt.date) -> None:
    found = by_day([made("2026-11-02T18:15+00:00")], zone, day)

    assert found == (Point(day, 1, 1),)


def test_people_are_added_up_and_who_goes_is_taken_off_again() -> None:
    changes = [
        made("2026-11-03T10:00+09:00", 3, Status.WAITLISTED),
        made("2026-11-03T11:00+09:00", 2),
        Changes(at("2026-11-05T09:00+09:00"), Status.WAITLISTED, Status.OFFERED, 1),
        Changes(at("2026-11-05T10:00+09:00"), Status.CONFIRMED, Status.CANCELLED, 1),
        Changes(at("2026-11-06T10:00+09:00"), Status.CONFIRMED, Status.CONFIRMED, 1),
    ]

    found = by_day(changes, SEOUL, DAY + dt.timedelta(days=3))

    assert [(point.registered, point.confirmed) for point in found] == [(5, 2), (5, 2), (4, 1), (4, 1)]


@settings(deadline=None)
@given(st.integers(0, 2000))
def test_a_year_has_no_more_points_than_a_month_and_ends_today(days: int) -> None:
    until = DAY + dt.timedelta(days=days)

    found = by_day([made("2026-11-03T10:00+09:00", 7)], SEOUL, until)

    assert len(found) <= MOST_POINTS
    assert found[-1] == Point(until, 7, 7)
    assert len({b.day - a.day for a, b in itertools.pairwise(found)}) <= 1


def test_what_was_registered_after_today_is_shown_all_the_same() -> None:
    found = by_day([made("2026-11-05T10:00+09:00")], SEOUL, DAY)

    assert [point.day for point in found] == [dt.date(2026, 11, 5)]


def test_nothing_registered_is_no_line() -> None:
    assert by_day([], SEOUL, DAY) == ()
    assert step_line([], 10) == area([], 10) == ""


def test_a_value_holds_from_its_place_to_the_next() -> None:
    assert step_line([0, 5, 10, 10], 10) == "M0 1000H250V500H500V0H750V0H1000"
    assert area([10], 10) == "M0 0H1000V1000H0Z"


@settings(deadline=None)
@given(st.integers(0, 500))
def test_the_first_and_the_last_place_are_named_and_one_between(count: int) -> None:
    found = labels(count)

    assert list(found) == sorted(set(found))
    assert len(found) <= 3
    if count:
        assert (found[0], found[-1]) == (0, count - 1)


def test_an_option_is_counted_whether_it_is_kept_alone_or_in_a_list() -> None:
    question = make_question("q1", QuestionKind.CHOICES, "고기", "채식")

    found = tally(question, [("o1", True, 2), ('"o2"', False, 1), (json.dumps(["o1", "o2"]), True, 3)])

    assert [(each.option.key, each.confirmed, each.others) for each in found.options] == [
        ("o1", 5, 0),
        ("o2", 3, 1),
    ]
    assert found.answered == 6


def test_what_somebody_wrote_is_no_option_and_is_not_counted() -> None:
    question = make_question("q1", QuestionKind.CHOICE, "고기", "채식")

    found = tally(question, [("김하늘", True, 1), ('["o9", 7]', True, 1), ("[]", True, 1)])

    assert (found.answered, [each.all for each in found.options]) == (0, [0, 0])
    assert not counts(make_question("q2"))
