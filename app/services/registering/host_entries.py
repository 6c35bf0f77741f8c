"""Whether people have a place at the larger event around their meetup: said by themselves, at any time before its end."""

from __future__ import annotations

from sqlalchemy import func, select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import ACTIVE
from app.models import TAKES_PLACE, Registration
from app.services import audit
from app.services.registering.registration_changes import held_with_meetup

ACT = "registration.host_entry_said"


def say(registration_id: int, entry: HostEntry) -> None:
    """Keep what they say; twice changes nothing."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        if not may_say(registration):
            raise DomainError("no_host_event")
        if registration.host_entry is entry:
            return
        registration.host_entry = entry
        audit.record(session, ACT, registration, audit.PERSON, program_id=meetup.program_id, said=entry)


def may_say(registration: Registration) -> bool:
    """Whether there is a larger event, and a place of theirs at the meetup."""
    meetup = registration.meetup
    is_ahead = meetup.state in TAKES_PLACE and now() < meetup.ends_at
    return meetup.has_host_event and is_ahead and registration.status in ACTIVE


def counts(meetup_id: int) -> dict[HostEntry | None, int]:
    """How many of those who are registered said what; None: nothing."""
    rows = db.session.execute(
        select(Registration.host_entry, func.count())
        .where(Registration.meetup_id == meetup_id, Registration.status.in_(ACTIVE))
        .group_by(Registration.host_entry)
    )
    found: dict[HostEntry | None, int] = dict(rows.all())
    return {entry: found.get(entry, 0) for entry in (*HostEntry, None)}
