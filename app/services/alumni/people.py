"""The addresses by which a person is known: as many as they use, each of one person only."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.domain.writing.addresses import clean_address, valid_key
from app.models import Person, PersonAddress, RosterEntry
from app.services import audit
from app.services.mails import opt_outs
from app.services.personal import erased_addresses
from app.services.races import once_more


@once_more
def add_address(program_id: int, person_id: int, address: str, actor: str) -> None:
    """One more address of this person. Adding one that they have already changes nothing."""
    key = valid_key(address)
    if key is None:
        raise DomainError("bad_address")
    with transaction() as session:
        person = _person(session, program_id, person_id)
        owner = session.scalars(
            select(PersonAddress.person_id).where(
                PersonAddress.program_id == program_id, PersonAddress.address_key == key
            )
        ).one_or_none()
        if owner == person.id:
            return
        if owner is not None:
            raise DomainError("address_taken")
        row = PersonAddress(
            program_id=program_id, person_id=person.id, address=clean_address(address), address_key=key
        )
        session.add(row)
        session.flush()
        erased_addresses.forget(session, program_id, key)
        audit.record(session, "address.added", person, actor, program_id=program_id, address=row.id)


def remove_address(program_id: int, person_id: int, address_id: int, actor: str) -> None:
    """Forget an address, unless it is the only one or a roster lists the person by it."""
    with transaction() as session:
        person = _person(session, program_id, person_id)
        row = next((each for each in person.addresses if each.id == address_id), None)
        if row is None:
            raise DomainError("no_such_address")
        if len(person.addresses) == 1:
            raise DomainError("last_address")
        if row.address_key in listed_keys(session, person.id):
            raise DomainError("address_on_roster")
        opt_outs.spread(session, program_id, {each.address_key for each in person.addresses})
        session.delete(row)
        audit.record(session, "address.removed", person, actor, program_id=program_id, address=address_id)


def listed_keys(session: Session, person_id: int) -> set[str]:
    """The keys by which rosters list this person."""
    return set(session.scalars(select(RosterEntry.address_key).where(RosterEntry.person_id == person_id)))


def _person(session: Session, program_id: int, person_id: int) -> Person:
    query = select(Person).where(
        Person.id == person_id, Person.program_id == program_id, Person.erased_at.is_(None)
    )
    person = session.scalars(query.with_for_update()).one_or_none()
    if person is None:
        raise DomainError("no_such_person")
    return person
