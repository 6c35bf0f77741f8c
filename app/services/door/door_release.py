"""Seats of absent people, released at the door: so many minutes after the start, somebody on the waitlist who is
there gets the seat of somebody who is not.

Whoever loses a seat like this goes back to the waitlist with the rank they had, which is its head, and keeps the
ticket: if they come late, they get the next absent person's seat by the same tap, or, knowingly, one over the seats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.door.admission import Verdict
from app.domain.door.scans import DESK
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.releases import Absent, Release, read_release, release_at, whose
from app.models import CheckInKind, Meetup, MeetupState, Registration, Source, Ticket
from app.services import audit
from app.services.door import devices, door_counts, door_rows, door_standing
from app.services.door.devices import SHIFT_LASTS, DoorPass
from app.services.door.door_outcomes import Outcome, from_ledger, who
from app.services.door.door_station import Station, station_of
from app.services.races import once_more
from app.services.registering import registration_changes, tickets
from app.services.seating import seat_counts

METHOD = "released"
GAVE, GOT = "released at the door", "seat of an absent guest"


@dataclass(frozen=True, slots=True)
class Admitted:
    """The answer to a release, and by how many the seats are exceeded now."""

    outcome: Outcome
    over_by: int


@dataclass(frozen=True, slots=True)
class Chance:
    """What a supervisor should know of somebody on the waitlist: their place in it, and the seats there are."""

    place: int
    left: int
    had_seat: bool  # and lost it at the door


@once_more
def admit(hashes: Sequence[str], slug: str, body: Mapping[str, Any]) -> tuple[DoorPass, Admitted]:
    """Let somebody on the waitlist in from a supervisor's phone. The same id again changes nothing."""
    with transaction() as session:
        door = devices.admitted(session.connection(), hashes, slug)
        if not door.may_supervise:
            raise DomainError("not_allowed")
        wish = read_release(body)
        station = replace(station_of(door), gate=wish.gate or door.gate)
        admitted = _admit(session, station, wish, f"device:{door.device_id}")
    door_counts.forget(door.meetup_id)
    return door, admitted


@once_more
def admit_at_desk(meetup_id: int, account_id: int, body: Mapping[str, Any]) -> Admitted:
    """The same by an organizer's hand."""
    wish = read_release(body)
    with transaction() as session:
        station = Station(meetup_id, account_id=account_id)
        admitted = _admit(session, station, wish, f"account:{account_id}")
    door_counts.forget(meetup_id)
    return admitted


def chance_of(meetup_id: int, reference: str) -> Chance | None:
    """None while this door releases no seats, or for somebody who is not on the waitlist."""
    meetup = db.session.get_one(Meetup, meetup_id)
    registration = _named(db.session(), meetup_id, reference)
    if not _is_releasing(meetup) or registration is None or registration.status is not Status.WAITLISTED:
        return None
    seating = seat_counts.seating_of(db.session(), meetup)
    room = seating.room.seats_for(seat_counts.party_of_registration(db.session(), meetup, registration))
    left = room + (db.session.scalar(_seats_of_absent(meetup)) or 0)
    had = tickets.current(registration.id) is not None
    return Chance(seat_counts.place_in_line(registration), left, had)


def _admit(session: Session, station: Station, wish: Release, actor: str) -> Admitted:
    meetup = Meetup.locked(session, station.meetup_id)
    if stored := _stored(session, meetup, wish):
        return Admitted(stored, seat_counts.seating_of(session, meetup).over_by)
    if not _is_releasing(meetup):
        raise DomainError("no_release_yet")
    registration = _named(session, meetup.id, wish.registration, locked=True)
    if registration is None or registration.status is not Status.WAITLISTED:
        raise DomainError("not_waiting")
    losers = _make_room(session, meetup, registration, wish)
    _change(session, losers, Status.WAITLISTED, actor, GAVE)
    _change(session, [registration], Status.CONFIRMED, actor, GOT)
    tickets.ensure(session, [registration])
    _check_in(session, station, wish, registration)
    over_by = seat_counts.seating_of(session, meetup).over_by
    _record(session, meetup, registration, losers, over_by, actor)
    return Admitted(_outcome(session, wish, registration), over_by)


