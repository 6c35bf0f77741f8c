"""Companions on one ticket take seats of the capacity."""

from __future__ import annotations

import pytest
from flask import Flask

from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.models import AnswerSheet, AuditEntry, Meetup, Registration, Source, Status
from app.services.organizing import attendee
from app.services.registering import answer_sheets, companions, registrations
from app.services.seating import seat_counts
from tests.factories import make_meetup, make_registration


def seating(meetup: Meetup) -> tuple[int, int, int]:
    end_reading()
    found = seat_counts.seating_of(db.session(), db.session.get_one(Meetup, meetup.id))
    return found.held, found.free, found.over_by


def status(registration: Registration) -> Status:
    end_reading()
    return db.session.get_one(Registration, registration.id).status


def test_companions_take_seats_and_giving_them_up_moves_the_next_in_line_up(app: Flask):
    meetup = make_meetup(capacity=3)
    host = make_registration(meetup)
    companions.set_number(host.id, 2, "account:1")
    assert seating(meetup) == (3, 0, 0)
    waiting = [make_registration(meetup, status=Status.WAITLISTED) for _ in range(2)]

    companions.set_number(host.id, 1, "account:1")

    assert [status(each) for each in waiting] == [Status.CONFIRMED, Status.WAITLISTED]
    assert seating(meetup) == (3, 0, 0)


def test_what_a_companion_answered_goes_with_them_when_an_organizer_says_fewer_come(app: Flask):
    host = make_registration(make_meetup(capacity=9))
    companions.set_number(host.id, 2, "account:1")
    with transaction() as session:
        for companion in range(3):
            about = {"registration_id": host.id, "companion": companion, "questions_version": 1}
            session.add(AnswerSheet(**about, answers={"q1": "채식"}, actor="person"))

    companions.set_number(host.id, 1, "account:1")

    end_reading()
    assert sorted(answer_sheets.newest(host.id)) == [0, 1]


def test_cancelling_frees_the_companions_seats_too(app: Flask):
    meetup = make_meetup(capacity=3)
    host = make_registration(meetup)
    companions.set_number(host.id, 2, "account:1")
    waiting = [make_registration(meetup, status=Status.WAITLISTED) for _ in range(4)]

    registrations.cancel(host.id)

    assert [status(each) for each in waiting] == [Status.CONFIRMED] * 3 + [Status.WAITLISTED]


def test_more_companions_than_seats_take_a_second_yes_and_nobody_moves_up_until_it_fits(app: Flask):
    meetup = make_meetup(capacity=2)
    host, other = make_registration(meetup), make_registration(meetup)
    waiting = make_registration(meetup, status=Status.WAITLISTED)

    with pytest.raises(DomainError) as refused:
        companions.set_number(host.id, 2, "account:1")
    assert (refused.value.code, refused.value.params["over"]) == ("companions_over", 2)
    assert companions.set_number(host.id, 2, "account:1", over=True) == 2
    registrations.cancel(other.id)

    assert status(waiting) is Status.WAITLISTED
    assert seating(meetup) == (3, 0, 1)


def test_setting_the_same_number_twice_writes_once_and_the_history_says_who(app: Flask):
    host = make_registration(make_meetup())

    companions.set_number(host.id, 2, "account:1")
    companions.set_number(host.id, 2, "account:1")

    end_reading()
    assert db.session.query(AuditEntry).filter_by(act=companions.ACT).count() == 1
    (moment,) = attendee.history(host.id)
    assert (moment.act, moment.actor, moment.reason) == ("companions_set", "account:1", "+0 → +2")


def test_only_a_confirmed_seat_brings_companions_and_not_a_crowd(app: Flask):
    meetup = make_meetup()
    host, waiting = make_registration(meetup), make_registration(meetup, status=Status.WAITLISTED)
    inside = make_registration(meetup, companions=3, admitted_count=3)

    codes = []
    for registration, number in ((waiting, 1), (host, 21), (host, -1), (inside, 1)):
        with pytest.raises(DomainError) as refused:
            companions.set_number(registration.id, number, "account:1")
        codes.append(refused.value.code)

    assert codes == [
        "companions_without_seat",
        "companions_too_many",
        "companions_too_many",
        "companions_inside",
    ]


def test_a_walk_in_that_takes_no_seat_brings_companions_that_take_none(app: Flask):
    meetup = make_meetup(capacity=1, door_counts_walk_ins=False)
    make_registration(meetup)
    walk_in = make_registration(meetup, source=Source.WALK_IN)

    assert companions.set_number(walk_in.id, 2, "account:1") == 0

    assert seating(meetup) == (1, 0, 0)
