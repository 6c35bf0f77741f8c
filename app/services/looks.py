"""Every look at people's data by staff leaves an entry in the audit log."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.models import AuditEntry
from app.services import audit

ONE_LOOK = dt.timedelta(hours=1)


def at_attendee(program_id: int, registration_id: int, actor: str) -> None:
    _note("attendee.viewed", f"registration:{registration_id}", program_id, actor)


def at_person(program_id: int, person_id: int, actor: str) -> None:
    _note("person.viewed", f"person:{person_id}", program_id, actor)


def at_attendees(program_id: int, meetup_id: int, actor: str) -> None:
    """Once an account, a meetup and an hour: turning pages and filtering is one look."""
    subject = f"meetup:{meetup_id}"
    known = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.at > now() - ONE_LOOK,
        AuditEntry.act == "attendees.listed",
        AuditEntry.actor == actor,
    )
    if db.session.scalars(known.limit(1)).first() is None:
        _note("attendees.listed", subject, program_id, actor)


def _note(act: str, subject: str, program_id: int, actor: str) -> None:
    with transaction() as session:
        audit.record(session, act, subject, actor, program_id=program_id)
