"""Every look at people's data by staff leaves an entry in the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

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


def at_people(program_id: int, people: Iterable[int], actor: str) -> None:
    """At each of those that a search found: once their page is made, as what was loaded is expired then."""
    if seen := [("person.viewed", f"person:{number}") for number in people]:
        with transaction() as session:
            audit.record_each(session, seen, actor, program_id=program_id)


def at_claim(program_id: int, registration_id: int, shown: Iterable[int], actor: str) -> None:
    """At a list check and the people of the list who are shown with it."""
    seen = [("attendee.viewed", f"registration:{registration_id}")]
    seen += [("person.viewed", f"person:{number}") for number in shown]
    with transaction() as session:
        audit.record_each(session, seen, actor, program_id=program_id)


def at_walk_ins(program_id: int, registrations: Iterable[int], shown: Iterable[int], actor: str) -> None:
    """At walk-ins to be verified and the people of the list who are shown with them."""
    seen = [("attendee.viewed", f"registration:{number}") for number in registrations]
    seen += [("person.viewed", f"person:{number}") for number in sorted(shown)]
    if seen:
        with transaction() as session:
            audit.record_each(session, seen, actor, program_id=program_id)


def at_attendees(program_id: int, meetup_id: int, actor: str) -> None:
    _note_list("attendees.listed", f"meetup:{meetup_id}", program_id, actor)


def at_unregistered(program_id: int, meetup_id: int, actor: str) -> None:
    _note_list("unregistered.listed", f"meetup:{meetup_id}", program_id, actor)


def at_attendance(program_id: int, actor: str) -> None:
    """At who of the programme came how often."""
    _note_list("attendance.listed", f"program:{program_id}", program_id, actor)


def at_roster(program_id: int, cohort_id: int, actor: str) -> None:
    _note_list("roster.listed", f"cohort:{cohort_id}", program_id, actor)


def at_trail(program_id: int, actor: str) -> None:
    _note_list("trail.viewed", f"program:{program_id}", program_id, actor)


def _note_list(act: str, subject: str, program_id: int, actor: str) -> None:
    """Once an account, a list and an hour: turning pages and filtering is one look."""
    known = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.at > now() - ONE_LOOK,
        AuditEntry.act == act,
        AuditEntry.actor == actor,
    )
    if db.session.scalars(known.limit(1)).first() is None:
        _note(act, subject, program_id, actor)


def _note(act: str, subject: str, program_id: int, actor: str) -> None:
    with transaction() as session:
        audit.record(session, act, subject, actor, program_id=program_id)
