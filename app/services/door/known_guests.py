"""Guests who came without a registration: an organizer knows who they are, and puts right how their name was written."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.writing.names import search_key
from app.domain.writing.typed_names import read_name
from app.models import Meetup, Person, Registration, Source
from app.services import audit
from app.services.door import door_counts
from app.services.organizing import told_changes
from app.services.registering import claims
from app.services.registering.registration_changes import held_with_meetup

BY_HAND = frozenset({Source.WALK_IN, Source.ADDED})
CONFIRMED, TAKEN_BACK, RENAMED = "guest.confirmed", "guest.confirmation_taken_back", "guest.renamed"


def may_confirm(registration: Registration) -> bool:
    """A guest who walked in. Whoever said a cohort is looked for on the roster instead."""
    is_guest = registration.source is Source.WALK_IN and registration.cohort_id is None
    return is_guest and registration.status is Status.CONFIRMED


def confirm(registration_id: int, actor: str, *, is_known: bool) -> None:
    """They are who they said, by this organizer's word; or not any more. Twice changes nothing."""
    with transaction() as session:
        meetup, registration = _held(session, registration_id)
        if not may_confirm(registration):
            raise DomainError("guest_not_confirmable")
        if registration.is_verified is is_known:
            return
        registration.is_verified = is_known
        act = CONFIRMED if is_known else TAKEN_BACK
        audit.record(session, act, registration, actor, program_id=meetup.program_id)


def may_rename(session: Session, registration: Registration, *, also_elsewhere: bool) -> bool:
    """Whom no roster has, and nothing but organizers' hands: walk-ins and guests who were added.

    `also_elsewhere`: also somebody who is at other meetups of the programme, where the name is the same.
    """
    return _not_renamable(session, registration, also_elsewhere=also_elsewhere) is None


def rename(registration_id: int, name: str, actor: str, *, also_elsewhere: bool) -> None:
    """The name as it should have been written; the records have neither, the registration's history both.
    `also_elsewhere`: as in `may_rename`."""
    tidy = read_name(name)
    with transaction() as session:
        meetup, registration = _held(session, registration_id)
        if problem := _not_renamable(session, registration, also_elsewhere=also_elsewhere):
            raise DomainError(problem)
        person = session.get_one(Person, registration.person_id, with_for_update=True)
        if person.name == tidy:
            return
        told = told_changes.keep(session, {registration.id: [("name", person.name, tidy)]})
        person.name, person.search_key = tidy, search_key(tidy)
        audit.record(session, RENAMED, registration, actor, program_id=meetup.program_id, change=told)
    door_counts.forget(meetup.id)


def _not_renamable(session: Session, registration: Registration, *, also_elsewhere: bool) -> str | None:
    if registration.source not in BY_HAND or claims.is_listed(session, registration.person_id):
        return "guest_not_renamable"
    told = Registration.source.not_in(sorted(BY_HAND))
    beyond = told if also_elsewhere else or_(told, Registration.meetup_id != registration.meetup_id)
    others = select(Registration.id).where(Registration.person_id == registration.person_id, beyond)
    return "guest_known_elsewhere" if session.scalar(others.limit(1)) else None


def _held(session: Session, registration_id: int) -> tuple[Meetup, Registration]:
    meetup, registration = held_with_meetup(session, registration_id)
    if registration.person.erased_at:
        raise DomainError("no_such_person")
    return meetup, registration
