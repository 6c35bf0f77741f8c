"""What the door's phones did without knowing of each other or of the desk, for people to look at: a ticket that came more
often than it is good for, one that was cancelled meanwhile."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, bindparam, exists, func, select, type_coerce

from app.db import db
from app.domain.admission import Verdict
from app.models import (
    CheckIn,
    CheckInKind,
    Cohort,
    Device,
    Person,
    Registration,
    RegistrationEvent,
    Status,
    Ticket,
)
from app.services import door_standing
from app.services.door_rows import AnyRow

# A phone sends a scan at once and, without an answer, judges it after 1.5 s: what it sent later it had judged alone.
LATE = dt.timedelta(seconds=2)

_check_in, _registration, _device = CheckIn.__table__, Registration.__table__, Device.__table__
_override = _check_in.alias("override")
_person, _cohort, _ticket = Person.__table__, Cohort.__table__, Ticket.__table__


def _overridden() -> ColumnElement[bool]:
    return exists().where(
        _override.c.refers_to_id == _check_in.c.id, _override.c.kind == CheckInKind.OVERRIDE
    )


def _counts_as_entry() -> ColumnElement[bool]:
    valid = _check_in.c.verdict.in_(door_standing.OF_A_VALID_TICKET)
    return (_check_in.c.kind == CheckInKind.ENTRY) & (valid | _overridden())


_SEVERAL = (
    select(_check_in.c.registration_id)
    .where(_check_in.c.meetup_id == bindparam("meetup"), _counts_as_entry())
    .group_by(_check_in.c.registration_id)
    .having(func.count() > 1)
)
_ROWS = (
    select(
        _check_in.c.id,
        _check_in.c.scan_id,
        _check_in.c.kind,
        _check_in.c.verdict,
        _check_in.c.corrected_at,
        _check_in.c.received_at,
        _check_in.c.refers_to_id,
        _check_in.c.admits,
        _check_in.c.gate,
        _check_in.c.device_id,
        _check_in.c.registration_id,
        _device.c.name.label("device"),
        (1 + _registration.c.companions).label("size"),
        _registration.c.reference,
        _person.c.name,
        _cohort.c.ordinal.label("cohort"),
    )
    .select_from(
        _check_in.join(_registration, _registration.c.id == _check_in.c.registration_id)
        .join(_person, _person.c.id == _registration.c.person_id)
        .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
        .outerjoin(_device, _device.c.id == _check_in.c.device_id)
    )
    .where(_check_in.c.meetup_id == bindparam("meetup"), _check_in.c.registration_id.in_(_SEVERAL))
    .order_by(_check_in.c.registration_id, _check_in.c.id)
)


_event = RegistrationEvent.__table__
# Good when it was scanned, not any more when the scan arrived, nor now.
_CANCELLED = (
    select(
        _check_in.c.scan_id,
        _check_in.c.corrected_at,
        _check_in.c.gate,
        _check_in.c.device_id,
        _device.c.name.label("device"),
        _registration.c.reference,
        _person.c.name,
        _cohort.c.ordinal.label("cohort"),
        func.min(_event.c.at).label("void_since"),
    )
    .select_from(
        _registration.join(_check_in, _check_in.c.id == _registration.c.admitted_by_id)
        .join(_event, _event.c.registration_id == _registration.c.id)
        .join(_person, _person.c.id == _registration.c.person_id)
        .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
        .outerjoin(_device, _device.c.id == _check_in.c.device_id)
    )
    .where(
        _registration.c.meetup_id == bindparam("meetup"),
        _registration.c.status != Status.CONFIRMED,
        _check_in.c.verdict == Verdict.OK,
        _event.c.before == Status.CONFIRMED,
        _event.c.at.between(_check_in.c.corrected_at, _check_in.c.received_at),
    )
    .group_by(_check_in.c.id, _device.c.id, _registration.c.id, _person.c.id, _cohort.c.id)
)


# Refused by the server, of a ticket that had been good until some time before: the phone's list may have been older.
_SEAT_LOST = (
    select(func.max(_event.c.at))
    .where(
        _event.c.registration_id == _registration.c.id,
        _event.c.before == Status.CONFIRMED,
        _event.c.at <= _check_in.c.corrected_at,
    )
    .correlate(_registration, _check_in)
    .scalar_subquery()
)
_VOID_SINCE = func.coalesce(_ticket.c.revoked_at, _SEAT_LOST)
_REFUSED = (
    select(
        _check_in.c.scan_id,
        _check_in.c.corrected_at,
        _check_in.c.received_at,
        _check_in.c.gate,
        _check_in.c.device_id,
        _check_in.c.verdict,
        _device.c.name.label("device"),
        _registration.c.reference,
        _person.c.name,
        _cohort.c.ordinal.label("cohort"),
        type_coerce(_VOID_SINCE, _event.c.at.type).label("void_since"),
    )
    .select_from(
        _check_in.join(_registration, _registration.c.id == _check_in.c.registration_id)
        .join(_person, _person.c.id == _registration.c.person_id)
        .join(_device, _device.c.id == _check_in.c.device_id)
        .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
        .outerjoin(_ticket, _ticket.c.id == _check_in.c.ticket_id)
    )
    .where(
        _check_in.c.meetup_id == bindparam("meetup"),
        _check_in.c.kind == CheckInKind.ENTRY,
        _check_in.c.verdict.in_((Verdict.CANCELED, Verdict.REVOKED, Verdict.WAITLISTED)),
        _VOID_SINCE.is_not(None),
        ~_overridden(),
    )
)


class ConflictKind(enum.StrEnum):
    AGAIN = "again"  # shown again after all of its people were in
    CANCELLED = "cancelled"  # let in, and no longer good when the scan arrived
    OLD_LIST = "old_list"  # refused by the server, and perhaps let in by a phone whose list was older
    OVERRIDE = "override"  # let in by a supervisor, though the server refuses the ticket


@dataclass(frozen=True, slots=True)
class Sight:
    """One showing of a ticket: when, where, on which phone (by id and name; None at the desk)."""

    at: dt.datetime
    gate: str | None
    device_id: int | None
    device: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A scan (`scan_id`, `again`) that the ledger contradicts.

    `first`: by what they were in already. `let_in`: the phone may have opened the door all the same; else it said
    "already in". `void_since`: when the ticket had been cancelled; `verdict`: what the server says of an overridden one,
    of which it may know nobody.
    """

    kind: ConflictKind
    scan_id: str
    name: str | None
    cohort: int | None
    reference: str | None
    first: Sight | None
    again: Sight
    let_in: bool
    void_since: dt.datetime | None = None
    verdict: Verdict | None = None


