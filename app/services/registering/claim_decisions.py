"""Deciding a list check: whom the claimant is on the list, that they belong on it, or that nobody can tell.

Only organizers see what the list has. Whoever is found keeps the rank that the check held; the addresses that the list
had for them are told, so that a stolen identity is noticed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.drawing import Drawing, first_status
from app.domain.seating.modes import Mode
from app.domain.writing.addresses import address_key
from app.domain.writing.names import clean_name, search_key
from app.models import (
    IS_ACTIVE,
    AddressChange,
    AddressProof,
    Claim,
    Cohort,
    Meetup,
    Person,
    PersonAddress,
    Registration,
    RosterEntry,
)
from app.services import audit
from app.services.mails import outbox
from app.services.personal import erased_addresses
from app.services.races import once_more
from app.services.registering import claims, consents, eligibility, registrations
from app.services.registering.registration_changes import change, held_with_meetup, owe
from app.services.seating import draw_entries, promotion, ranks, seat_counts
from app.services.seating.windows import require_ahead


def waiting(meetup_id: int, *, start: int, size: int) -> Sequence[Claim]:
    """A page of the open checks in the order in which they came; one more than `size` when there is a next page."""
    rows = _of(meetup_id, Status.PENDING).order_by(Registration.rank)
    return db.session.scalars(rows.offset(start).limit(size + 1)).all()


def number_waiting(meetup_id: int) -> int:
    query = select(func.count()).where(
        Registration.meetup_id == meetup_id, Registration.status == Status.PENDING
    )
    return db.session.scalar(query) or 0


def decided(meetup_id: int, limit: int) -> Sequence[Claim]:
    """The checks decided last."""
    rows = _of(meetup_id).where(Claim.decided_at.is_not(None), Registration.status != Status.PENDING)
    return db.session.scalars(rows.order_by(Claim.decided_at.desc()).limit(limit)).all()


def find(meetup_id: int, reference: str) -> Claim | None:
    return db.session.scalars(_of(meetup_id).where(Registration.reference == reference)).one_or_none()


@once_more
def link(registration_id: int, person_id: int, actor: str, reason: str = "") -> Registration:
    """The claimant is this person of the list: the address becomes theirs, and the check ends in a place.

    An address that nobody has proved becomes nobody's: mails and ticket go to the one that the list has.
    Refused where the person is on no list of the programme, may not come, or has a place already, here or where else
    the claimant has one; and where a list has the claimant by now.
    """
    with transaction() as session:
        meetup, registration = _undecided(session, registration_id)
        person, claimant_id = _person_of_list(session, meetup, person_id), registration.person_id
        told = session.scalars(
            select(PersonAddress.address)
            .where(PersonAddress.person_id == person_id)
            .order_by(PersonAddress.id)
        ).all()
        is_proved = claimant_id == person_id or bool(claims.proved(session, [registration]))
        if not is_proved and told:
            registration.address = told[-1]
            session.execute(delete(PersonAddress).where(PersonAddress.person_id == claimant_id))
        if claimant_id != person_id:
            _become(session, claimant_id, person_id, actor)
        _settle(session, meetup, registration, person, claimant_id, actor, reason)
        for address in told if is_proved else ():
            if address_key(address) != address_key(registration.address):
                _tell(session, meetup, registration, address)
        return registration


@once_more
def add(registration_id: int, cohort_id: int, name: str, actor: str, reason: str = "") -> Registration:
    """The claimant completed this cohort, though its roster lacks them, or says otherwise: they get an entry, and the
    check ends in a place. Whom a list has by now keeps the name that it gives them."""
    with transaction() as session:
        meetup, registration = _undecided(session, registration_id)
        person = session.get_one(Person, registration.person_id)
        cohort = _cohort_of(session, meetup, cohort_id)
        if not claims.is_listed(session, person.id):
            person.name = clean_name(name) or person.name
            person.search_key = search_key(person.name)
        act, entry = _entry(session, cohort, person, registration)
        audit.record(session, act, entry, actor, program_id=meetup.program_id, reason=reason)
        _settle(session, meetup, registration, person, person.id, actor, reason)
        return registration


@once_more
def refuse(registration_id: int, reason: str, actor: str) -> Registration:
    """Nobody on the list is meant; the reason is told to the claimant, who may ask again."""
    with transaction() as session:
        meetup, registration = _undecided(session, registration_id)
        change(session, [registration], Status.DECLINED, actor, reason)
        owe(session, "registration_not_verified", meetup, [registration], note=reason)
        _decide(session, registration, None, actor, reason)
        audit.record(
            session, "claim.refused", registration, actor, program_id=meetup.program_id, reason=reason
        )
        return registration


def _undecided(session: Session, registration_id: int) -> tuple[Meetup, Registration]:
    meetup, registration = held_with_meetup(session, registration_id)
    require_ahead(meetup)
    if registration.status is not Status.PENDING:
        raise DomainError("claim_decided")
    return meetup, registration


def _person_of_list(session: Session, meetup: Meetup, person_id: int) -> Person:
    listed = select(RosterEntry.id).where(RosterEntry.person_id == Person.id).exists()
    person = session.scalars(
        select(Person).where(Person.id == person_id, Person.program_id == meetup.program_id, listed)
    ).one_or_none()
    if person is None:
        raise DomainError("claim_person_unknown")
    return person


def _cohort_of(session: Session, meetup: Meetup, cohort_id: int) -> Cohort:
    cohort = session.scalars(
        select(Cohort).where(Cohort.id == cohort_id, Cohort.program_id == meetup.program_id)
    ).one_or_none()
    if cohort is None or cohort.id not in {each.id for each in meetup.cohorts}:
        raise DomainError("claim_not_eligible")
    return cohort


def _entry(
    session: Session, cohort: Cohort, person: Person, registration: Registration
) -> tuple[str, RosterEntry]:
    """The person's completed entry in the cohort's roster, and what was done for it: an import may have given them
    one meanwhile."""
    of_person = RosterEntry.cohort_id == cohort.id, RosterEntry.person_id == person.id
    entry = session.scalars(select(RosterEntry).where(*of_person)).one_or_none()
    act = "roster.entry_completed" if entry else "roster.entry_added"
    if entry is None:
        key = address_key(registration.address)
        entry = RosterEntry(cohort_id=cohort.id, person_id=person.id, address_key=key, name=person.name)
        session.add(entry)
    entry.completed = True
    session.flush()
    return act, entry


def _become(session: Session, claimant_id: int, person_id: int, actor: str) -> None:
    """What the claimant had is this person's: the address, its proofs, the registrations of every meetup."""
    _require_apart(session, claimant_id, person_id)
    consents.are_one(session, (claimant_id, person_id), actor)
    for table in (PersonAddress, AddressProof, AddressChange, Registration):
        session.execute(update(table).where(table.person_id == claimant_id).values(person_id=person_id))
    session.execute(delete(Person).where(Person.id == claimant_id))


