"""What goes with every change of a registration: a line in its history and the mail that tells the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import connection_of
from app.domain.errors import DomainError
from app.domain.registering.registrations import may_become
from app.models import Meetup, Registration, RegistrationEvent, Status
from app.prepared import Appending
from app.services.mails import outbox

_APPEND = Appending(RegistrationEvent.__table__)


def held_with_meetup(session: Session, registration_id: int) -> tuple[Meetup, Registration]:
    """A registration and its meetup as they are now, under the seat lock."""
    meetup_id = session.scalars(
        select(Registration.meetup_id).where(Registration.id == registration_id)
    ).one()
    meetup = Meetup.locked(session, meetup_id)
    return meetup, session.get_one(Registration, registration_id, with_for_update=True)


def change(
    session: Session, rows: Sequence[Registration], after: Status, actor: str, reason: str = ""
) -> None:
    """Let these become `after`, each with a line in its history; refuses a change that their life does not have."""
    at = now()
    by_before: dict[Status, list[Registration]] = {}
    for row in rows:
        if not may_become(row.status, after):
            raise DomainError("not_endable")
        by_before.setdefault(row.status, []).append(row)
        row.status, row.status_at = after, at
        row.offered_until = row.answer_by = None
    session.flush()
    for before, changed in by_before.items():
        note(session, changed, before, actor, reason)


def note(
    unit: Session | Connection,
    rows: Sequence[Registration],
    before: Status | None,
    actor: str,
    reason: str = "",
    *,
    at: dt.datetime | None = None,
) -> None:
    """Append the change that these rows have just gone through to their history; `at`: it was none of state."""
    events = [
        {
            "registration_id": row.id,
            "at": at or row.status_at,
            "before": before,
            "after": row.status,
            "actor": actor,
            "reason": reason,
        }
        for row in rows
    ]
    _APPEND.add_all(connection_of(unit), events)


def owe(
    unit: Session | Connection,
    kind: str,
    meetup: Any,
    rows: Sequence[Any],
    **params: Any,
) -> None:
    """Owe each of them a mail of `kind`; a walk-in without an address gets none.

    `rows`: registrations, or just their `id`, `address` and `locale`.
    """
    about = {"program_id": meetup.program_id, "meetup_id": meetup.id, "params": params}
    outbox.enqueue_many(
        unit,
        kind,
        [
            about | {"registration_id": row.id, "address": row.address, "locale": row.locale}
            for row in rows
            if row.address
        ],
    )
