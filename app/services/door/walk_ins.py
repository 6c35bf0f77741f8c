"""Walk-ins: somebody without a registration gets one at the door, with the check-in that lets them in.

Nobody has verified who they are, and the registration says so. A walk-in may exceed the capacity, but only
when whoever lets them in was told so and said yes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.door.admission import Verdict
from app.domain.door.scans import DESK
from app.domain.door.walk_ins import WalkIn, read_walk_in
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.pools import Party
from app.domain.seating.seats import Seating
from app.domain.writing.names import search_key
from app.models import (
    CheckInKind,
    Cohort,
    Meetup,
    MeetupState,
    Person,
    Registration,
    RegistrationEvent,
    Source,
)
from app.services import audit
from app.services.door import devices, door_counts, door_rows
from app.services.door.devices import SHIFT_LASTS, DoorPass
from app.services.door.door_outcomes import Outcome, Who, from_ledger
from app.services.door.door_station import Station, station_of
from app.services.races import once_more
from app.services.registering import tickets
from app.services.seating import seat_counts

METHOD = "walk_in"
REASON = "walk-in"


@dataclass(frozen=True, slots=True)
class WalkedIn:
    """The answer to a walk-in, and by how many the seats are exceeded now."""

    outcome: Outcome
    over_by: int


@once_more
def admit(hashes: Sequence[str], slug: str, body: Mapping[str, Any]) -> tuple[DoorPass, WalkedIn]:
    """Let somebody in from a supervisor's phone. The same id again changes nothing."""
    with transaction() as session:
        door = devices.admitted(session.connection(), hashes, slug)
        if not door.may_supervise:
            raise DomainError("not_allowed")
        wish = read_walk_in(body)
        station = replace(station_of(door), gate=wish.gate or door.gate)
        walked_in = _admit(session, station, wish, f"device:{door.device_id}")
    door_counts.forget(door.meetup_id)
    return door, walked_in


@once_more
def admit_at_desk(meetup_id: int, account_id: int, body: Mapping[str, Any]) -> WalkedIn:
    """Let somebody in by an organizer's hand."""
    wish = read_walk_in(body)
    with transaction() as session:
        station = Station(meetup_id, account_id=account_id)
        walked_in = _admit(session, station, wish, f"account:{account_id}")
    door_counts.forget(meetup_id)
    return walked_in


def cohorts(program_id: int) -> list[int]:
    """The cohorts that a walk-in may say they belong to."""
    query = select(Cohort.ordinal).where(Cohort.program_id == program_id).order_by(Cohort.ordinal)
    return list(db.session.scalars(query))


def _admit(session: Session, station: Station, wish: WalkIn, actor: str) -> WalkedIn:
    meetup = Meetup.locked(session, station.meetup_id)
    if stored := _stored(session, meetup, wish):
        return WalkedIn(stored, seat_counts.seating_of(session, meetup).over_by)
    _require_taken(meetup)
    seating, cohort_id = (
        seat_counts.seating_of(session, meetup),
        _cohort_id(session, meetup.program_id, wish.cohort),
    )
    if meetup.door_counts_walk_ins:
        if not wish.over:
            _require_room(meetup, seating, cohort_id)
        seating = seating.with_more(1)
    registration = _register(session, meetup, wish, cohort_id, actor)
    _check_in(session, station, wish, registration)
    audit.record(
        session,
        "registration.walked_in",
        registration,
        actor,
        program_id=meetup.program_id,
        meetup=meetup.id,
        over_by=seating.over_by,
    )
    who = Who(wish.name, wish.cohort, registration.reference)
    return WalkedIn(Outcome(wish.id, Verdict.OK, status=registration.status, person=who), seating.over_by)


def _stored(session: Session, meetup: Meetup, wish: WalkIn) -> Outcome | None:
    """The answer that this walk-in got already; refused where it was undone since, as nobody is in by it."""
    connection = session.connection()
    row = door_rows.stored(connection, meetup.id, [wish.id]).get(wish.id)
    if row is None:
        return None
    if row.body_hash != wish.body_hash:
        raise DomainError("conflicting_body")
    if session.scalar(select(Registration.admitted_at).where(Registration.id == row.registration_id)) is None:
        raise DomainError("walk_in_undone")
    return from_ledger(connection, {wish.id: row})[wish.id]


def _require_taken(meetup: Meetup) -> None:
    if not meetup.door_takes_walk_ins:
        raise DomainError("walk_ins_not_taken")
    if meetup.state is MeetupState.CALLED_OFF:
        raise DomainError("meetup_called_off")
    if meetup.ends_at + SHIFT_LASTS <= now():
        raise DomainError("door_over")


def _require_room(meetup: Meetup, seating: Seating, cohort_id: int | None) -> None:
    """Refuse without a yes to it: past the capacity, or on a seat that is kept for somebody."""
    if not seating.free:
        raise DomainError("walk_in_over", seats=meetup.capacity, over=seating.over_by + 1)
    if not seating.room.take(Party(cohort=cohort_id)):
        raise DomainError("walk_in_kept", kept=seating.kept.unused)


def _register(
    session: Session, meetup: Meetup, wish: WalkIn, cohort_id: int | None, actor: str
) -> Registration:
    """A person of their own, as nobody is merged on a name, with a confirmed seat and its ticket."""
    at = now()
    person = Person(program_id=meetup.program_id, name=wish.name, search_key=search_key(wish.name))
    session.add(person)
    session.flush()
    registration = Registration(
        meetup_id=meetup.id,
        person_id=person.id,
        cohort_id=cohort_id,
        reference=tokens.reference(),
        status=Status.CONFIRMED,
        rank=meetup.next_rank,
        source=Source.WALK_IN,
        is_verified=False,
        address="",
        created_at=at,
        status_at=at,
    )
    meetup.next_rank += 1
    session.add(registration)
    session.flush()
    session.add(_event(registration, at, actor))
    session.flush()
    tickets.issue(session, [registration])
    return registration


def _event(registration: Registration, at: dt.datetime, actor: str) -> RegistrationEvent:
    return RegistrationEvent(
        registration_id=registration.id, at=at, after=registration.status, actor=actor, reason=REASON
    )


def _cohort_id(session: Session, program_id: int, ordinal: int | None) -> int | None:
    if ordinal is None:
        return None
    query = select(Cohort.id).where(Cohort.program_id == program_id, Cohort.ordinal == ordinal)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise DomainError("walk_in_cohort_unknown")
    return found


def _check_in(session: Session, station: Station, wish: WalkIn, registration: Registration) -> None:
    at = registration.created_at
    row = {
        "meetup_id": station.meetup_id,
        "scan_id": wish.id,
        "kind": CheckInKind.ENTRY,
        "verdict": Verdict.OK,
        "status": registration.status,
        "registration_id": registration.id,
        "device_id": station.device_id,
        "account_id": station.account_id,
        "method": DESK if station.account_id else METHOD,
        "gate": station.gate,
        "scanned_at": at,
        "corrected_at": at,
        "received_at": at,
        "body_hash": wish.body_hash,
    }
    registration.admitted_by_id = door_rows.append(session.connection(), row)
    registration.admitted_at = at
    registration.admitted_count = 1
    session.flush()
