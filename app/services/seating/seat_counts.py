"""How a meetup's seats stand: read for a page, or under the seat lock for a decision."""

from __future__ import annotations

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

from app.db import connection_of, db
from app.domain.registering.registrations import SEATED, Status
from app.domain.seating.seats import Seating
from app.models import Registration, Source
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
_AS_WALK_IN: ColumnElement[Any] = literal_column(f"'{Source.WALK_IN.value}'")  # as the index says it
_WALKED_IN = select(func.coalesce(func.sum(1 + Registration.companions), 0)).where(
    Registration.meetup_id == bindparam("meetup"),
    Registration.source == _AS_WALK_IN,
    Registration.status.in_(SEATED),
)


def seating_of(unit: Session | Connection, meetup: Any) -> Seating:
    """The seats of the meetup (it, or a row of it) now; a decision may rest on it under the seat lock only."""
    now = _SEATING.first(connection_of(unit), {"meetup": meetup.id})
    return Seating(meetup.capacity, now.taken - beyond_seats(unit, meetup), now.in_line, meetup.draw_seats)


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
        of_meetup, Registration.source == _AS_WALK_IN, Registration.status.in_(SEATED)
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
