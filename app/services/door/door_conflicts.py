"""What the door's phones did without knowing of each other or of the desk, for people to look at: a ticket that came more
often than it is good for, one that was cancelled meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from app.db import db
from app.domain.door.admission import Verdict
from app.domain.door.conflicts import ConflictKind
from app.domain.door.ledger import Entry
from app.models import CheckIn, CheckInKind
from app.services.door import door_sights, door_standing, door_voids
from app.services.door.door_rows import AnyRow
from app.services.door.door_sights import Conflict
from app.services.door.door_standing import History

_check_in = CheckIn.__table__


def _counts_as_entry() -> ColumnElement[bool]:
    valid = _check_in.c.verdict.in_(door_standing.OF_A_VALID_TICKET)
    return (_check_in.c.kind == CheckInKind.ENTRY) & (valid | door_sights.overridden())


# Whoever came in at all, and by more than one entry or with more than one person: of others there is no conflict.
_SEVERAL = (
    select(_check_in.c.registration_id)
    .where(_check_in.c.meetup_id == bindparam("meetup"), _counts_as_entry())
    .group_by(_check_in.c.registration_id)
    .having(or_(func.count() > 1, func.max(_check_in.c.let_in) > 1))
)
_ROWS = (
    door_sights.seen(
        _check_in.c.id,
        _check_in.c.kind,
        _check_in.c.refers_to_id,
        _check_in.c.admits,
        _check_in.c.registration_id,
    )
    .where(_check_in.c.registration_id.in_(_SEVERAL))
    .order_by(_check_in.c.registration_id, _check_in.c.id)
)


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
    found += door_voids.of(connection, meetup_id)
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
            door_sights.sight(by_scan[found.first.scan_id]) if found.first else None,
            door_sights.sight(again),
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
        if row.kind is CheckInKind.ENTRY and not door_sights.is_late(row)
    }
    passages = (
        replace(each, answered=answered.get(each.scan_id)) if isinstance(each, Entry) else each
        for each in held.passages
    )
    return replace(held, passages=tuple(passages))
