"""Introductions on the pages: at the personal link and at the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from app.db import end_reading, transaction
from app.domain.introductions import Introduction
from app.domain.registering.registrations import Status
from app.models import Meetup, Program, Registration, Role
from app.services.meeting import introductions
from app.services.personal import personal_links
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program(slug="bootcamp")


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, cohorts=[make_cohort(program, 1)], slug="spring")


def link_of(row: Registration) -> str:
    return f"/r/{row.reference}/{personal_links.secret_of(row)}"


def place(meetup: Meetup, name: str) -> Registration:
    cohort = meetup.cohorts[0]
    return make_registration(meetup, make_alumnus(cohort, name), cohort=cohort)


def test_attendees_meet_by_cards_once_the_organizer_lets_them(client: Browser, meetup: Meetup) -> None:
    sky, sea = place(meetup, "김하늘"), place(meetup, "이바다")
    assert "Who else comes" not in client.get(link_of(sky)).text
    assert client.get(f"{link_of(sky)}/introductions").location == link_of(sky)
    introductions.allow(meetup.id, True, "account:1")

    refused = submit(
        client, f"{link_of(sky)}/introduction", {"nickname": "<b>하늘이</b>", "link": "nonsense space"}
    )
    kept = submit(
        client, f"{link_of(sky)}/introduction", {"nickname": "<b>하늘이</b>", "link": "example.com/sky"}
    )
    seen = client.get(f"{link_of(sea)}/introductions").text

    assert refused.status_code == 422
    assert 'value="&lt;b&gt;하늘이&lt;/b&gt;"' in refused.text
    assert kept.status_code == 303
    assert "김하늘" in seen
    assert "&lt;b&gt;하늘이" in seen
    assert 'href="https://example.com/sky"' in seen
    assert "이바다" not in seen
    submit(client, f"{link_of(sky)}/introduction", action=f"{link_of(sky)}/introduction/removal")
    assert "김하늘" not in client.get(f"{link_of(sea)}/introductions").text


def test_a_card_stands_on_no_badge_unless_its_writer_ticks_that(client: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    introductions.allow(meetup.id, True, "account:1")
    page, ticked = f"{link_of(row)}/introduction", 'aria-describedby="on_badge-hint" checked'

    begun = client.get(page).text
    submit(client, page, {"nickname": "하늘이"})
    unticked = _on_badge(row)
    refused = submit(client, page, {"nickname": "가" * 41, "on_badge": "yes"})
    submit(client, page, {"nickname": "하늘이", "on_badge": "yes"})

    assert ('name="on_badge"' in begun, ticked in begun) == (True, False)
    assert (refused.status_code, ticked in refused.text) == (422, True)
    assert (unticked, _on_badge(row), ticked in client.get(page).text) == (False, True, True)


def _on_badge(row: Registration) -> bool:
    end_reading()
    card = introductions.of_registration(row.id)
    assert card
    return card.on_badge


def test_the_desk_opens_and_ends_it_and_hides_a_card(
    client: Browser, program: Program, meetup: Meetup
) -> None:
    sign_in(client, make_member(program, Role.ORGANIZER))
    desk = "/desk/bootcamp/meetups/spring/introductions"
    row = place(meetup, "김하늘")

    submit(client, desk, action=f"{desk}/setting")
    introductions.write(row.id, Introduction(about="반가워요"))
    hide = f"{desk}/{row.reference}/visibility"
    submit(client, desk, {"reason": "an advertisement"}, action=hide)
    hidden = client.get(desk).text
    told = client.get("/desk/bootcamp/records").text

    assert "반가워요" in hidden
    assert "Hidden" in hidden
    assert "an advertisement" in told
    assert "hidden your card" in client.get(f"{link_of(row)}/introduction").text
    submit(client, desk, action=hide)
    assert "Hide it" in client.get(desk).text
    submit(client, desk, action=f"{desk}/setting")
    assert "Not used at this meetup" in client.get(desk).text


def test_a_writer_is_told_who_sees_their_card(client: Browser, meetup: Meetup) -> None:
    introductions.allow(meetup.id, True, "account:1")
    seated, waiting, hidden = place(meetup, "김하늘"), place(meetup, "이바다"), place(meetup, "박산")
    with transaction() as session:
        session.get_one(Registration, waiting.id).status = Status.WAITLISTED
    introductions.write(hidden.id, Introduction(about="광고"))
    introductions.hide(hidden.id, True, "account:1")
    told = []

    for row in (seated, waiting, hidden):
        submit(client, f"{link_of(row)}/introduction", {"nickname": "별명"})
        told.append(client.get(link_of(row)).text)

    assert "Those who have a seat see it." in told[0]
    assert "it is shown once you have a seat" in told[1]
    assert "the organizers have hidden your card" in told[2]
    assert "Yours is shown once you have a seat" in client.get(f"{link_of(waiting)}/introduction").text


def test_the_desk_asks_as_much_for_many_cards_as_for_one(client: Browser, program: Program) -> None:
    counted = []
    for number in (1, 6):
        meetup = make_meetup(program, cohorts=[make_cohort(program, number)])
        introductions.allow(meetup.id, True, "account:1")
        for who in range(number):
            introductions.write(place(meetup, f"김하나{who}").id, Introduction(about="반가워요"))
        end_reading()
        sign_in(client, make_member(program, Role.ORGANIZER))
        with statements() as asked:
            client.get(f"/desk/bootcamp/meetups/{meetup.slug}/introductions")
        counted.append(len(asked))

    assert counted[0] == counted[1]
