"""What an attendee's page offers of somebody's place, and what it says of whom no mail reaches: only what is true, and can be done."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.seating.modes import Mode
from app.models import Meetup, Program, Registration, Status
from app.services.registering import registrations
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
from tests.support.offers import later

pytestmark = pytest.mark.one_database
ACTOR = "account:1"


@pytest.fixture
def program(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    program = make_program()
    sign_in(client, make_member(program))
    return program


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, cohorts=[make_cohort(program, 1)], capacity=2)


def place(meetup: Meetup, name: str, status: Status = Status.CONFIRMED, **fields: object) -> Registration:
    cohort = meetup.cohorts[0]
    return make_registration(meetup, make_alumnus(cohort, name), status, cohort, **fields)


def without_address(row: Registration) -> Registration:
    with transaction() as session:
        session.get_one(Registration, row.id).address = ""
    return row


def here(row: Registration) -> str:
    meetup = db.session.get_one(Meetup, row.meetup_id)
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{row.reference}"


def shown(client: Browser, row: Registration) -> str:
    return client.get(here(row)).text


def state(row: Registration) -> Status:
    end_reading()
    return db.session.get_one(Registration, row.id, populate_existing=True).status


def test_a_cancellation_is_taken_back_on_their_page_within_the_hour(client: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하나")
    assert "It can be undone within an hour" in shown(client, row)
    registrations.decline(row.id, ACTOR, "잘못 눌렀어요")

    page = shown(client, row)
    answer = client.post(f"{here(row)}/cancellation/undo", follow_redirects=True)

    assert "Take the cancellation back" in page
    assert "Taken back. The person is told by mail." in answer.text
    assert state(row) is Status.CONFIRMED, "a seat is free"
    assert "Take the cancellation back" not in answer.text


def test_after_the_hour_or_once_they_registered_again_no_undo_is_offered(
    client: Browser, meetup: Meetup
) -> None:
    late, again = place(meetup, "김하나"), place(meetup, "이두리")
    for row in (late, again):
        registrations.decline(row.id, ACTOR, "x")
    make_registration(meetup, again.person, Status.CONFIRMED, meetup.cohorts[0])

    assert "Take the cancellation back" not in shown(client, again)
    with later(dt.timedelta(minutes=61)):
        sign_in(client, make_member(meetup.program))
        assert "Take the cancellation back" not in shown(client, late)
        refused = client.post(f"{here(late)}/cancellation/undo", follow_redirects=True).text
    assert "It could be undone for an hour." in refused
    assert state(late) is Status.DECLINED


@pytest.mark.parametrize(
    ("status", "mode", "reason", "words"),
    [
        (Status.WAITLISTED, Mode.FIRST_COME, "오래 기다렸어요", "Give a seat"),
        (Status.APPLIED, Mode.APPROVAL, "", "Approve"),
    ],
)
def test_who_waits_or_applied_gets_a_seat_on_their_page(
    client: Browser, program: Program, status: Status, mode: Mode, reason: str, words: str
) -> None:
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1)], capacity=2, mode=mode)
    first, row = place(meetup, "김하나", status), place(meetup, "이두리", status)

    page = shown(client, row)
    answer = submit(client, here(row), {"reason": reason}, action=f"{here(row)}/seat", follow_redirects=True)

    assert words in page
    assert "Seats: they take 1 of the 2 that are free." in page
    assert ("1 person who waits ahead of them" in page) is (status is Status.WAITLISTED)
    assert "They have a seat." in answer.text
    assert (state(row), state(first)) == (Status.CONFIRMED, status)


def test_a_seat_from_the_waitlist_has_a_reason(client: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하나", Status.WAITLISTED)

    answer = submit(client, here(row), {"reason": " "}, action=f"{here(row)}/seat")

    assert answer.status_code == 422
    assert "Write the reason." in answer.text
    assert state(row) is Status.WAITLISTED


def test_no_seat_is_offered_where_none_is_free_and_one_that_went_meanwhile_is_refused(
    client: Browser, meetup: Meetup
) -> None:
    row = place(meetup, "김하나", Status.WAITLISTED)
    (mark,) = re.findall(r'name="mark" value="([^"]*)"', shown(client, row))
    place(meetup, "이두리"), place(meetup, "박세찬")

    page = shown(client, row)
    refused = client.post(f"{here(row)}/seat", data={"reason": "x", "mark": mark}, follow_redirects=True)

    assert "No seat is left for them" in page
    assert "Give a seat…" not in page
    assert "alert" in refused.text
    assert state(row) is Status.WAITLISTED


def test_a_seat_for_somebody_whom_another_organizer_seated_meanwhile_says_so(
    client: Browser, meetup: Meetup
) -> None:
    row = place(meetup, "김하나")

    answer = client.post(f"{here(row)}/seat", data={"reason": "x", "mark": ""})

    assert answer.status_code == 303
    assert "Their status has changed meanwhile" in client.get(answer.location).text


def test_before_a_draw_nobody_approves_by_hand(client: Browser, program: Program) -> None:
    meetup = make_meetup(
        program,
        cohorts=[make_cohort(program, 1)],
        mode=Mode.DRAW,
        draw_until=now() + dt.timedelta(days=1),
        draw_seats=1,
    )

    assert "Approve" not in shown(client, place(meetup, "김하나", Status.APPLIED))


def test_whom_no_mail_reaches_is_promised_none(client: Browser, meetup: Meetup) -> None:
    row = without_address(place(meetup, "김하나"))

    page = shown(client, row)

    assert "There is no e-mail address of theirs, so nothing is mailed to them." in page
    assert "once more" not in page
    assert "goes out by mail" not in page
    assert "told by mail" not in page
    reissued = client.post(f"{here(row)}/tickets", data={"reason": "x"}, follow_redirects=True).text
    assert "The old ticket no longer works. No mail goes out." in reissued
    gone = client.post(f"{here(row)}/cancellation", data={"reason": "x"}, follow_redirects=True).text
    assert "Tell them: there is no address." in gone


def test_nobody_who_came_in_is_told_to_come(client: Browser, meetup: Meetup) -> None:
    row = without_address(place(meetup, "김하나", admitted_at=now(), admitted_count=1))
    outside = without_address(place(meetup, "이두리"))

    assert "If no mail arrives" not in shown(client, row)
    assert "If no mail arrives" in shown(client, outside)
