"""Correcting at the desk what a roster says of somebody, with a line for each change: who, when, from what to what.

The words stay out of the audit trail. These lines go with the person.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.door.phones import digits_of
from app.domain.errors import DomainError
from app.domain.rosters import Field
from app.domain.rosters.correcting import Facts
from app.models import PersonPhone, Program, RosterCorrection, RosterEntry
from app.services import audit
from app.services.alumni import roster_writing

ACT = "entry.corrected"
MOST_TOLD = 50


def facts_of(entry: RosterEntry) -> Facts:
    return Facts(
        entry.name, entry.other_name or "", entry.phone or "", entry.certificate or "", entry.completed
    )


def correct(program_id: int, entry_id: int, wanted: Facts, actor: str, *, shown: Facts) -> bool:
    """Whether anything changed. Refused where it is not as the organizer was shown it any more.

    A name is corrected on every list that has the person under it; the next file of the office may say otherwise.
    """
    with transaction() as session:
        session.execute(select(Program.id).where(Program.id == program_id).with_for_update())
        entry = session.get(RosterEntry, entry_id, with_for_update=True)
        if entry is None or entry.person.program_id != program_id:
            raise DomainError("no_such_person")
        before = facts_of(entry)
        changed = before.differing(wanted)
        if not changed:
            return False
        if before.differing(shown):
            raise DomainError("entry_changed_meanwhile")
        for row in _named_alike(session, entry) if Field.NAME in changed else ():
            note(session, row, Field.NAME, row.name, wanted.name, actor)
            row.name = wanted.name
        for field in changed:
            note(session, entry, field, before.told(field), wanted.told(field), actor)
        _write(session, entry, wanted, changed)
        if Field.PHONE in changed:
            _forget_phone(session, entry.person_id, before.phone)
        session.flush()
        roster_writing.rename(session, program_id, {entry.person_id})
        roster_writing.add_phones(session, {entry.person_id})
        session.expire(entry.person)
        audit.record(
            session, ACT, entry, actor, program_id=program_id, parts=[field.value for field in changed]
        )
        return True


def note(session: Session, entry: RosterEntry, field: Field, was: str, became: str, actor: str) -> None:
    """In the caller's transaction, which changes it."""
    session.add(
        RosterCorrection(
            person_id=entry.person_id,
            cohort_id=entry.cohort_id,
            at=now(),
            actor=actor,
            field=field.value,
            was=was,
            became=became,
        )
    )


def of_person(person_id: int) -> Sequence[RosterCorrection]:
    """The latest first."""
    query = select(RosterCorrection).where(RosterCorrection.person_id == person_id)
    query = query.options(joinedload(RosterCorrection.cohort, innerjoin=True))
    return db.session.scalars(query.order_by(RosterCorrection.id.desc()).limit(MOST_TOLD)).all()


def _named_alike(session: Session, entry: RosterEntry) -> Sequence[RosterEntry]:
    """Their entries on other lists that have the same name."""
    others = select(RosterEntry).where(
        RosterEntry.person_id == entry.person_id,
        RosterEntry.name == entry.name,
        RosterEntry.id != entry.id,
    )
    return session.scalars(others.order_by(RosterEntry.id).with_for_update()).all()


def _write(session: Session, entry: RosterEntry, wanted: Facts, changed: Sequence[Field]) -> None:
    for field in changed:
        value = getattr(wanted, field.value)
        setattr(entry, field.value, None if value == "" else value)
    session.flush()


def _forget_phone(session: Session, person_id: int, number: str) -> None:
    """Unless another list says it, too."""
    phones = select(RosterEntry.phone).where(
        RosterEntry.person_id == person_id, RosterEntry.phone.is_not(None)
    )
    digits = digits_of(number)
    if digits and digits not in {digits_of(phone) for phone in session.scalars(phones) if phone}:
        wrong = PersonPhone.person_id == person_id, PersonPhone.digits == digits
        session.execute(delete(PersonPhone).where(*wrong))
