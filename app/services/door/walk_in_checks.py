"""Verifying walk-ins afterwards: whom on the roster somebody is who came without a registration and said a cohort.

Where the meetup verifies none, nothing is asked; of guests, who said no cohort, nothing ever is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.claims import Statement
from app.domain.registering.registrations import Status
from app.models import (
    AS_WALK_IN,
    IS_ACTIVE,
    Cohort,
    Meetup,
    Person,
    Registration,
    RosterEntry,
    Source,
    WalkInCheck,
)
from app.services import audit
from app.services.races import once_more
from app.services.registering import claim_matches
from app.services.registering.claim_matches import Match
from app.services.registering.registration_changes import held_with_meetup

FOUND, NOT_LISTED, TAKEN_BACK = "walk_in.found", "walk_in.not_listed", "walk_in.check_taken_back"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A walk-in to be verified, and the people of the roster who may be meant, the likeliest first."""

    registration: Registration
    matches: Sequence[Match]


def waiting(meetup: Meetup, *, start: int, size: int) -> list[Registration]:
    """A page of those to be verified as they came; one more than `size` when there is a next page."""
    rows = _whole(_open(meetup)).order_by(Registration.id).offset(start).limit(size + 1)
    return list(db.session.scalars(rows))


def number_waiting(meetup: Meetup) -> int:
    if not meetup.door_verifies_walk_ins:
        return 0
    query = _open(meetup).with_only_columns(func.count())
    return db.session.scalar(query) or 0


Alike = dict[int, dict[int, frozenset[str]]]  # by registration: people, and in what each agrees


def alike(meetup: Meetup, rows: Sequence[Registration], text: str = "") -> Alike:
    """Whom the roster has for each of these, in as many statements for a page as for one; with `text`, whom a search
    finds instead."""
    said = {row.id: Statement(row.person.name, row.cohort_id, "", "") for row in rows}
    return claim_matches.find_each(meetup.program_id, said, text)


def told(meetup: Meetup, found: Alike) -> list[Waiting]:
    """Everything about them that a page shows."""
    people = {person: frozenset[str]() for ids in found.values() for person in ids}
    matches = {each.person.id: each for each in claim_matches.told_of(meetup.id, people)}
    rows = db.session.scalars(_whole(select(Registration)).where(Registration.id.in_(found)))
    by_id = {row.id: row for row in rows}
    return [
        Waiting(by_id[number], [matches[person].by(why) for person, why in ids.items()])
        for number, ids in found.items()
    ]


def decided(meetup_id: int, limit: int) -> Sequence[WalkInCheck]:
    """Those decided last."""
    query = (
        select(WalkInCheck)
        .join(WalkInCheck.registration)
        .where(Registration.meetup_id == meetup_id)
        .order_by(WalkInCheck.decided_at.desc(), WalkInCheck.id.desc())
        .options(
            joinedload(WalkInCheck.registration).joinedload(Registration.person),
            joinedload(WalkInCheck.came_as),
        )
    )
    return db.session.scalars(query.limit(limit)).all()


def of_registration(registration_id: int) -> WalkInCheck | None:
    query = select(WalkInCheck).where(WalkInCheck.registration_id == registration_id)
    return db.session.scalars(query).one_or_none()


def find(meetup_id: int, reference: str) -> Registration | None:
    """The walk-in of that number who said a cohort."""
    return db.session.scalars(
        _whole(_asked(meetup_id)).where(Registration.reference == reference)
    ).one_or_none()


@once_more
def match(registration_id: int, person_id: int, actor: str) -> Registration:
    """The walk-in is this person of the roster, whose registration it becomes.

    Refused where nobody like that is on the programme's rosters, or where they have a place at this meetup already:
    then two came, or one has to go.
    """
    with transaction() as session:
        meetup, registration = _undecided(session, registration_id)
        entries = _entries(session, meetup, person_id)
        _require_no_other(session, registration, person_id)
        check = _decide(session, registration, person_id, actor)
        listed = [entry.cohort_id for entry in entries]
        if registration.cohort_id not in listed:
            registration.cohort_id = listed[-1]
        registration.person_id, registration.is_verified = person_id, True
        audit.record(
            session,
            FOUND,
            registration,
            actor,
            program_id=meetup.program_id,
            person=person_id,
            came_as=check.came_as_id,
        )
        return registration


