"""Who came and who did not: asked of the door's ledger each time, never stored.

Entries arrive after the meetup from phones that were offline, and check-ins are undone. A no-show that was written down at the
end would have to follow each of them (docs/decisions/0017-no-shows.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.clock import now
from app.db import db
from app.domain.attendance import Attendance, attendance, most_telling
from app.domain.registering.registrations import Status
from app.models import TAKES_PLACE, Meetup, Registration, RegistrationEvent

At = dt.datetime | SQLColumnExpression[dt.datetime]


@dataclass(frozen=True)
class Attended:
    """A line of somebody's history."""

    meetup: Meetup
    registration: Registration
    attendance: Attendance


def did_not_come(row: type[Registration] = Registration) -> ColumnElement[bool]:
    """A condition, for a meetup that is over and recorded: had a seat to the end, and never came in.

    Also whose seat went at the door to somebody who was there: they wait again, which nothing else does to a seat.
    """
    gave = select(RegistrationEvent.id).where(
        RegistrationEvent.registration_id == row.id,
        RegistrationEvent.before == Status.CONFIRMED,
        RegistrationEvent.after == Status.WAITLISTED,
        RegistrationEvent.at == row.status_at,
    )
    lost_at_the_door = and_(row.status == Status.WAITLISTED, gave.exists())
    return and_(row.admitted_at.is_(None), or_(row.status == Status.CONFIRMED, lost_at_the_door))


def recorded(meetup: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """A condition: somebody came in by the door. Where nobody did, it says nothing about who came."""
    came = aliased(Registration)
    return select(came.id).where(came.meetup_id == meetup, came.admitted_at.is_not(None)).exists()


def missed_last(program_id: Any, person_id: Any, at: At) -> ColumnElement[bool]:
    """A condition: had a seat at the programme's last meetup that was over at that instant, and did not come."""
    return missed_by(person_id, program_id, at).exists()


def missed_by(person_id: Any, program_id: Any, at: At) -> Select[int]:
    """That meetup's id for somebody who missed it; nothing for everybody else."""
    last, row = aliased(Meetup), aliased(Registration)
    newest = (
        select(last.id)
        .where(
            last.program_id == program_id, last.ends_at <= at, last.state.in_(TAKES_PLACE), recorded(last.id)
        )
        .order_by(last.ends_at.desc(), last.id.desc())
        .limit(1)
    )
    of = select(row.meetup_id).where(row.person_id == person_id, did_not_come(row))
    return of.where(row.meetup_id == newest.scalar_subquery())


def missed_before(registration: Registration) -> Meetup | None:
    """The meetup for which this person, who registered, stands behind the others in line."""
    meetup = registration.meetup
    found = missed_by(registration.person_id, meetup.program_id, registration.created_at).limit(1)
    return db.session.scalars(select(Meetup).where(Meetup.id.in_(found))).one_or_none()


def no_shows(meetup: Meetup) -> int | None:
    """How many had a seat and did not come; None while that cannot be said."""
    if meetup.ends_at > now() or meetup.state not in TAKES_PLACE:
        return None
    absent = func.count().filter(did_not_come())
    came = func.count().filter(Registration.admitted_at.is_not(None))
    row = db.session.execute(select(absent, came).where(Registration.meetup_id == meetup.id)).one()
    return int(row[0]) if row[1] else None


def history(person_id: int) -> Sequence[Attended]:
    """The programme's meetups that are over and at which this person had a seat, the latest first. One query."""
    return _lines(_places_of(person_id))


def of_meetup(registration: Registration) -> Attendance | None:
    """What became of this person's place at this registration's meetup, once it is over."""
    here = _places_of(registration.person_id).where(Registration.meetup_id == registration.meetup_id)
    return next((line.attendance for line in _lines(here)), None)


def _lines(places: Select[*tuple[Any, ...]]) -> list[Attended]:
    found: dict[int, list[Attended]] = {}
    for row in db.session.execute(places):
        if told := _told(row):
            found.setdefault(row.Meetup.id, []).append(Attended(row.Meetup, row.Registration, told))
    return [_most_telling(lines) for lines in found.values()]


def _places_of(person_id: int) -> Select[*tuple[Any, ...]]:
    ended = select(RegistrationEvent.id).where(
        RegistrationEvent.registration_id == Registration.id,
        RegistrationEvent.before == Status.CONFIRMED,
        RegistrationEvent.after == Registration.status,
    )
    no_show = and_(did_not_come(), recorded(Meetup.id))
    return (
        select(Meetup, Registration, no_show.label("no_show"), ended.exists().label("had_seat"))
        .join(Meetup, Meetup.id == Registration.meetup_id)
        .where(Registration.person_id == person_id, Meetup.ends_at <= now(), Meetup.state.in_(TAKES_PLACE))
        .order_by(Meetup.starts_at.desc(), Meetup.id.desc(), Registration.id)
        .execution_options(populate_existing=True)
    )


def _told(row: Any) -> Attendance | None:
    return attendance(
        row.Registration.status,
        came=row.Registration.admitted_at is not None,
        no_show=row.no_show,
        had_seat=row.had_seat,
        ended_at=row.Registration.status_at,
        starts_at=row.Meetup.starts_at,
    )


def _most_telling(lines: list[Attended]) -> Attended:
    telling = most_telling([line.attendance for line in lines])
    return next(line for line in lines if line.attendance is telling)
