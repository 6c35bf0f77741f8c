"""Cards by which attendees introduce themselves: their own, for those who have a seat, gone when they want it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask

from app.clock import now
from app.db import end_reading
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.introductions import SHOWN_AFTER, Introduction
from app.domain.meetup_drafts import Unusable
from app.domain.registering.registrations import Status
from app.models import Meetup, Registration
from app.services.meeting import introductions
from app.services.personal import erasure, own_data
from app.services.registering import registrations
from tests.factories import make_alumnus, make_cohort, make_meetup, make_registration
from tests.support.counting import statements
from tests.support.traces import traces_of

pytestmark = pytest.mark.usefixtures("app")
CARD = Introduction(nickname=" 하늘이 ", about="논문을\r\n\r\n읽어요", link="example.com/sky")


def place(meetup: Meetup, name: str = "", status: Status = Status.CONFIRMED) -> Registration:
    cohort = meetup.cohorts[0]
    return make_registration(meetup, make_alumnus(cohort, name or None), cohort=cohort, status=status)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort(None, 1)])
    introductions.allow(meetup.id, True, "account:1")
    end_reading()
    return meetup


def names(meetup: Meetup) -> list[str]:
    end_reading()
    return [card.registration.person.name for card in introductions.shown(meetup.id, start=0, size=50)]


def test_a_card_is_kept_as_meant_and_shown_to_those_with_a_seat_alone(meetup: Meetup) -> None:
    seated, waiting = place(meetup, "하늘"), place(meetup, "바다", Status.WAITLISTED)

    for row in (seated, waiting):
        introductions.write(row.id, CARD)

    card = introductions.of_registration(seated.id)
    assert card
    assert (card.nickname, card.about, card.link) == ("하늘이", "논문을\n\n읽어요", "https://example.com/sky")
    assert names(meetup) == ["하늘"]
    assert introductions.may_look(seated)
    assert not introductions.may_look(waiting)


def test_who_cancels_is_shown_no_more_and_who_takes_it_back_leaves_nothing(meetup: Meetup) -> None:
    stays, goes = place(meetup, "하늘"), place(meetup, "바다")
    for row in (stays, goes):
        introductions.write(row.id, CARD)

    registrations.cancel(goes.id)
    assert names(meetup) == ["하늘"]
    for _ in range(2):
        introductions.take_back(stays.id)

    assert names(meetup) == []
    assert introductions.of_registration(stays.id) is None


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        (Introduction(nickname="가" * 41), "nickname", "introduction_too_long"),
        (Introduction(about="900101-1234567"), "about", "resident_number_typed"),
        (Introduction(link="javascript:alert(1)"), "link", "introduction_link"),
        (Introduction(link="http://example.com"), "link", "introduction_link"),
        (Introduction(link="https://me@example.com"), "link", "introduction_link"),
    ],
)
def test_what_cannot_be_shown_is_refused_at_its_field(
    meetup: Meetup, typed: Introduction, field: str, code: str
) -> None:
    row = place(meetup)

    with pytest.raises(Unusable) as refused:
        introductions.write(row.id, typed)

    assert {name: why.code for name, why in refused.value.problems.items()} == {field: code}


def test_an_empty_card_one_that_nobody_asked_for_and_one_after_its_time_are_refused(meetup: Meetup) -> None:
    row, elsewhere = place(meetup), place(make_meetup(cohorts=list(meetup.cohorts)))

    with pytest.raises(DomainError, match="introduction_empty"):
        introductions.write(row.id, Introduction(nickname="  "))
    with pytest.raises(DomainError, match="introductions_closed"):
        introductions.write(elsewhere.id, CARD)
    with (
        time_machine.travel(meetup.ends_at + SHOWN_AFTER + dt.timedelta(seconds=1)),
        pytest.raises(DomainError, match="introductions_closed"),
    ):
        introductions.write(row.id, CARD)


def test_an_organizer_hides_a_card_and_shows_it_again(meetup: Meetup) -> None:
    row = place(meetup, "하늘")
    introductions.write(row.id, CARD)

    introductions.hide(row.id, True, "account:1")
    assert names(meetup) == []
    assert introductions.number(meetup.id) == 1
    introductions.hide(row.id, False, "account:1")

    assert names(meetup) == ["하늘"]


def test_a_hidden_card_stays_hidden_however_its_writer_writes_it_again(meetup: Meetup) -> None:
    row = place(meetup, "하늘")
    introductions.write(row.id, CARD)
    introductions.hide(row.id, True, "account:1", "an advertisement")

    introductions.take_back(row.id)
    end_reading()
    assert introductions.all_cards(meetup.id, start=0, size=9) == []
    assert introductions.number(meetup.id) == 0
    assert traces_of(("하늘이", "example.com/sky")) == []
    introductions.write(row.id, CARD)
    assert names(meetup) == []
    registrations.cancel(row.id)
    again = make_registration(meetup, row.person, cohort=meetup.cohorts[0])
    introductions.write(again.id, CARD)
    assert names(meetup) == []
    introductions.hide(again.id, False, "account:1")

    assert names(meetup) == ["하늘"]


def test_erasing_deletes_the_card_and_the_download_has_it(meetup: Meetup) -> None:
    row = place(meetup, "한빛누리")
    introductions.write(row.id, Introduction(nickname="누리누리", about="한빛누리예요"))

    told = own_data.collect(row.person_id, "ko")["registrations"][0]["introduction"]
    erasure.erase(row.person_id, "person", Asked.LINK)

    assert [(each["nickname"], each["about_me"]) for each in told] == [("누리누리", "한빛누리예요")]
    assert traces_of(("누리누리", "한빛누리예요")) == []


def test_a_page_of_cards_costs_as_many_questions_as_one_card(meetup: Meetup) -> None:
    introductions.write(place(meetup).id, CARD)
    with statements() as one:
        names(meetup)
    for _ in range(10):
        introductions.write(place(meetup).id, CARD)

    with statements() as many:
        assert len(names(meetup)) == 11

    assert len(many) == len(one)
    assert now() < meetup.ends_at