@once_more
def not_listed(registration_id: int, reason: str, actor: str) -> Registration:
    """The roster has nobody like them; they stay who they said they are, not verified."""
    with transaction() as session:
        meetup, registration = _undecided(session, registration_id)
        _decide(session, registration, None, actor, reason)
        audit.record(session, NOT_LISTED, registration, actor, program_id=meetup.program_id, reason=reason)
        return registration


@once_more
def take_back(registration_id: int, actor: str) -> Registration:
    """As if it had not been decided; the audit trail keeps both. Twice is harmless."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        check = session.scalars(
            select(WalkInCheck).where(WalkInCheck.registration_id == registration.id)
        ).one_or_none()
        if check is None:
            return registration
        registration.person_id, registration.cohort_id = check.came_as_id, check.said_cohort_id
        registration.is_verified = False
        session.delete(check)
        audit.record(session, TAKEN_BACK, registration, actor, program_id=meetup.program_id)
        return registration


def _undecided(session: Session, registration_id: int) -> tuple[Meetup, Registration]:
    meetup, registration = held_with_meetup(session, registration_id)
    if registration.source is not Source.WALK_IN or registration.cohort_id is None:
        raise DomainError("walk_in_is_guest")
    known = select(WalkInCheck.id).where(WalkInCheck.registration_id == registration.id)
    if session.scalar(known) is not None:
        raise DomainError("walk_in_check_decided")
    if registration.status is not Status.CONFIRMED:
        raise DomainError("walk_in_gone")
    return meetup, registration


def _entries(session: Session, meetup: Meetup, person_id: int) -> Sequence[RosterEntry]:
    """Where the programme's rosters have this person, the newest cohort last."""
    entries = session.scalars(
        select(RosterEntry)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .where(RosterEntry.person_id == person_id, Cohort.program_id == meetup.program_id)
        .order_by(Cohort.ordinal)
    ).all()
    if not entries:
        raise DomainError("claim_person_unknown")
    return entries


def _require_no_other(session: Session, registration: Registration, person_id: int) -> None:
    other = select(Registration.id).where(
        Registration.meetup_id == registration.meetup_id,
        Registration.person_id == person_id,
        Registration.id != registration.id,
        IS_ACTIVE,
    )
    if session.scalars(other.limit(1)).first() is not None:
        raise DomainError("walk_in_person_registered")


def _decide(
    session: Session, registration: Registration, person_id: int | None, actor: str, reason: str = ""
) -> WalkInCheck:
    check = WalkInCheck(
        registration_id=registration.id,
        person_id=person_id,
        came_as_id=registration.person_id,
        said_cohort_id=registration.cohort_id,
        decided_at=now(),
        decided_by=actor,
        reason=reason,
    )
    session.add(check)
    return check


def _asked(meetup_id: int) -> Select[Registration]:
    """Found by the index of walk-ins alone: among 100,000 registrations they may be none."""
    walk_in = aliased(Registration)
    theirs = select(walk_in.id).where(walk_in.meetup_id == meetup_id, walk_in.source == AS_WALK_IN)
    return select(Registration).where(Registration.id.in_(theirs), Registration.cohort_id.is_not(None))


def _open(meetup: Meetup) -> Select[Registration]:
    decided = select(WalkInCheck.id).where(WalkInCheck.registration_id == Registration.id).exists()
    erased = select(Person.id).where(Person.id == Registration.person_id, Person.erased_at.is_not(None))
    there = Registration.status == Status.CONFIRMED
    undecided = _asked(meetup.id).where(there, ~decided, ~erased.exists())
    return undecided if meetup.door_verifies_walk_ins else undecided.where(Registration.id.is_(None))


def _whole(query: Select[Registration]) -> Select[Registration]:
    return query.options(joinedload(Registration.person), joinedload(Registration.cohort))
