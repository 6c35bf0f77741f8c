"""What may be saved, what publishing needs, when registration is open."""

# ruff: noqa: DTZ001 - times on the wall have no zone; that is what is tested

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft, TalkDraft, Unusable, times
from app.domain.meetups import missing_to_publish, require_change, why_not_open
from app.domain.writing.slugs import free_slug, is_slug, suggested_slug
from app.domain.writing.web_addresses import is_web_address

EVENING, NIGHT = dt.datetime(2026, 7, 14, 18, 30), dt.datetime(2026, 7, 14, 21)
GOOD = Draft(title_ko="동문 밋업", starts=EVENING, ends=NIGHT, capacity=40)
HOUR = dt.timedelta(hours=1)


def problems(**changes: Any) -> dict[str, str]:
    with pytest.raises(Unusable) as refusal:
        times(dataclasses.replace(GOOD, **changes))
    return {where: problem.code for where, problem in refusal.value.problems.items()}


def test_a_title_and_two_times_are_enough_to_save():
    found = times(GOOD)

    assert found.ends_at - found.starts_at == dt.timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"title_ko": ""}, "title_ko", "meetup_untitled"),
        ({"starts": None}, "starts", "time_missing"),
        ({"ends": None}, "ends", "time_missing"),
        ({"ends": EVENING}, "ends", "ends_before_start"),
        ({"ends": EVENING - HOUR}, "ends", "ends_before_start"),
        ({"zone": "Mars/Olympus"}, "zone", "unknown_zone"),
        ({"opens": EVENING - HOUR, "closes": EVENING - 2 * HOUR}, "closes", "window_ends_before_start"),
        ({"opens": NIGHT}, "opens", "window_opens_too_late"),
        ({"map_url": "javascript:alert(1)"}, "map_url", "bad_link"),
        ({"online_url": "zoom.example/j/1"}, "online_url", "bad_link"),
        ({"host_event_url": "https://user@evil.example"}, "host_event_url", "bad_link"),
        ({"contact_address": "nobody"}, "contact_address", "bad_address"),
        ({"slug": "Große Feier"}, "slug", "bad_slug"),
        ({"talks": (TalkDraft(speaker="김하늘"),)}, "talks-0-title_ko", "talk_untitled"),
    ],
)
def test_what_cannot_be_saved_is_named_at_its_field(changes: dict[str, Any], where: str, code: str):
    assert problems(**changes)[where] == code


def test_everything_wrong_is_said_at_once():
    assert set(problems(title_ko="", ends=EVENING, map_url="x")) == {"title_ko", "ends", "map_url"}


def test_a_night_that_skips_an_hour_and_one_that_repeats_it():
    spring, autumn = dt.datetime(2026, 3, 8, 2, 30), dt.datetime(2026, 11, 1, 1, 30)
    there = {"zone": "America/New_York", "ends": dt.datetime(2026, 12, 1)}

    assert problems(starts=spring, **there) == {"starts": "nonexistent_time"}
    assert problems(starts=autumn, **there) == {"starts": "ambiguous_time"}
    assert times(dataclasses.replace(GOOD, starts=autumn, later=True, **there)).starts_at.hour == 6


def test_a_talk_after_midnight_is_on_the_second_day():
    talks = (TalkDraft(title_en="Doors", clock=dt.time(18)), TalkDraft(title_en="Last", clock=dt.time(0, 30)))

    one_day = times(dataclasses.replace(GOOD, talks=talks)).talks
    overnight = times(dataclasses.replace(GOOD, talks=talks[1:], ends=dt.datetime(2026, 7, 15, 2))).talks

    assert one_day[0] == dt.datetime(2026, 7, 14, 9, tzinfo=dt.UTC)
    assert overnight[0] == dt.datetime(2026, 7, 14, 15, 30, tzinfo=dt.UTC)


def test_publishing_names_everything_that_is_missing():
    assert missing_to_publish(title=False, place=False, capacity=0, cohorts=False, contact=False, notice=False) == [
        "lacks_title", "lacks_place", "lacks_capacity", "lacks_cohorts", "lacks_contact", "lacks_notice",
    ]  # fmt: skip
    assert (
        missing_to_publish(title=True, place=True, capacity=1, cohorts=True, contact=True, notice=True) == []
    )


NOON = dt.datetime(2026, 7, 14, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("state", "opens", "closes", "hours", "reason"),
    [
        ("published", None, None, -1, None),
        ("published", None, None, 0, "registration_closed"),
        ("published", None, 1, 0, None),
        ("published", None, None, 3, "meetup_over"),
        ("published", -2, None, -3, "registration_not_yet"),
        ("published", -2, None, -2, None),
        ("published", None, -1, -1, "registration_closed"),
        ("closed", None, None, -1, "registration_closed"),
        ("draft", None, None, -1, "meetup_unpublished"),
        ("called_off", None, None, -1, "meetup_called_off"),
        ("called_off", None, None, 9, "meetup_called_off"),
    ],
)
def test_when_registration_is_open(
    state: str, opens: int | None, closes: int | None, hours: int, reason: str | None
):
    def at(offset: int | None) -> dt.datetime | None:
        return None if offset is None else NOON + offset * HOUR

    found = why_not_open(
        state, opens_at=at(opens), closes_at=at(closes), starts_at=NOON, ends_at=NOON + 3 * HOUR,
        at=NOON + hours * HOUR,
    )  # fmt: skip

    assert found == reason


@pytest.mark.parametrize(
    ("before", "after"), [("called_off", "published"), ("draft", "closed"), ("closed", "draft")]
)
def test_some_changes_do_not_exist(before: str, after: str):
    with pytest.raises(DomainError, match=f"{before}_not_{after}"):
        require_change(before, after)


@pytest.mark.parametrize(
    ("ko", "en", "slug"),
    [
        ("동문 밋업", "The First Meetup!", "the-first-meetup"),
        ("3기 동문 밋업", "", "3gi-dongmun-miteop"),
        ("同門", "", "meetup-2026-07-14"),
        ("", "word " * 40, "-".join(["word"] * 11)),
    ],
)
def test_an_address_is_made_of_the_title(ko: str, en: str, slug: str):
    made = suggested_slug(ko, en, EVENING.date())

    assert made == slug
    assert is_slug(made)


def test_a_taken_address_gets_a_number():
    assert free_slug("party", {"party", "party-2", "partytime"}) == "party-3"


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "https://a b.example",
     "https://x.example\\@y", "ftp://x.example", "https://a@b.example", 'https://x.example/"onclick=', "http://[::1"],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(text: str):
    assert not is_web_address(text)
    assert is_web_address("https://map.example/place?q=강남")
