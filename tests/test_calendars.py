"""A meetup's calendar file and link."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar

from app.calendars import calendar_link, meetup_ics
from app.models import Meetup, MeetupState, Program

URL = "https://desk.example/m/first"


def meetup(**fields: object) -> Meetup:
    values: dict[str, object] = {
        "slug": "first", "version": 3, "state": MeetupState.PUBLISHED, "title_ko": "동문 밋업, 첫 모임; \\o/",
        "title_en": "", "description_ko": "# 안내\n\n**만나요**", "description_en": "", "place_ko": "예시홀",
        "place_en": "Example Hall", "place_address": "서울 강남구 1", "online_url": "https://call.example/secret",
        "zone": "America/New_York", "starts_at": dt.datetime(2026, 7, 14, 9, 30, tzinfo=dt.UTC),
        "ends_at": dt.datetime(2026, 7, 14, 12, tzinfo=dt.UTC), "program": Program(name_ko="부트캠프"),
    }  # fmt: skip
    return Meetup(**(values | fields))


def read(data: bytes) -> tuple[Calendar, dict]:
    calendar = Calendar.from_ical(data)
    return calendar, calendar.walk("VEVENT")[0]


def test_the_file_says_when_where_and_what():
    calendar, event = read(meetup_ics(meetup(), "ko", URL))

    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == (
        "PUBLISH",
        "meetup-first@desk.example",
        3,
    )
    assert event["SUMMARY"] == "동문 밋업, 첫 모임; \\o/"
    assert event["LOCATION"] == "예시홀, 서울 강남구 1"
    assert event["DESCRIPTION"] == f"안내\n만나요\n\n{URL}"
    assert (event["URL"], event["STATUS"]) == (URL, "CONFIRMED")


def test_times_are_in_the_meetups_zone_which_the_file_describes():
    calendar, event = read(meetup_ics(meetup(), "en", URL))

    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert event["DTSTART"].dt.astimezone(dt.UTC) == dt.datetime(2026, 7, 14, 9, 30, tzinfo=dt.UTC)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]


def test_only_a_confirmed_persons_file_has_the_online_link():
    assert b"call.example" not in meetup_ics(meetup(), "ko", URL)
    assert b"call.example" in meetup_ics(meetup(), "ko", URL, with_online_link=True)


def test_a_called_off_meetup_is_cancelled_under_the_same_id():
    _, before = read(meetup_ics(meetup(), "ko", URL))
    _, after = read(meetup_ics(meetup(version=4, state=MeetupState.CALLED_OFF), "ko", URL))

    assert (after["UID"], after["SEQUENCE"], after["STATUS"]) == (before["UID"], 4, "CANCELLED")


@pytest.mark.parametrize("title", ["a\r\nATTACH:https://evil.example", "a\nEND:VEVENT", "x" * 500])
def test_a_title_adds_no_lines_of_its_own(title: str):
    data = meetup_ics(meetup(title_ko=title), "ko", URL)

    _, event = read(data)
    assert "ATTACH" not in event
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_the_link_fills_in_a_web_calendar():
    query = parse_qs(urlsplit(calendar_link(meetup(), "en", URL)).query)

    assert query["dates"] == ["20260714T093000Z/20260714T120000Z"]
    assert query["details"] == [URL]


def test_a_changed_meetup_gives_a_changed_file_to_those_who_come_later():
    shown = meetup()
    first, _ = read(meetup_ics(shown, "ko", URL, note="김하나"))
    shown.title_ko, shown.version = "옮긴 모임", 4
    _, event = read(meetup_ics(shown, "ko", URL, note="이두리"))

    assert first.walk("VEVENT")[0]["DESCRIPTION"].startswith("김하나")
    assert (event["SUMMARY"], event["SEQUENCE"]) == ("옮긴 모임", 4)
    assert event["DESCRIPTION"].startswith("이두리")


def test_a_file_takes_the_meetup_out_of_a_calendar_again():
    calendar, event = read(meetup_ics(meetup(), "ko", URL, ended="office@example.com"))

    assert (calendar["METHOD"], event["STATUS"], event["UID"]) == (
        "CANCEL",
        "CANCELLED",
        "meetup-first@desk.example",
    )
    assert event["ORGANIZER"] == "mailto:office@example.com"
    calendar, event = read(meetup_ics(meetup(), "ko", URL, ended=""))
    assert (calendar["METHOD"], event["STATUS"]) == ("PUBLISH", "CANCELLED")