def _require_apart(session: Session, claimant_id: int, person_id: int) -> None:
    """No list has the claimant, and where they have a place, or ask for one, the person has none."""
    if claims.is_listed(session, claimant_id):
        raise DomainError("claim_person_listed")
    places = select(Registration.meetup_id).where(Registration.person_id == claimant_id, IS_ACTIVE)
    other = select(Registration.id).where(
        Registration.person_id == person_id,
        Registration.meetup_id.in_(places.correlate(None)),
        IS_ACTIVE,
    )
    if session.scalars(other.limit(1)).first() is not None:
        raise DomainError("claim_person_registered")


def _settle(
    session: Session,
    meetup: Meetup,
    registration: Registration,
    person: Person,
    claimant_id: int,
    actor: str,
    reason: str,
) -> None:
    """A seat, a place in line by the rank that the check held, an application or a place in the draw."""
    cohorts = eligibility.cohort_ids(session, meetup.id, person.id)
    if not cohorts:
        raise DomainError("claim_not_invited" if meetup.mode is Mode.INVITATION else "claim_not_eligible")
    erased_addresses.forget(session, meetup.program_id, address_key(registration.address))
    registration.cohort_id, registration.is_verified = cohorts[-1], True
    draw_entries.close_if_due(session, meetup)
    stands = meetup.drawing(now())
    if meetup.mode is Mode.DRAW and stands is not Drawing.ENTERING:  # the drawn order is not theirs
        registration.rank, meetup.next_rank = meetup.next_rank, meetup.next_rank + 1
        session.flush()
    number, asked_at = registration.rank, registration.created_at
    registration.rank = ranks.taken(session.connection(), meetup, number, person.id, asked_at)
    party = seat_counts.party_of(session, meetup, person.id, registration.cohort_id)
    after = first_status(meetup.mode, stands, seat_counts.seating_of(session, meetup), party)
    _decide(session, registration, person, actor, reason)
    whose = {"person": person.id, "claimant": claimant_id}
    program_id = meetup.program_id
    audit.record(
        session, "claim.approved", registration, actor, program_id=program_id, reason=reason, **whose
    )
    mail = registrations.MAIL[after]
    if after is Status.CONFIRMED:
        promotion.seat(session, meetup, [registration], actor, reason, mail=mail)
        return
    change(session, [registration], after, actor, reason)
    if after is Status.APPLIED and stands is Drawing.ENTERING:
        draw_entries.enter(session, [registration.id])
    owe(session, mail, meetup, [registration])
    promotion.promote(session, meetup)


def _decide(
    session: Session, registration: Registration, person: Person | None, actor: str, reason: str
) -> None:
    claim = session.scalars(select(Claim).where(Claim.registration_id == registration.id)).one()
    claim.person_id = person.id if person else None
    claim.decided_at, claim.decided_by, claim.reason = now(), actor, reason


def _tell(session: Session, meetup: Meetup, registration: Registration, address: str) -> None:
    outbox.enqueue(
        session,
        "claim_linked",
        address,
        registration.locale,
        program_id=meetup.program_id,
        meetup_id=meetup.id,
        registration_id=registration.id,
    )


def _of(meetup_id: int, status: Status | None = None) -> Select[Claim]:
    query = select(Claim).join(Claim.registration).where(Registration.meetup_id == meetup_id)
    if status is not None:
        query = query.where(Registration.status == status)
    meetup = joinedload(Claim.registration).joinedload(Registration.meetup)
    person = joinedload(Claim.registration).joinedload(Registration.person)
    return query.options(meetup, person, joinedload(Claim.cohort))