def _stored(session: Session, meetup: Meetup, wish: Release) -> Outcome | None:
    """The answer that this release got already."""
    connection = session.connection()
    row = door_rows.stored(connection, meetup.id, [wish.id]).get(wish.id)
    if row is None:
        return None
    if row.body_hash != wish.body_hash:
        raise DomainError("conflicting_body")
    return from_ledger(connection, {wish.id: row})[wish.id]


def _is_releasing(meetup: Meetup) -> bool:
    begins = release_at(meetup.starts_at, meetup.door_releases_after)
    called_off = meetup.state is MeetupState.CALLED_OFF
    return begins is not None and begins <= now() < meetup.ends_at + SHIFT_LASTS and not called_off


def _make_room(session: Session, meetup: Meetup, comer: Registration, wish: Release) -> list[Registration]:
    """The absent people whose seats this takes. Over the seats only for somebody who had one, after a yes."""
    party = seat_counts.party_of_registration(session, meetup, comer)
    needed = party.people - seat_counts.seating_of(session, meetup).room.seats_for(party)
    absent = {row.id: row for row in session.scalars(_absent(meetup).with_for_update())} if needed > 0 else {}
    chosen = whose([Absent(row.id, row.rank, 1 + row.companions) for row in absent.values()], needed)
    if chosen is None:
        had_seat = tickets.current(comer.id) is not None
        if not (had_seat and wish.over):
            raise DomainError("no_seat_to_release" if had_seat else "no_seat_released", seats=meetup.capacity)
        return []
    return [absent[key] for key in chosen]


def _absent(meetup: Meetup) -> Select[Registration]:
    return select(Registration).where(_is_absent(meetup)).order_by(Registration.id)


def _seats_of_absent(meetup: Meetup) -> Select[int]:
    return select(func.coalesce(func.sum(1 + Registration.companions), 0)).where(_is_absent(meetup))


def _is_absent(meetup: Meetup) -> ColumnElement[bool]:
    """Holds a seat and has not come; of those who take none, nobody gets one, and a reserved seat stays reserved."""
    seated = Registration.status == Status.CONFIRMED
    condition = (Registration.meetup_id == meetup.id) & seated & Registration.admitted_at.is_(None)
    if meetup.reserved_seats:
        condition &= ~seat_counts.has_reserved(Registration.meetup_id, Registration.person_id)
    return condition if meetup.door_counts_walk_ins else condition & (Registration.source != Source.WALK_IN)


def _named(session: Session, meetup_id: int, reference: str, *, locked: bool = False) -> Registration | None:
    query = select(Registration).where(
        Registration.meetup_id == meetup_id, Registration.reference == reference
    )
    return session.scalars(query.with_for_update() if locked else query).one_or_none()


def _change(session: Session, rows: list[Registration], after: Status, actor: str, reason: str) -> None:
    at = now()
    for row in rows:
        before, row.status, row.status_at = row.status, after, at
        session.flush()
        registration_changes.note(session, [row], before, actor, reason)


def _check_in(session: Session, station: Station, wish: Release, registration: Registration) -> None:
    at: dt.datetime = registration.status_at
    ticket = session.scalars(
        select(Ticket.id).where(Ticket.registration_id == registration.id, Ticket.revoked_at.is_(None))
    ).one()
    row = {
        "meetup_id": station.meetup_id,
        "scan_id": wish.id,
        "kind": CheckInKind.ENTRY,
        "verdict": Verdict.OK,
        "admits": 1 + registration.companions,
        "status": registration.status,
        "registration_id": registration.id,
        "ticket_id": ticket,
        "device_id": station.device_id,
        "account_id": station.account_id,
        "method": DESK if station.account_id else METHOD,
        "gate": station.gate,
        "scanned_at": at,
        "corrected_at": at,
        "received_at": at,
        "body_hash": wish.body_hash,
    }
    door_rows.append(session.connection(), row)
    door_standing.derive(session.connection(), registration.id)


def _outcome(session: Session, wish: Release, registration: Registration) -> Outcome:
    row = door_rows.by_id(session.connection(), [registration.id])[registration.id]
    return Outcome(wish.id, Verdict.OK, status=row.status, person=who(row))


def _record(
    session: Session,
    meetup: Meetup,
    registration: Registration,
    losers: list[Registration],
    over_by: int,
    actor: str,
) -> None:
    audit.record(
        session,
        "registration.released_in",
        registration,
        actor,
        program_id=meetup.program_id,
        meetup=meetup.id,
        seats_of=[row.id for row in losers],
        over_by=over_by,
    )
