"""How many: for the overview and the list of meetups. As many queries for five people as for 5,000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, func, null, select, union_all

from app.db import db
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.seating.seats import Seating
from app.models import IS_ACTIVE, Cohort, Meetup, Registration, RosterEntry
from app.services.door import door_counts
from app.services.organizing.kept_counts import of_people
from app.services.registering import eligibility
from app.services.seating import seat_counts

CANCELLED = frozenset({Status.CANCELLED, Status.DECLINED})


@dataclass
class Count:
    """Registrations by what they are; `eligible` people could register, and `silent` of them have not. Companions stand
    apart."""

    eligible: int = 0
    silent: int = 0
    registered: int = 0
    confirmed: int = 0
    offered: int = 0  # a seat is held for them until they accept it
    waiting: int = 0
    applied: int = 0
    pending: int = 0  # open list checks
    cancelled: int = 0  # by themselves or by an organizer
    companions: int = 0  # of those who are confirmed
    companions_offered: int = 0
    came: int = 0
    companions_came: int = 0

    @property
    def held(self) -> int:
        """Seats, by whomever: of the confirmed, of those who are offered one, and of their companions."""
        return self.confirmed + self.companions + self.offered + self.companions_offered

    def add(self, status: Status, number: int, companions: int, came: tuple[int, int]) -> None:
        """So many of this status; `came`: of them, and with their companions."""
        self.registered += number if status in ACTIVE else 0
        self.confirmed += number if status is Status.CONFIRMED else 0
        self.companions += companions if status is Status.CONFIRMED else 0
        self.offered += number if status is Status.OFFERED else 0
        self.companions_offered += companions if status is Status.OFFERED else 0
        self.waiting += number if status is Status.WAITLISTED else 0
        self.applied += number if status is Status.APPLIED else 0
        self.pending += number if status is Status.PENDING else 0
        self.cancelled += number if status in CANCELLED else 0
        self.came += came[0] if status in ACTIVE else 0
        self.companions_came += came[1] - came[0] if status in ACTIVE else 0


@dataclass
class Numbers:
    """A meetup in figures. `cohorts` holds (cohort, count) in their order."""

    capacity: int
    total: Count = field(default_factory=Count)
    cohorts: list[tuple[Cohort | None, Count]] = field(default_factory=list)
    beyond_seats: int = 0  # walk-ins that take none

    @property
    def seating(self) -> Seating:
        return Seating(self.capacity, self.total.held - self.beyond_seats, self.total.waiting)


def of_meetup(meetup: Meetup) -> Numbers:
    """Four grouped queries and the cohorts; of a crowd, those who could register are counted every few seconds."""
    counts: dict[int | None, Count] = {cohort.id: Count() for cohort in meetup.cohorts}
    numbers, came = Numbers(meetup.capacity), _came(meetup)
    for cohort_id, status, number, companions in db.session.execute(_registrations(meetup)):
        here = came.get((cohort_id, status), (0, 0))
        counts.setdefault(cohort_id, Count()).add(status, number, companions, here)
        numbers.total.add(status, number, companions, here)
    key = "eligible", meetup.id, *sorted(cohort.id for cohort in meetup.cohorts), meetup.audience, meetup.mode
    eligible, answered = of_people(
        numbers.total.registered, key, lambda: (_eligible(meetup), _answered(meetup))
    )
    for count, cohort_id in [(numbers.total, None), *((counts[each], each) for each in eligible if each)]:
        count.eligible = eligible.get(cohort_id, 0)
        count.silent = count.eligible - answered.get(cohort_id, 0)
    numbers.beyond_seats = seat_counts.beyond_seats(db.session(), meetup)
    known = {cohort.id: cohort for cohort in _cohorts(counts)}
    numbers.cohorts = [(known.get(key) if key else None, counts[key]) for key in _in_order(counts, known)]
    return numbers


def confirmed_of_list(meetup: Meetup) -> dict[int, int]:
    """By cohort: how many are confirmed of those who may come. Guests, and who is on its roster no more, are not among them."""
    query = (
        select(Registration.cohort_id, func.count())
        .join(
            RosterEntry,
            and_(
                RosterEntry.person_id == Registration.person_id,
                RosterEntry.cohort_id == Registration.cohort_id,
            ),
        )
        .where(
            Registration.meetup_id == meetup.id,
            Registration.status == Status.CONFIRMED,
            eligibility.may_come(meetup),
        )
        .group_by(Registration.cohort_id)
    )
    return {cohort_id: number for cohort_id, number in db.session.execute(query) if cohort_id}


def _registrations(meetup: Meetup) -> Select[*tuple[Any, ...]]:
    """With what stands in an index, and nothing else: of 100,000 rows none is read."""
    return (
        select(Registration.cohort_id, Registration.status, func.count(), func.sum(Registration.companions))
        .where(Registration.meetup_id == meetup.id)
        .group_by(Registration.status, Registration.cohort_id)
    )


def _came(meetup: Meetup) -> dict[tuple[int | None, Status], tuple[int, int]]:
    """How many came in, and how many people with their companions, by cohort and status; from an index, too."""
    rows = db.session.execute(
        select(Registration.cohort_id, Registration.status, func.count(), func.sum(door_counts.PARTY_IN))
        .where(Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None))
        .group_by(Registration.status, Registration.cohort_id)
    )
    return {(cohort_id, status): (number, int(people)) for cohort_id, status, number, people in rows}


def _eligible(meetup: Meetup) -> dict[int | None, int]:
    """By cohort, and in all (None): someone in two cohorts is one person."""
    return _people(select(RosterEntry.cohort_id, func.count()).where(eligibility.may_come(meetup)))


def _answered(meetup: Meetup) -> dict[int | None, int]:
    """Likewise, of these: who has a registration that stands, by whichever cohort."""
    registered = select(Registration.person_id).where(Registration.meetup_id == meetup.id, IS_ACTIVE)
    of_those = select(RosterEntry.cohort_id, func.count()).where(RosterEntry.person_id.in_(registered))
    return _people(of_those.where(eligibility.may_come(meetup)))


def _people(entries: Select[*tuple[Any, ...]]) -> dict[int | None, int]:
    """One statement. The people of one cohort are its entries; those of all are not."""
    people = func.count(RosterEntry.person_id.distinct())
    in_all = entries.with_only_columns(null(), people, maintain_column_froms=True)
    rows = db.session.execute(union_all(entries.group_by(RosterEntry.cohort_id), in_all))
    return dict(rows.all())


def _cohorts(counts: dict[int | None, Count]) -> Sequence[Cohort]:
    ids = [key for key in counts if key]
    return db.session.scalars(select(Cohort).where(Cohort.id.in_(ids)).order_by(Cohort.ordinal)).all()


def _in_order(counts: dict[int | None, Count], known: dict[int, Cohort]) -> list[int | None]:
    return [*known, *([None] if None in counts else [])]
