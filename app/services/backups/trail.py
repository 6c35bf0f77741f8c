"""The audit trail of a backup beside ours: whether it is our own past, and what was done since.

Whoever holds a backup holds the keys, so a seal proves nothing about a trail that comes with the file: what counts is
whether every entry of it is among ours, as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, select

from app.models import AuditEntry
from app.services.backups.rows import table_of

AT_ONCE = 500
Rows = Callable[[Table], Iterable[dict[str, Any]]]
# All but the reason, which an erasure may have emptied; its mark stays.
SAME = ("id", "at", "program_id", "actor", "act", "subject", "reason_mark", "details")


def is_own_past(connection: Connection, then: Rows) -> bool:
    """Whether every entry of the backup is among ours, the same; an empty trail is a beginning of any."""
    entries = table_of(AuditEntry)
    columns = [entries.c[name] for name in SAME]
    rows = iter(then(entries))
    while part := list(islice(rows, AT_ONCE)):
        ids = [row["id"] for row in part]
        ours = {
            row.id: tuple(row) for row in connection.execute(select(*columns).where(entries.c.id.in_(ids)))
        }
        if any(ours.get(row["id"]) != tuple(row[name] for name in SAME) for row in part):
            return False
    return True


def would_be_lost(connection: Connection, then: Rows) -> bool:
    """Whether there is a trail here that the backup's would take the place of."""
    there_is = connection.scalar(select(AuditEntry.id).limit(1)) is not None
    return there_is and not is_own_past(connection, then)


def done_since(connection: Connection, then: Rows, *acts: str) -> list[Any]:
    """`act`, `actor`, `subject`, `reason` and `details` of the entries of these acts that the backup doesn't hold, the oldest first."""
    entries = table_of(AuditEntry)
    known = {row["id"] for row in then(entries) if row["act"] in acts}
    columns = (entries.c[name] for name in ("id", "act", "actor", "subject", "reason", "details"))
    ours = connection.execute(select(*columns).where(entries.c.act.in_(acts)).order_by(entries.c.id))
    return [row for row in ours if row.id not in known]


def number_of(subject: str) -> int:
    """The row's id in "person:7"."""
    return int(subject.partition(":")[2])
