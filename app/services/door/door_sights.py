"""What a conflict shows: which scans the ledger contradicts, with whose ticket it was and who scanned it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select

from app.domain.door.admission import Verdict
from app.domain.door.conflicts import ConflictKind, Void
from app.models import CheckIn, CheckInKind, Cohort, Device, Person, Registration
from app.services.door.door_rows import AnyRow

# A phone sends a scan at once and, without an answer, judges it after 1.5 s: what it sent later it had judged alone.
LATE = dt.timedelta(seconds=2)

_check_in, _registration, _device = CheckIn.__table__, Registration.__table__, Device.__table__
_override = _check_in.alias("override")
_person, _cohort = Person.__table__, Cohort.__table__
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
    (1 + _registration.c.companions).label("size"),
    _person.c.name,
    _cohort.c.ordinal.label("cohort"),
)
_WHOLE = (
    _check_in.join(_registration, _registration.c.id == _check_in.c.registration_id)
    .join(_person, _person.c.id == _registration.c.person_id)
    .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
    .outerjoin(_device, _device.c.id == _check_in.c.device_id)
)


def seen(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """What the meetup's ledger holds, with whose ticket it was and who scanned it."""
    return select(*_SHOWN, *more).select_from(_WHOLE).where(_check_in.c.meetup_id == bindparam("meetup"))


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
    no longer good, `void_by` what, `people`: how many came in on it, 0 where nobody says. `verdict`: what the server says
    of an overridden one, of which it may know nobody.
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
    people: int = 0


def overridden() -> ColumnElement[bool]:
    return exists().where(
        _override.c.refers_to_id == _check_in.c.id, _override.c.kind == CheckInKind.OVERRIDE
    )


def is_late(row: AnyRow) -> bool:
    """Whether the phone had judged it before the server did."""
    return bool(row.received_at - row.corrected_at > LATE)


def sight(row: AnyRow) -> Sight:
    return Sight(row.corrected_at, row.gate, row.device_id, row.device)
