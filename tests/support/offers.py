"""Meetups that offer freed seats, and the clock that lets offers pass."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.seating.offers import FreedSeats
from app.models import Meetup, Registration, RegistrationEvent, Status
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.support.registering import register

HOUR = dt.timedelta(hours=1)


def offering(*, seats: int, waiting: int, **fields: Any) -> tuple[Meetup, list[Registration]]:
    """A full meetup that offers freed seats: its registrations in line, the first `seats` confirmed."""
    cohort = make_cohort()
    fields = {"freed_seats": FreedSeats.OFFER} | fields
    meetup = make_meetup(cohorts=[cohort], capacity=seats, **fields)
    return meetup, [register(meetup, make_alumnus(cohort)) for _ in range(seats + waiting)]


def states(meetup: Meetup) -> list[Status]:
    """The states of all registrations, in the order in which they came."""
    end_reading()
    query = select(Registration.status).where(Registration.meetup_id == meetup.id)
    return list(db.session.scalars(query.order_by(Registration.id)))


def fresh(registration: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def history(registration: Registration) -> list[tuple[Status, str, str]]:
    """What became of it, by whom and why; the oldest first."""
    end_reading()
    query = select(RegistrationEvent).where(RegistrationEvent.registration_id == registration.id)
    events = db.session.scalars(query.order_by(RegistrationEvent.id))
    return [(event.after, event.actor, event.reason) for event in events]


def later(by: dt.timedelta) -> time_machine.travel:
    """The clock, so much further."""
    return time_machine.travel(now() + by, tick=False)


def with_companions(registration: Registration, number: int) -> None:
    """As many companions as that, also for somebody who waits."""
    with transaction() as session:
        session.get_one(Registration, registration.id).companions = number
    end_reading()
