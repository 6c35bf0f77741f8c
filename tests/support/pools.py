"""Meetups that keep seats for cohorts and for guests, and people of these cohorts who register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.clock import now
from app.db import db, end_reading
from app.domain.seating.pools import Kept
from app.domain.seating.seat_pools import SeatPools
from app.models import Cohort, Meetup, Person, Registration
from app.services.seating import seat_counts, seat_pools
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program
from tests.support.registering import register

ORGANIZER = "account:7"
DAY = dt.timedelta(days=1)


def of_two_cohorts(seats: int, **fields: Any) -> tuple[Meetup, Cohort, Cohort]:
    program = make_program()
    first, third = make_cohort(program, 1), make_cohort(program, 3)
    return make_meetup(cohorts=[first, third], capacity=seats, **fields), first, third


def keep(meetup: Meetup, reserved: int = 0, until: dt.datetime | None = None, **quotas: int) -> dt.datetime:
    """keep(meetup, c3=2): two seats for cohort 3, until tomorrow unless told. When that is."""
    until = until or now().replace(second=0, microsecond=0) + DAY
    end_reading()
    seats_of = {
        cohort.id: quotas[f"c{cohort.ordinal}"] for cohort in meetup.cohorts if f"c{cohort.ordinal}" in quotas
    }
    seat_pools.save(meetup.id, SeatPools(reserved=reserved, quotas=seats_of, until=until), ORGANIZER)
    return until


def comes(meetup: Meetup, cohort: Cohort, person: Person | None = None) -> Registration:
    end_reading()
    return register(db.session.get_one(Meetup, meetup.id), person or make_alumnus(cohort))


def kept(meetup: Meetup) -> Kept:
    end_reading()
    return seat_counts.seating_of(db.session(), db.session.get_one(Meetup, meetup.id)).kept