def of(meetup_id: int) -> list[Conflict]:
    """The conflicts of a meetup, the newest first; three statements.

    The same phone saying "already in" once more is none: somebody held their ticket to it twice.
    """
    connection, here = db.session.connection(), {"meetup": meetup_id}
    rows = connection.execute(_ROWS, here)
    found = [
        conflict
        for _, of_person in groupby(rows, key=lambda row: row.registration_id)
        for conflict in _of_person(list(of_person))
    ]
    found += (_void(ConflictKind.CANCELLED, row) for row in connection.execute(_CANCELLED, here))
    found += (_void(ConflictKind.OLD_LIST, row) for row in connection.execute(_REFUSED, here) if _alone(row))
    return sorted(found, key=lambda each: each.again.at, reverse=True)


def _of_person(rows: list[AnyRow]) -> Iterable[Conflict]:
    by_scan: Mapping[str, AnyRow] = {row.scan_id: row for row in rows}
    standing, overridden = door_standing.of_rows(rows).standing, door_standing.overridden_of(rows)
    first = by_scan[standing.admitting.scan_id] if standing.admitting else None
    for entry in standing.conflicts:
        again = by_scan[entry.scan_id]
        elsewhere = first is None or again.device_id != first.device_id
        let_in = (elsewhere and _alone(again)) or again.verdict is Verdict.OK or again.id in overridden
        if let_in or elsewhere:
            yield Conflict(
                ConflictKind.AGAIN,
                again.scan_id,
                again.name,
                again.cohort,
                again.reference,
                _sight(first) if first else None,
                _sight(again),
                let_in,
            )


def _alone(row: AnyRow) -> bool:
    """Whether the phone had judged it before the server did."""
    return bool(row.received_at - row.corrected_at > LATE)


def _void(kind: ConflictKind, row: AnyRow) -> Conflict:
    return Conflict(
        kind,
        row.scan_id,
        row.name,
        row.cohort,
        row.reference,
        None,
        _sight(row),
        let_in=True,
        void_since=row.void_since,
    )


def _sight(row: AnyRow) -> Sight:
    return Sight(row.corrected_at, row.gate, row.device_id, row.device)
