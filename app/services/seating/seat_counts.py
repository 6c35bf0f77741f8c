"""How a meetup's seats stand: read for a page, or under the seat lock for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from app import clock
from app.db import connection_of, db
from app.domain.registering.registrations import SEATED, Status
from app.domain.seating.pools import Kept, Party, Pool, seated
from app.domain.seating.promises import Promises, promises
from app.domain.seating.seats import Seating, promotions
from app.models import AS_WALK_IN, Meetup, Registration, ReservedSeat
from app.prepared import Prepared

# Made once: everybody who registers in a rush waits for those before.
_WITH_COMPANIONS = Registration.companions > literal_column("0")  # as the index says it
_COMPANIONS = select(func.coalesce(func.sum(Registration.companions), 0)).where(
    Registration.meetup_id == bindparam("meetup"), Registration.status.in_(SEATED), _WITH_COMPANIONS
)
_SEATING = Prepared(
    select(
        (func.count().filter(Registration.status.in_(SEATED)) + _COMPANIONS.scalar_subquery()).label("taken"),
        func.count().filter(Registration.status == Status.WAITLISTED).label("in_line"),
    ).where(
        Registration.meetup_id == bindparam("meetup"), Registration.status.in_(SEATED | {Status.WAITLISTED})
    )
)
_IS_SEATED = Registration.status.in_(SEATED)
_BY_COHORT = (
    select(
        Registration.cohort_id,
        ReservedSeat.id.is_not(None).label("reserved"),
        func.count().filter(_IS_SEATED).label("parties"),
        func.coalesce(func.sum(1 + Registration.companions).filter(_IS_SEATED), 0).label("people"),
        func.count().filter(Registration.status == Status.WAITLISTED).label("waiting"),
    )
    .outerjoin(
        ReservedSeat,
        (ReservedSeat.meetup_id == Registration.meetup_id)
        & (ReservedSeat.person_id == Registration.person_id),
    )
    .where(
        Registration.meetup_id == bindparam("meetup"), Registration.status.in_(SEATED | {Status.WAITLISTED})
    )
    .group_by(Registration.cohort_id, ReservedSeat.id.is_not(None))
)
_WALKED_IN = select(func.coalesce(func.sum(1 + Registration.companions), 0)).where(
    Registration.meetup_id == bindparam("meetup"),
    Registration.source == AS_WALK_IN,
    Registration.status.in_(SEATED),
)


def seating_of(unit: Session | Connection, meetup: Any, promised: Promises | None = None) -> Seating:
    """The seats of the meetup (it, or a row of it) now; a decision may rest on it under the seat lock only.

    `promised`: as if these seats were kept, instead of those that are.
    """
    promised = promises_of(meetup) if promised is None else promised
    if promised.any:
        return _with_pools(connection_of(unit), meetup, promised)
    now = _SEATING.first(connection_of(unit), {"meetup": meetup.id})
    return Seating(meetup.capacity, now.taken - beyond_seats(unit, meetup), now.in_line, meetup.draw_seats)


def promises_of(meetup: Any) -> Promises:
    """What is kept of the seats of a meetup, or of a row of it, at this moment."""
    return promises(
        meetup.reserved_seats, meetup.quotas, meetup.quotas_until, mode=meetup.mode, at=clock.now()
    )


def _with_pools(connection: Connection, meetup: Any, promised: Promises) -> Seating:
    """One grouped query, however many pools. Of a party with a reserved seat one person takes that, the others are of their cohort."""
    query = _BY_COHORT if meetup.door_counts_walk_ins else _BY_COHORT.where(Registration.source != AS_WALK_IN)
    taken, waiting = Counter[int | None](), Counter[int | None]()
    reserved_taken = reserved_waiting = held = in_line = 0
    for row in connection.execute(query, {"meetup": meetup.id}):
        held, in_line = held + row.people, in_line + row.waiting
        taken[row.cohort_id] += row.people - (row.parties if row.reserved else 0)
        reserved_taken += row.parties if row.reserved else 0
        reserved_waiting += row.waiting if row.reserved else 0
        waiting[row.cohort_id] += 0 if row.reserved else row.waiting
    cohorts = {key: Pool(seats, taken[key], waiting[key]) for key, seats in promised.quotas.items()}
    kept = Kept(Pool(promised.reserved, reserved_taken, reserved_waiting), cohorts)
    return Seating(meetup.capacity, held, in_line, meetup.draw_seats, kept)


def has_reserved(meetup: Any, person: Any) -> ColumnElement[bool]:
    """In a statement: whether a seat of the meetup is reserved for the person."""
    named = ReservedSeat.meetup_id == meetup, ReservedSeat.person_id == person
    return select(ReservedSeat.id).where(*named).exists()


def party_of(
    unit: Session | Connection, meetup: Any, person_id: int, cohort_id: int | None, people: int = 1
) -> Party:
    """These people before the pools of the meetup, or of a row of it."""
    reserved = (
        meetup.reserved_seats > 0
        and connection_of(unit).execute(select(has_reserved(meetup.id, person_id))).scalar_one()
    )
    return Party(people, cohort_id, bool(reserved))


def party_of_registration(unit: Session | Connection, meetup: Any, registration: Registration) -> Party:
    people = 1 + registration.companions
    return party_of(unit, meetup, registration.person_id, registration.cohort_id, people)


def parties_of(session: Session, meetup: Meetup, rows: Sequence[Any]) -> list[Party]:
    """Those of many registrations, or of rows of them, with one query."""
    named = named_people(session, meetup)
    return [Party(1 + row.companions, row.cohort_id, row.person_id in named) for row in rows]


def named_people(session: Session, meetup: Meetup) -> set[int]:
    """The ids of those who have a reserved seat."""
    if not meetup.reserved_seats:
        return set()
    named = select(ReservedSeat.person_id).where(ReservedSeat.meetup_id == meetup.id)
    return set(session.scalars(named))


def next_in_line(session: Session, meetup: Meetup, seating: Seating) -> list[int]:
    """The ids of those who can move up now, in their order."""
    most = promotions(seating)
    if not most:
        return []
    rows = session.execute(_heads(meetup.id, most, by_pool=bool(seating.kept.unused))).all()
    line = [Party(row.people, row.cohort_id, bool(row.reserved)) for row in rows]
    return [rows[index].id for index in seated(seating.free, seating.kept, line)]


def _heads(meetup_id: int, most: int, *, by_pool: bool) -> Select[*tuple[Any, ...]]:
    """The first so many who wait; where seats are kept for some, the first so many of each cohort. Whoever comes after them can't
    get a seat before all of them do."""
    reserved = has_reserved(Registration.meetup_id, Registration.person_id).label("reserved")
    people = (1 + Registration.companions).label("people")
    waiting = line(meetup_id).with_only_columns(
        Registration.id, Registration.rank, Registration.cohort_id, people, reserved
    )
    if not by_pool:
        return waiting.order_by(Registration.rank).limit(most)
    place = func.row_number().over(
        partition_by=(Registration.cohort_id, reserved), order_by=Registration.rank
    )
    numbered = waiting.add_columns(place.label("place")).subquery()
    return select(numbered).where(numbered.c.place <= most).order_by(numbered.c.rank)


def held_by(meetups: Sequence[Meetup]) -> dict[int, int]:
    """Seats that are taken, by meetup; walk-ins that take none are not counted. Two statements, however many there are."""
    people = func.sum(1 + Registration.companions)
    with_seat = Registration.meetup_id.in_([m.id for m in meetups]), Registration.status.in_(SEATED)
    rows = db.session.execute(
        select(Registration.meetup_id, people).where(*with_seat).group_by(Registration.meetup_id)
    )
    held = {meetup_id: int(number) for meetup_id, number in rows}
    uncounted = Registration.meetup_id.in_([m.id for m in meetups if not m.door_counts_walk_ins])
    walked_in = uncounted, Registration.source == AS_WALK_IN, Registration.status.in_(SEATED)
    rows = db.session.execute(
        select(Registration.meetup_id, people).where(*walked_in).group_by(Registration.meetup_id)
    )
    return held | {meetup_id: held[meetup_id] - int(number) for meetup_id, number in rows}


def beyond_seats(unit: Session | Connection, meetup: Any) -> int:
    """Walk-ins that take no seat, where the organizer decided so."""
    if meetup.door_counts_walk_ins:
        return 0
    return connection_of(unit).execute(_WALKED_IN, {"meetup": meetup.id}).scalar_one()


def people_in_line_or_seated(
    meetup: SQLColumnExpression[int], counts_walk_ins: SQLColumnExpression[bool]
) -> ColumnElement[int]:
    """In a statement: how many of a meetup's seats are gone, for whoever comes now.

    `seating_of` for the public page: those in line are ahead of them, walk-ins that take no seat are not.
    """
    of_meetup = Registration.meetup_id == meetup
    people = select(func.count()).where(of_meetup, Registration.status.in_(SEATED | {Status.WAITLISTED}))
    companions = select(func.coalesce(func.sum(Registration.companions), 0)).where(
        of_meetup, Registration.status.in_(SEATED), _WITH_COMPANIONS
    )
    walked_in = select(func.coalesce(func.sum(1 + Registration.companions), 0)).where(
        of_meetup, Registration.source == AS_WALK_IN, Registration.status.in_(SEATED)
    )
    beyond = case((counts_walk_ins, 0), else_=walked_in.scalar_subquery())
    return people.scalar_subquery() + companions.scalar_subquery() - beyond


def somebody_waits(meetup: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """In a statement: whether a newcomer would stand behind somebody."""
    waiting = Registration.status == Status.WAITLISTED
    return select(Registration.id).where(Registration.meetup_id == meetup, waiting).exists()


def place_in_line(registration: Registration) -> int:
    """A waitlisted registration's place, counted from 1."""
    ahead = line(registration.meetup_id).where(Registration.rank <= registration.rank)
    return db.session.scalar(ahead.with_only_columns(func.count())) or 1


def line(meetup_id: int) -> Select[Registration]:
    """Those who wait, in no order yet."""
    return select(Registration).where(
        Registration.meetup_id == meetup_id, Registration.status == Status.WAITLISTED
    )
