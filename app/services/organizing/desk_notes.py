"""What organizers note of one registration, for themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.models import Registration, RegistrationNote
from app.reading import among
from app.services import audit

ACT = "registration.noted"
LONGEST = 2000


def save(
    registration_id: int, words: str, actor: str, *, based_on: int | None = None, reason: str = ""
) -> None:
    """Note this; "" for nothing. Refused where somebody else changed it since the revision that was shown.

    The words stay out of the audit log: they are about somebody.
    """
    with transaction() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        if based_on is not None and based_on != _revision(_of(session, registration_id)):
            raise DomainError("note_changed")
        if write(session, registration_id, words, actor):
            program_id = registration.meetup.program_id
            audit.record(
                session, ACT, registration, actor, program_id=program_id, reason=reason, set=bool(words)
            )


def write(session: Session, registration_id: int, words: str, actor: str) -> bool:
    """In the caller's transaction, which holds the registration: whether anything changed."""
    note = _of(session, registration_id)
    if (note.words if note else "") == words:
        return False
    if note is None:
        note = RegistrationNote(registration_id=registration_id, revision=0)
        session.add(note)
    note.words, note.revision = words, note.revision + 1
    note.changed_at, note.changed_by = now(), actor
    session.flush()
    return True


def of_registration(registration_id: int) -> RegistrationNote | None:
    return _of(db.session(), registration_id)


def of_registrations(registrations: Collection[int]) -> Mapping[int, str]:
    query = select(RegistrationNote.registration_id, RegistrationNote.words)
    rows = db.session.execute(query.where(among(RegistrationNote.registration_id, registrations)))
    return dict(rows.all())


def _of(session: Session, registration_id: int) -> RegistrationNote | None:
    query = select(RegistrationNote).where(RegistrationNote.registration_id == registration_id)
    return session.scalars(query).one_or_none()


def _revision(note: RegistrationNote | None) -> int:
    return note.revision if note else 0
