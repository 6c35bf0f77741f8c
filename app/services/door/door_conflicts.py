"""What the door's phones did without knowing of each other or of the desk, for people to look at: a ticket that came more
often than it is good for, one that was cancelled meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from app.db import db
from app.domain.door.admission import Verdict
from app.domain.door.conflicts import ConflictKind, Void
from app.domain.door.ledger import Entry
from app.models import (
    CheckIn,
    CheckInKind,
    Cohort,
    Device,
    Meetup,
    Person,
    Registration,
    RegistrationEvent,
    Status,
    Ticket,
)
from app.services.door import door_standing
from app.services.door.door_rows import AnyRow
from app.services.door.door_standing import History

# A phone sends a scan at once and, without an answer, judges it after 1.5 s: what it sent later it had judged alone.
LATE = dt.timedelta(seconds=2)

_check_in, _registration, _device = CheckIn.__table__, Registration.__table__, Device.__table__
_override = _check_in.alias("override")
_person, _cohort, _ticket = Person.__table__, Cohort.__table__, Ticket.__table__
_event, _meetup = RegistrationEvent.__table__, Meetup.__table__


_VOID_BY = {
    Verdict.CANCELED: Void.CANCELLED,
    Verdict.UNAPPROVED: Void.CANCELLED,  # by the organizer
    Verdict.REVOKED: Void.REPLACED,
    Verdict.WAITLISTED: Void.RELEASED,
    Verdict.CALLED_OFF: Void.CALLED_OFF,
}


def _overridden() -> ColumnElement[bool]:
    return exists().where(
        _override.c.refers_to_id == _check_in.c.id, _override.c.kind == CheckInKind.OVERRIDE
    )


def _counts_as_entry() -> ColumnElement[bool]:
    valid = _check_in.c.verdict.in_(door_standing.OF_A_VALID_TICKET)
    return (_check_in.c.kind == CheckInKind.ENTRY) & (valid | _overridden())


# Whoever came in at all, and by more than one entry or with more than one person: of others there is no conflict.
_SEVERAL = (
    select(_check_in.c.registration_id)
    .where(_check_in.c.meetup_id == bindparam("meetup"), _counts_as_entry())
    .group_by(_check_in.c.registration_id)
    .having(or_(func.count() > 1, func.max(_check_in.c.let_in) > 1))
)
_SHOWN = (
    _check_in.c.scan_id,
    _check_in.c.verdict,
    _check_in.c.corrected_at,
    _check_in.c.received_at,
    _check_in.c.gate,
    _check_in.c.device_id,
    _check_in.c.let_in,
    _device.c.name.label("device"),
    _registration.c.reference,
    _person.c.name,
    _cohort.c.ordinal.label("cohort"),
)
_WHOLE = (
    _check_in.join(_registration, _registration.c.id == _check_in.c.registration_id)
    .join(_person, _person.c.id == _registration.c.person_id)
    .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
    .outerjoin(_device, _device.c.id == _check_in.c.device_id)
)


def _seen(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """What the meetup's ledger holds, with whose ticket it was and who scanned it."""
    return select(*_SHOWN, *more).select_from(_WHOLE).where(_check_in.c.meetup_id == bindparam("meetup"))


_ROWS = (
    _seen(
        _check_in.c.id,
        _check_in.c.kind,
        _check_in.c.refers_to_id,
        _check_in.c.admits,
        _device.c.role.label("device_role"),
        _check_in.c.registration_id,
        (1 + _registration.c.companions).label("size"),
    )
    .where(_check_in.c.registration_id.in_(_SEVERAL))
    .order_by(_check_in.c.registration_id, _check_in.c.id)
)


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
_CANCELLED = _seen(_since(_LOST_MEANWHILE), _since(_RELEASED_MEANWHILE, "released_at")).where(
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
_REFUSED = (
    _seen(_since(_VOID_SINCE))
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
        ~_overridden(),
    )
)


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
    "already in". `over`: so many people are too many on a ticket for `size`. `void_since`: from when on the ticket was
    no longer good, `void_by` what; `verdict`: what the server says of an overridden one, of which it may know nobody.
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
    void_by: Void | None = None
    verdict: Verdict | None = None
    over: int = 0
    size: int = 1


def of(meetup_id: int) -> list[Conflict]:
    """The conflicts of a meetup, the newest first; three statements.

    Which scans they are does not depend on when they were uploaded: that is `ledger.standing`'s word on all of them.
    What somebody was answered at once (`let_in`) is as it was.
    """
    connection, here = db.session.connection(), {"meetup": meetup_id}
    rows = connection.execute(_ROWS, here)
    found = [
        conflict
        for _, of_person in groupby(rows, key=lambda row: row.registration_id)
        for conflict in _of_person(list(of_person))
    ]
    for row in connection.execute(_CANCELLED, here):
        by = Void.RELEASED if row.released_at == row.void_since else Void.CANCELLED
        found.append(_void(ConflictKind.CANCELLED, row, by))
    refused = (row for row in connection.execute(_REFUSED, here) if _opened(row))
    found += (_void(ConflictKind.OLD_LIST, row, _VOID_BY[row.verdict]) for row in refused)
    return sorted(found, key=lambda each: (each.again.at, each.scan_id), reverse=True)


def _of_person(rows: Sequence[AnyRow]) -> Iterable[Conflict]:
    by_scan = {row.scan_id: row for row in rows}
    for found in _with_answers(door_standing.of_rows(rows), rows).standing.conflicts:
        again = by_scan[found.entry.scan_id]
        yield Conflict(
            ConflictKind.TOO_MANY if found.room else ConflictKind.AGAIN,
            again.scan_id,
            again.name,
            again.cohort,
            again.reference,
            _sight(by_scan[found.first.scan_id]) if found.first else None,
            _sight(again),
            found.let_in,
            over=found.over,
            size=again.size,
        )


def _with_answers(held: History, rows: Sequence[AnyRow]) -> History:
    """How many the server let in by each entry whose phone had its word at once, as the ledger stood then."""
    answered = {
        row.scan_id: door_standing.of_rows(rows[: number + 1]).standing.taken.get(row.scan_id, 0)
        if row.verdict is Verdict.OK
        else 0
        for number, row in enumerate(rows)
        if row.kind is CheckInKind.ENTRY and not _is_late(row)
    }
    passages = (
        replace(each, answered=answered.get(each.scan_id)) if isinstance(each, Entry) else each
        for each in held.passages
    )
    return replace(held, passages=tuple(passages))


def _opened(row: AnyRow) -> bool:
    """Whether the phone let somebody in, whom the server refuses, as far as it says or else may have."""
    return bool(row.let_in) or (row.let_in is None and _is_late(row))


def _is_late(row: AnyRow) -> bool:
    """Whether the phone had judged it before the server did."""
    return bool(row.received_at - row.corrected_at > LATE)


def _void(kind: ConflictKind, row: AnyRow, by: Void) -> Conflict:
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
        void_by=by,
    )


def _sight(row: AnyRow) -> Sight:
    return Sight(row.corrected_at, row.gate, row.device_id, row.device)
