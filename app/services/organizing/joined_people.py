"""That the person behind a registration was joined with another, as its history tells it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db import db
from app.models import AuditEntry, Person, Registration
from app.services.alumni.joining import ACT
from app.services.organizing.door_moments import Moment


def moments(registration_id: int) -> list[Moment]:
    """Of a place that ended by it, with the number of the one that stayed; and of everything that was there before."""
    row = db.session.get_one(Registration, registration_id)
    return [
        _moment(entry, registration_id) for entry in of_person(row.person_id) if entry.at >= row.created_at
    ]


def of_person(person_id: int) -> Sequence[AuditEntry]:
    """All joinings that led to this person, also those of people who were joined into them later."""
    found: dict[int, AuditEntry] = {}
    asked, wanted = set[int](), {person_id}
    while wanted:
        subjects = [f"{Person.__tablename__}:{number}" for number in sorted(wanted)]
        query = select(AuditEntry).where(AuditEntry.subject.in_(subjects), AuditEntry.act == ACT)
        entries = db.session.scalars(query.order_by(AuditEntry.id)).all()
        found |= {entry.id: entry for entry in entries}
        asked |= wanted
        wanted = {int(entry.details["person"]) for entry in entries} - asked
    return [found[number] for number in sorted(found)]


def _moment(entry: AuditEntry, registration_id: int) -> Moment:
    ended, stay = entry.details.get("ended", []), entry.details.get("stay", [])
    if registration_id not in ended:
        return Moment(entry.at, "people_joined", entry.actor, entry.reason)
    if not stay:  # of a version that did not note it
        return Moment(entry.at, "joined_into", entry.actor, entry.reason)
    other = db.session.get_one(Registration, stay[ended.index(registration_id)])
    return Moment(entry.at, "joined_into", entry.actor, f"→ {other.reference}")
