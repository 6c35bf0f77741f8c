"""Companions that people bring by themselves: free seats that nobody waits for, and no more."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading
from app.domain.errors import DomainError
from app.models import AnswerSheet, AuditEntry, Meetup, Registration, Role, Status
from app.services.registering import answers, companions, question_sets
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_question,
    make_questions,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.fresh import path_of
from tests.support.registering import register


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort()], capacity=4, companions_most=2)


def comes(meetup: Meetup) -> Registration:
    return register(meetup, make_alumnus(meetup.cohorts[0]))


def fresh(row: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, row.id, populate_existing=True)


def test_the_person_brings_and_drops_people_on_a_page_that_says_until_when(
    client: Browser, meetup: Meetup
) -> None:
    held = comes(meetup)
    page = f"{path_of(held)}/companions"
    assert page in client.get(path_of(held)).text
    told = client.get(page).text
    assert "More people are possible until" in told
    assert told.count('name="companions"') == 3

    assert submit(client, page, {"companions": "2"}).status_code == 303
    assert fresh(held).companions == 2
    assert submit(client, page, {"companions": "1"}).status_code == 303
    assert fresh(held).companions == 1
    acts = select(AuditEntry.actor).where(AuditEntry.act == companions.ACT)
    assert db.session.scalars(acts).all() == ["person", "person"]


def test_a_party_never_overtakes_the_line_and_fewer_move_it_up(meetup: Meetup) -> None:
    held, *_others = (comes(meetup) for _ in range(4))
    waiting = comes(meetup)
    assert waiting.status is Status.WAITLISTED

    with pytest.raises(DomainError, match="companions_no_seats"):
        companions.set_own(held.id, 1)
    assert fresh(held).companions == 0


def test_seats_are_never_exceeded_and_a_dropped_companion_frees_one(meetup: Meetup) -> None:
    first, second = comes(meetup), comes(meetup)
    companions.set_own(first.id, 2)
    with pytest.raises(DomainError, match="companions_no_seats"):
        companions.set_own(second.id, 1)
    waiting = comes(meetup)
    assert waiting.status is Status.WAITLISTED

    companions.set_own(first.id, 1)

    assert fresh(waiting).status is Status.CONFIRMED


def test_more_than_allowed_is_refused_and_what_an_organizer_gave_can_be_kept(meetup: Meetup) -> None:
    held = comes(meetup)
    with pytest.raises(DomainError, match="companions_too_many"):
        companions.set_own(held.id, 3)
    companions.set_number(held.id, 3, "account:1")

    companions.set_own(held.id, 3)

    assert (fresh(held).companions, companions.most_of(fresh(held))) == (3, 3)


def test_past_the_organizers_date_fewer_may_come_and_no_more(client: Browser, meetup: Meetup) -> None:
    held = comes(meetup)
    companions.set_own(held.id, 1)
    question_sets.set_deadline(meetup.id, now() + dt.timedelta(hours=1), "account:1")
    page = f"{path_of(fresh(held))}/companions"

    with time_machine.travel(now() + dt.timedelta(hours=2), tick=False):
        assert "fewer may come" in client.get(page).text
        assert submit(client, page, {"companions": "0"}).status_code == 303
        with pytest.raises(DomainError, match="companions_closed"):
            companions.set_own(held.id, 1)
        assert client.get(page).status_code == 302


def test_where_nothing_is_allowed_nothing_is_offered(client: Browser, app: Flask) -> None:
    plain = make_meetup(cohorts=[make_cohort()])
    held = comes(plain)

    assert "/companions" not in client.get(path_of(held)).text
    assert client.get(f"{path_of(held)}/companions").status_code == 302


def test_a_new_companion_is_asked_and_a_dropped_ones_answers_go(client: Browser, meetup: Meetup) -> None:
    make_questions(meetup, make_question("q1", of_companions=True))
    held = comes(meetup)
    page = f"{path_of(held)}/companions"

    asked = submit(client, page, {"companions": "1"})
    assert asked.location.endswith("/answers")
    answers.change(held.id, {1: {"q1": ["민수"]}}, shown=1, seen=answers.standing(held, at_desk=False))
    submit(client, page, {"companions": "0"})

    end_reading()
    assert db.session.scalars(select(AnswerSheet).where(AnswerSheet.companion == 1)).all() == []


def test_the_organizer_allows_them_on_the_page_of_the_seats(app: Flask, meetup: Meetup) -> None:
    organizer = app.test_client()
    organizer.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(organizer, make_member(meetup.program, Role.ORGANIZER))
    page = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/seats"
    action = f"{page}/companions"

    assert submit(organizer, page, {"companions": "21"}, action=action).status_code == 422
    assert submit(organizer, page, {"companions": "x"}, action=action).status_code == 422
    assert submit(organizer, page, {"companions": "5"}, action=action).status_code == 303

    end_reading()
    assert db.session.scalars(select(Meetup.companions_most).where(Meetup.id == meetup.id)).one() == 5


def test_rush_of_parties_for_the_last_seats_takes_no_more_than_there_are(app: Flask, meetup: Meetup) -> None:
    ids = [comes(meetup).id for _ in range(2)]
    end_reading()

    def bring(registration_id: int) -> str:
        with app.app_context():
            try:
                companions.set_own(registration_id, 2)
                return "brought"
            except DomainError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(bring, ids * 4))

    assert set(seen) == {"brought", "companions_no_seats"}
    end_reading()
    taken = select(func.sum(1 + Registration.companions)).where(Registration.status == Status.CONFIRMED)
    assert db.session.scalar(taken) == 4
