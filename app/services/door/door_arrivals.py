"""Who is in and who has left, told to phones as what changed since they last asked.

Rows of the ledger may become visible out of the order of their ids: a transaction that began earlier may
end later. So a phone's cursor stays `OVERLAP` rows behind the newest, and counts the rows up to itself: where
another number stands there by now, something came late, and the phone gets everything anew.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, true

from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.models import CheckIn, Registration, Ticket
from app.services.door import door_list
from app.services.door.door_rows import AnyRow

OVERLAP = 64
_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})")
_check_in, _registration, _ticket = CheckIn.__table__, Registration.__table__, Ticket.__table__
_first = _check_in.alias("first")
_HERE = _check_in.c.meetup_id == bindparam("meetup")
_NEWEST = select(func.count(), func.max(_check_in.c.id)).where(_HERE)
_UP_TO = select(
    func.count().filter(_check_in.c.id <= bindparam("known")),
    func.count().filter(_check_in.c.id <= bindparam("settled")),
).where(_HERE)

_SPEAKS = or_(_ticket.c.revoked_at.is_(None), _registration.c.status != Status.CONFIRMED)


def _tickets(which: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    """Tickets, and the entry of whoever holds them. Of who has a seat the valid one; of others any, as they may be in."""
    return (
        select(
            _ticket.c.uid,
            _ticket.c.revision,
            _registration.c.admitted_at,
            _registration.c.admitted_count,
            _registration.c.left_count,
            _registration.c.left_at,
            _first.c.gate,
        )
        .select_from(
            _registration.join(_ticket, _ticket.c.registration_id == _registration.c.id).outerjoin(
                _first, _first.c.id == _registration.c.admitted_by_id
            )
        )
        .where(_registration.c.meetup_id == bindparam("meetup"), _SPEAKS, which)
        .order_by(_ticket.c.id)
    )


_SEEN_SINCE = select(_check_in.c.registration_id).where(
    _HERE, _check_in.c.id > bindparam("known"), _check_in.c.registration_id.is_not(None)
)
_INSIDE = _tickets(_registration.c.admitted_at.is_not(None))
_ALL = _tickets(true())
_CHANGED = _tickets(_registration.c.id.in_(_SEEN_SINCE))
_CHANGED_OR_REISSUED = _tickets(or_(_registration.c.id.in_(_SEEN_SINCE), _ticket.c.revision > 1))


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a phone's knowledge goes: `counted` rows of the ledger up to `known`, `reissued` tickets."""

    known: int
    counted: int
    reissued: int

    def __str__(self) -> str:
        return f"{self.known}.{self.counted}.{self.reissued}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """How much the ledger holds of a meetup: another pair of numbers whenever a row came to it."""

    rows: int
    newest: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A ticket with which somebody came in; `at` is None where nobody has.

    `people`: who are in now; `left`: when the last of those who are not went.
    """

    lookup: bytes
    at: dt.datetime | None
    gate: str | None
    people: int = 1
    left: dt.datetime | None = None


def cursor_of(text: str) -> Cursor:
    """The cursor that a phone sent; refused if we never made such a one."""
    found = _CURSOR.fullmatch(text)
    if not found:
        raise DomainError("unreadable_list")
    return Cursor(*map(int, found.groups()))


def ledger(meetup_id: int) -> Ledger:
    rows, newest = db.session.connection().execute(_NEWEST, {"meetup": meetup_id}).one()
    return Ledger(rows, newest or 0)


def since(meetup_id: int, seen: Ledger, reissued: int, after: Cursor | None) -> tuple[list[Arrival], Cursor]:
    """What a phone with this cursor lacks, and its next one. An arrival may be told twice, none is left out.

    `seen` was read before: what comes to the ledger meanwhile is told now and once more the next time.
    """
    connection, settled = db.session.connection(), max(seen.newest - OVERLAP, 0)
    given = {"meetup": meetup_id, "known": after.known if after else 0, "settled": settled}
    counted, then = connection.execute(_UP_TO, given).one()
    rows = connection.execute(_asked(after, counted, reissued), given)
    return [_arrival(meetup_id, row) for row in rows], Cursor(settled, then, reissued)


def _asked(after: Cursor | None, counted: int, reissued: int) -> Select[*tuple[object, ...]]:
    if after is None:
        return _INSIDE
    if after.counted != counted:
        return _ALL
    return _CHANGED if after.reissued == reissued else _CHANGED_OR_REISSUED


def _arrival(meetup_id: int, row: AnyRow) -> Arrival:
    gate = row.gate if row.admitted_at is not None else None
    people = row.admitted_count - row.left_count
    return Arrival(
        door_list.lookup(row.uid, row.revision, meetup_id), row.admitted_at, gate, people, row.left_at
    )
