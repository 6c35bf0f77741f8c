"""Opening a list check: somebody whose address is on no list says who they are.

The way in is a link in the mail that told them so: who holds it reads the address. An open check holds a rank in line
and never a seat. Until it is decided the claimant is a person apart from everybody on the rosters; what these say is
shown to organizers alone (services/claim_decisions.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.claims import Statement
from app.domain.registering.registrations import Status
from app.domain.registering.said import Said
from app.domain.writing.addresses import address_key
from app.domain.writing.names import search_key
from app.keys import keys
from app.models import (
    IS_ACTIVE,
    AddressProof,
    Claim,
    Meetup,
    Person,
    PersonAddress,
    ProofAnswer,
    Registration,
    RosterEntry,
    Source,
)
from app.services import audit
from app.services.races import once_more
from app.services.registering import registrations
from app.services.registering.registration_changes import note, owe
from app.services.seating.windows import why_closed

MAIL = "registration_pending"
LINK_LIVES = dt.timedelta(days=2)  # as long as the proof that it comes from


def require_link(meetup_id: int, uid: str, secret: str) -> AddressProof:
    """The proof from whose mail this link is; refuses one that is not ours (`proof_unknown`) or too old
    (`claim_link_over`)."""
    if not tokens.same(tokens.claim_secret(keys().link, uid), secret):
        raise DomainError("proof_unknown")
    proof = db.session.scalars(select(AddressProof).where(AddressProof.uid == uid)).one_or_none()
    if proof and proof.meetup_id != meetup_id:
        raise DomainError("proof_unknown")
    if proof is None or not _leads_to_a_check(proof):
        raise DomainError("claim_link_over")
    return proof


def require_unasked(proof: AddressProof) -> None:
    """Refuses (`claim_asked`) where the proof's address has a registration by now: a check that is open, or was
    decided."""
    claimant = _claimant(db.session(), proof)
    if claimant and _is_active(db.session(), proof.meetup_id, claimant):
        raise DomainError("claim_asked")


def refusal(registration: Registration) -> Claim | None:
    """The list check in which nobody on the list was found, if this registration ended with one."""
    if registration.status is not Status.DECLINED:
        return None
    claim = db.session.scalars(select(Claim).where(Claim.registration_id == registration.id)).one_or_none()
    return claim if claim and claim.decided_at and claim.person_id is None else None


def proved(session: Session, rows: Sequence[Registration]) -> set[int]:
    """Those of these checks whose address somebody has shown to be theirs. What an organizer brought in from a form is
    no proof: whoever filled it in may have typed any address."""
    typed = {row.id: address_key(row.address) for row in rows if row.source is Source.ELSEWHERE}
    keys = select(AddressProof.address_key).where(
        AddressProof.address_key.in_(typed.values()), AddressProof.proved_at.is_not(None)
    )
    shown = set(session.scalars(keys)) if typed else set()
    return {row.id for row in rows if row.id not in typed or typed[row.id] in shown}


def is_listed(session: Session, person_id: int) -> bool:
    """Whether some roster has this person."""
    entry = select(RosterEntry.id).where(RosterEntry.person_id == person_id).limit(1)
    return session.scalar(entry) is not None


@once_more
def open_check(
    meetup_id: int, uid: str, secret: str, statement: Statement, *, locale: str, said: Said
) -> Registration:
    """Take the next rank in line for the claimant.

    Refused where the meetup takes no registrations, where the address has a registration (`claim_asked`): the mail's
    link is no key to it, and where the address is on a roster by now (`claim_not_needed`).
    """
    proof = require_link(meetup_id, uid, secret)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        claimant = _claimant(session, proof)
        if claimant and _is_active(session, meetup_id, claimant):
            raise DomainError("claim_asked")
        if reason := why_closed(meetup):
            raise DomainError(reason)
        if claimant and is_listed(session, claimant.id):
            raise DomainError("claim_not_needed")
        said.require_current(notice=meetup.notice_version, questions=meetup.questions_version)
        person = claimant or _new_claimant(session, meetup, proof, statement)
        person.name, person.search_key = statement.name, search_key(statement.name)
        registration = _registered(session, meetup, person, proof, statement, locale, said)
        _claim(session, registration, statement)
        registrations.keep(session.connection(), registration, said)
        owe(session, MAIL, meetup, [registration])
        audit.record(session, "claim.opened", registration, audit.PERSON, program_id=meetup.program_id)
        return registration


def _leads_to_a_check(proof: AddressProof) -> bool:
    return proof.answer is ProofAnswer.NOT_ON_ROSTER and now() - proof.created_at <= LINK_LIVES


def _claimant(session: Session, proof: AddressProof) -> Person | None:
    """Whom the address belongs to in the meetup's programme."""
    of_program = select(Meetup.program_id).where(Meetup.id == proof.meetup_id).scalar_subquery()
    return session.scalars(
        select(Person)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .where(PersonAddress.program_id == of_program, PersonAddress.address_key == proof.address_key)
    ).one_or_none()


def _is_active(session: Session, meetup_id: int, person: Person) -> bool:
    of_person = Registration.meetup_id == meetup_id, Registration.person_id == person.id
    return session.scalar(select(Registration.id).where(*of_person, IS_ACTIVE)) is not None


def _new_claimant(session: Session, meetup: Meetup, proof: AddressProof, statement: Statement) -> Person:
    person = Person(program_id=meetup.program_id, name=statement.name, search_key="")
    address = PersonAddress(
        program_id=meetup.program_id,
        person=person,
        address=proof.address,
        address_key=address_key(proof.address),
    )
    session.add_all([person, address])
    session.flush()
    return person


def _registered(
    session: Session,
    meetup: Meetup,
    person: Person,
    proof: AddressProof,
    statement: Statement,
    locale: str,
    said: Said,
) -> Registration:
    at = now()
    registration = Registration(
        meetup_id=meetup.id,
        person_id=person.id,
        cohort_id=statement.cohort_id,
        reference=tokens.reference(),
        status=Status.PENDING,
        rank=meetup.next_rank,
        is_verified=False,
        address=proof.address,
        locale=locale,
        notice_version=said.notice or None,
        created_at=at,
        status_at=at,
    )
    meetup.next_rank += 1
    session.add(registration)
    session.flush()
    note(session, [registration], None, audit.PERSON)
    return registration


def _claim(session: Session, registration: Registration, statement: Statement) -> None:
    claim = Claim(
        registration_id=registration.id,
        name=statement.name,
        cohort_id=statement.cohort_id,
        former_address=statement.former_address,
        note=statement.note,
        created_at=registration.created_at,
    )
    session.add(claim)
    session.flush()
