"""What goes with every change of a registration: a line in its history and the mail that tells the person."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Connection, Table, insert
from sqlalchemy.orm import Session

from app.db import connection_of
from app.models import Registration, RegistrationEvent, Status
from app.services import outbox

_APPEND = insert(cast("Table", RegistrationEvent.__table__)).inline()


def note(
    unit: Session | Connection, rows: list[Registration], before: Status | None, actor: str, reason: str = ""
) -> None:
    """Append the change that these rows have just gone through to their history."""
    events = [
        {
            "registration_id": row.id,
            "at": row.status_at,
            "before": before,
            "after": row.status,
            "actor": actor,
            "reason": reason,
        }
        for row in rows
    ]
    connection_of(unit).execute(_APPEND, events)


def owe(unit: Session | Connection, kind: str, meetup: Any, rows: list[Registration]) -> None:
    """Owe each of them a mail of `kind`; a walk-in without an address gets none."""
    about = {"program_id": meetup.program_id, "meetup_id": meetup.id}
    outbox.enqueue_many(
        unit,
        kind,
        [
            about | {"registration_id": row.id, "address": row.address, "locale": row.locale}
            for row in rows
            if row.address
        ],
    )
