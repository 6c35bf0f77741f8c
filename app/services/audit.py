"""The audit trail: one entry for every use case that changes or hands out something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db import connection_of
from app.domain.audit_seals import reason_mark
from app.keys import keys
from app.models import AuditEntry
from app.prepared import Appending
from app.services.auditing import kinds

_APPEND = Appending(AuditEntry.__table__)
COMMAND, PERSON, WORKER = "command", "person", "worker"


def record(
    unit: Session | Connection,
    act: str,
    subject: object,
    actor: str,
    *,
    program_id: int | None,
    reason: str = "",
    **details: Any,
) -> None:
    """Append an entry in the caller's transaction.

    `subject` is a row (named by its table and id; flushed if it is new) or a ready "kind:id".
    `details` are ids, codes and counts; never a name, an address or a phone number.
    """
    named = subject if isinstance(subject, str) else _named(unit, subject)
    connection = connection_of(unit)
    entry = {
        "program_id": program_id,
        "meetup_id": kinds.meetup_of(connection, subject, named, details),
        "actor": actor,
        "act": act,
        "subject": named,
        "reason": reason,
        "reason_mark": reason_mark(keys().audit, reason) if reason else "",
        "details": details,
    }
    _APPEND.add_all(connection, [entry])


def record_each(
    unit: Session | Connection,
    done: Sequence[tuple[str, str]],
    actor: str,
    *,
    program_id: int,
    **details: Any,
) -> None:
    """Append an entry for each of these acts and ready subjects in one statement; `details` are the same of all."""
    connection = connection_of(unit)
    meetups = kinds.meetups_of(connection, {subject for _, subject in done})
    same = {"program_id": program_id, "actor": actor, "reason": "", "details": details}
    entries = [
        same | {"act": act, "subject": subject, "meetup_id": meetups[subject] or details.get("meetup")}
        for act, subject in done
    ]
    _APPEND.add_all(connection, entries)


def _named(unit: Session | Connection, row: Any) -> str:
    if row.id is None and isinstance(unit, Session):
        unit.flush()
    return f"{row.__tablename__}:{row.id}"
