"""Tickets that let in although they were no longer good: cancelled before the phone could know, or known to its older list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from app.domain.door.admission import Verdict
from app.domain.door.conflicts import ConflictKind, Void
from app.models import CheckIn, CheckInKind, Meetup, Registration, RegistrationEvent, Status, Ticket
from app.services.door import door_sights, door_standing
from app.services.door.door_rows import AnyRow
from app.services.door.door_sights import Conflict

_check_in, _registration, _ticket = CheckIn.__table__, Registration.__table__, Ticket.__table__
_event, _meetup = RegistrationEvent.__table__, Meetup.__table__
_party = _check_in.alias("party")

_VOID_BY = {
    Verdict.CANCELED: Void.CANCELLED,
    Verdict.UNAPPROVED: Void.CANCELLED,  # by the organizer
    Verdict.REVOKED: Void.REPLACED,
    Verdict.WAITLISTED: Void.RELEASED,
    Verdict.CALLED_OFF: Void.CALLED_OFF,
}


def _seat_lost(when: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Of the times at which the person lost a confirmed seat."""
    return (
        select(when)
        .where(
            _event.c.registration_id == _registration.c.id,
            _event.c.before == Status.CONFIRMED,
            *conditions,
        )
        .correlate(_registration, _check_in)
        .scalar_subquery()
    )


def _since(when: ColumnElement[Any], name: str = "void_since") -> ColumnElement[Any]:
    return type_coerce(when, _event.c.at.type).label(name)


# Good when it was scanned, not any more when the scan arrived, nor now.
_MEANWHILE = _event.c.at.between(_check_in.c.corrected_at, _check_in.c.received_at)
_LOST_MEANWHILE = _seat_lost(func.min(_event.c.at), _MEANWHILE)
_RELEASED_MEANWHILE = _seat_lost(func.min(_event.c.at), _MEANWHILE, _event.c.after == Status.WAITLISTED)
_CANCELLED = door_sights.seen(
    _since(_LOST_MEANWHILE),
    _since(_RELEASED_MEANWHILE, "released_at"),
    _registration.c.admitted_count.label("people"),
).where(
    _registration.c.meetup_id == bindparam("meetup"),
    _registration.c.admitted_by_id == _check_in.c.id,
    _registration.c.status != Status.CONFIRMED,
    _check_in.c.verdict.in_(door_standing.OF_A_VALID_TICKET),
    _LOST_MEANWHILE.is_not(None),
)
# Refused by the server, of a ticket that had been good until some time before: the phone's list may have been older.
_LOST_BEFORE = _seat_lost(func.max(_event.c.at), _event.c.at <= _check_in.c.corrected_at)
_VOID_SINCE = case(
    (_check_in.c.verdict == Verdict.CALLED_OFF, _meetup.c.called_off_at),
    else_=func.coalesce(_ticket.c.revoked_at, _LOST_BEFORE),
)
# How many came in by it: the newest word on the party, else what the phone said; 0: it didn't say.
_CAME = func.coalesce(
    select(_party.c.admits)
    .where(_party.c.refers_to_id == _check_in.c.id, _party.c.kind == CheckInKind.PARTY)
    .order_by(_party.c.corrected_at.desc(), _party.c.scan_id.desc())
    .limit(1)
    .correlate(_check_in)
    .scalar_subquery(),
    _check_in.c.let_in,
    0,
)
_REFUSED = (
    door_sights.seen(_since(_VOID_SINCE), _CAME.label("people"))
    .join(_meetup, _meetup.c.id == _check_in.c.meetup_id)
    .outerjoin(_ticket, _ticket.c.id == _check_in.c.ticket_id)
    .where(
        _check_in.c.kind == CheckInKind.ENTRY,
        _check_in.c.verdict.in_(_VOID_BY),
        _check_in.c.device_id.is_not(None),
        or_(_check_in.c.let_in.is_(None), _check_in.c.let_in > 0),
        _VOID_SINCE.is_not(None),
        # Of a meetup that was called off: whose ticket was good until then, or had been.
        or_(
            _check_in.c.verdict != Verdict.CALLED_OFF,
            _check_in.c.status == Status.CONFIRMED,
            _LOST_BEFORE.is_not(None),
        ),
        ~door_sights.overridden(),
    )
)


def of(connection: Connection, meetup_id: int) -> list[Conflict]:
    """Two statements."""
    here, found = {"meetup": meetup_id}, []
    for row in connection.execute(_CANCELLED, here):
        by = Void.RELEASED if row.released_at == row.void_since else Void.CANCELLED
        found.append(_void(ConflictKind.CANCELLED, row, by))
    refused = (row for row in connection.execute(_REFUSED, here) if _opened(row))
    return found + [_void(ConflictKind.OLD_LIST, row, _VOID_BY[row.verdict]) for row in refused]


def _opened(row: AnyRow) -> bool:
    """Whether the phone let somebody in, whom the server refuses, as far as it says or else may have."""
    return bool(row.let_in) or (row.let_in is None and door_sights.is_late(row))


def _void(kind: ConflictKind, row: AnyRow, by: Void) -> Conflict:
    return Conflict(
        kind,
        row.scan_id,
        row.name,
        row.cohort,
        row.reference,
        None,
        door_sights.sight(row),
        let_in=True,
        void_since=row.void_since,
        void_by=by,
        size=row.size,
        people=row.people,
    )
