"""The worker's side of a proof: who the address belongs to, and what its mail may say.

Only here, after the response, is the roster looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import transaction
from app.models import IS_ACTIVE, AddressProof, Meetup, PersonAddress, ProofAnswer, Registration, RosterEntry
from app.services.registering import eligibility
from app.services.seating.windows import why_closed

CODE_LIVES = dt.timedelta(minutes=10)
SILENT = {"meetup_unpublished", "meetup_called_off", "meetup_over"}

# Made once: every batch asks them.
_OPEN = select(AddressProof).where(
    AddressProof.uid.in_(bindparam("uids", expanding=True)),
    AddressProof.replaced_at.is_(None),
    AddressProof.proved_at.is_(None),
)
_MEETUPS = (
    select(Meetup)
    .where(Meetup.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Meetup.program, innerjoin=True))
)
_PEOPLE = select(PersonAddress.program_id, PersonAddress.address_key, PersonAddress.person_id).where(
    PersonAddress.program_id.in_(bindparam("programs", expanding=True)),
    PersonAddress.address_key.in_(bindparam("keys", expanding=True)),
)
_HELD = select(Registration).where(
    Registration.meetup_id.in_(bindparam("meetups", expanding=True)),
    Registration.person_id.in_(bindparam("people", expanding=True)),
    IS_ACTIVE,
)


@dataclass(frozen=True)
class Answered:
    """A proof with what the mail about it says. `registration`: the one that the person holds already."""

    proof: AddressProof
    meetup: Meetup
    registration: Registration | None


def answer(uids: Collection[str]) -> dict[str, Answered]:
    """Look these proofs up on their rosters and start the time of their codes, in one transaction.

    Answering one again gives the same code and starts its time anew: the mail may not have gone out.
    Proofs that were replaced or used meanwhile, or whose meetup is over, are left out.
    """
    with transaction() as session:
        proofs = session.scalars(_OPEN, {"uids": list(uids)}).all()
        meetups = _meetups(session, {proof.meetup_id for proof in proofs})
        open_ones = [proof for proof in proofs if proof.meetup_id in meetups]
        people = _people(session, open_ones, meetups)
        found = _registrations(session, meetups, people)
        entitled = eligibility.entitled(session, meetups.keys(), set(people.values()))
        able = {person for _, person in entitled}
        listed = able | _listed(session, set(people.values()) - able)
        return {
            proof.uid: _answered(proof, meetups[proof.meetup_id], people, listed, found, entitled)
            for proof in open_ones
        }


Place = tuple[int, int]  # meetup, person


def _answered(
    proof: AddressProof,
    meetup: Meetup,
    people: Mapping[tuple[int, str], int],
    listed: Collection[int],
    found: Mapping[Place, Registration],
    entitled: Collection[Place],
) -> Answered:
    person = people.get((meetup.program_id, proof.address_key))
    held = found.get((meetup.id, person)) if person else None
    if not held and person not in listed:
        person = None
    proof.person_id, proof.sent_at = person, now()
    if person is None:
        proof.answer = ProofAnswer.NOT_ON_ROSTER
    elif held or (meetup.id, person) in entitled:
        proof.answer, proof.expires_at = ProofAnswer.CODE, now() + CODE_LIVES
    else:
        proof.answer = ProofAnswer(eligibility.why_not(meetup.mode))
    return Answered(proof, meetup, held)


def _meetups(session: Session, ids: Collection[int]) -> dict[int, Meetup]:
    rows = session.scalars(_MEETUPS, {"ids": list(ids)})
    return {row.id: row for row in rows if why_closed(row) not in SILENT}


def _people(
    session: Session, proofs: Sequence[AddressProof], meetups: Mapping[int, Meetup]
) -> dict[tuple[int, str], int]:
    """Persons by programme and address."""
    programs = {meetup.program_id for meetup in meetups.values()}
    given = {"programs": list(programs), "keys": list({proof.address_key for proof in proofs})}
    rows = session.execute(_PEOPLE, given)
    return {(row.program_id, row.address_key): row.person_id for row in rows}


def _listed(session: Session, people: Collection[int]) -> set[int]:
    """Those of the people whom some roster has; others only asked to be looked up on one."""
    if not people:
        return set()
    return set(session.scalars(select(RosterEntry.person_id).where(RosterEntry.person_id.in_(people))))


def _registrations(
    session: Session, meetups: Mapping[int, Meetup], people: Mapping[tuple[int, str], int]
) -> dict[Place, Registration]:
    rows = session.scalars(_HELD, {"meetups": list(meetups), "people": list(set(people.values()))})
    return {(row.meetup_id, row.person_id): row for row in rows}
