"""Days and times as people read them: the year stands wherever it isn't this one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from app import i18n
from app.blueprints.meetups import charts
from app.blueprints.meetups.wording import zone_note
from app.domain.charts.over_time import Point
from tests.factories import make_meetup

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("in_november_2026")]
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def in_november_2026(app: Flask) -> Iterator[None]:
    with app.app_context(), time_machine.travel(dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC), tick=False):
        yield


def at(year: int, month: int, day: int, hour: int = 17, minute: int = 4) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("when", "korean", "english"),
    [
        (at(2026, 6, 2), "6월 2일(화) 오후 5:04", "Tue 2 June 5:04 pm"),
        (at(2023, 6, 2), "2023년 6월 2일(금) 오후 5:04", "Fri 2 June 2023 5:04 pm"),
        (at(2027, 1, 4), "2027년 1월 4일(월) 오후 5:04", "Mon 4 January 2027 5:04 pm"),
    ],
)
def test_a_time_of_another_year_says_which(when: dt.datetime, korean: str, english: str) -> None:
    for locale, words in (("ko", korean), ("en", english)):
        with force_locale(locale):
            assert i18n.stamp(when) == words
            assert i18n.desk_time(when).startswith(str(when.year) if locale == "ko" else words[:5])


def test_new_year_comes_when_it_does_in_the_zone_that_is_shown() -> None:
    eve, day = at(2026, 12, 31, 23), at(2027, 1, 1, 1)
    with force_locale("ko"), time_machine.travel(dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC), tick=False):
        assert i18n.stamp(day) == "1월 1일(금) 오전 1:04", "it is 2027 in Seoul"
        assert i18n.stamp(eve) == "2026년 12월 31일(목) 오후 11:04"


def test_a_span_says_its_year_once_unless_it_ends_in_another() -> None:
    spans = [
        (at(2023, 6, 2), at(2023, 6, 2, 19), "2023년 6월 2일(금) 오후 5:04 – 7:04"),
        (at(2023, 6, 2), at(2023, 6, 3, 1), "2023년 6월 2일(금) 오후 5:04 – 6월 3일(토) 오전 1:04"),
        (at(2026, 12, 31), at(2027, 1, 1, 1), "12월 31일(목) 오후 5:04 – 2027년 1월 1일(금) 오전 1:04"),
        (at(2026, 6, 2), at(2026, 6, 2, 19), "6월 2일(화) 오후 5:04 – 7:04"),
    ]
    with force_locale("ko"):
        assert [i18n.span(start, end) for start, end, _ in spans] == [words for _, _, words in spans]
        assert i18n.span(*spans[3][:2], year=True) == "2026년 6월 2일(화) 오후 5:04 – 7:04"


@pytest.mark.parametrize(
    ("locale", "words"),
    [("ko", ["2025년 6월 3일", "3월 2일", "11월 30일"]), ("en", ["3 Jun 2025", "2 Mar", "30 Nov"])],
)
def test_the_axis_of_a_picture_says_the_year_where_it_is_another(locale: str, words: list[str]) -> None:
    days = [dt.date(2025, 6, 3), dt.date(2026, 3, 2), dt.date(2026, 11, 30)]
    with force_locale(locale):
        picture = charts.registrations([Point(day, 1, 1) for day in days])

    assert picture.over
    assert [place.text for place in picture.over.places] == words


def test_beside_a_day_that_has_its_year_only_the_zone_is_named() -> None:
    starts = at(2026, 12, 19), at(2027, 1, 4)
    this, another = (make_meetup(starts_at=start, ends_at=start + dt.timedelta(hours=2)) for start in starts)
    with force_locale("en"):
        assert [zone_note(each) for each in (this, another)] == [
            "2026, Korean Standard Time",
            "Korean Standard Time",
        ]
