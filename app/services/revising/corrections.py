"""Corrections of who an attendee is: name, cohort, number, address, phone; on the roster too where it says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.domain.revising.parts import Part, same
from app.domain.rosters.correcting import CORRECTED, Facts
from app.domain.writing.addresses import address_key, clean_address
from app.domain.writing.names import search_key
from app.models import Cohort, Meetup, Person, PersonAddress, Registration, RosterEntry
from app.services import audit
from app.services.alumni import entry_corrections, phones
from app.services.alumni.roster_writing import rename
from app.services.organizing import told_changes
from app.services.personal import erased_addresses, own_links
from app.services.races import once_more
from app.services.registering.registration_changes import held_with_meetup
from app.services.seating import promotion

ACT = "registration.corrected"


@dataclass
class Attendee:
    """Who is corrected, under the seat lock. `entry`: in the roster of the cohort by which they come."""

    meetup: Meetup
    row: Registration
    person: Person
    entry: RosterEntry | None


Act = Callable[[Session, Attendee, str], None]


@once_more
def correct(
    registration_id: int, values: Mapping[Part, str], actor: str, reason: str, *, was: Mapping[Part, str]
) -> None:
    """All of these or none, unless one says something else than it `was` when somebody decided on it."""
    carry_out(registration_id, values, actor, reason, ACTS, was=was)


def carry_out(
    registration_id: int,
    values: Mapping[Part, str],
    actor: str,
    reason: str,
    acts: Mapping[Part, Act],
    *,
    was: Mapping[Part, str],
    told_as: str = ACT,
) -> None:
    """The words stay out of the audit trail: they are about somebody. They stand in the history of whom they are about."""
    with transaction() as session:
        meetup, row = held_with_meetup(session, registration_id)
        person = session.get_one(Person, row.person_id, with_for_update=True)
        if person.erased_at:
            raise DomainError("row_of_erased")
        who = Attendee(meetup, row, person, entry_of(session, person.id, row.cohort_id))
        before = _require_as_seen(who, was)
        entry, facts = who.entry, who.entry and entry_corrections.facts_of(who.entry)
        for part, act in acts.items():
            if part in values:
                act(session, who, values[part])
                session.flush()
            if who.entry is not entry:  # on the list of the cohort that they moved to
                entry, facts = who.entry, who.entry and entry_corrections.facts_of(who.entry)
        if facts and entry:
            _note(session, entry, facts, actor)
        audit.record(
            session,
            told_as,
            row,
            actor,
            program_id=meetup.program_id,
            reason=reason,
            parts=[part.value for part in Part if part in values],
            change=told_changes.keep(session, {row.id: _told(before, values)}),
        )


def _told(before: Mapping[Part, str], values: Mapping[Part, str]) -> list[told_changes.Told]:
    """Not of a certificate's number: the programme's lists alone have it."""
    parts = [part for part in Part if part in values and part is not Part.CERTIFICATE]
    return [(part.value, before[part], values[part]) for part in parts]


def _note(session: Session, entry: RosterEntry, before: Facts, actor: str) -> None:
    """What their own page tells of it."""
    after = entry_corrections.facts_of(entry)
    for field in CORRECTED:
        if before.told(field) != after.told(field):
            entry_corrections.note(session, entry, field, before.told(field), after.told(field), actor)


def _require_as_seen(who: Attendee, was: Mapping[Part, str]) -> Mapping[Part, str]:
    """What may be told of how it was."""
    now = {
        Part.COHORT: str(who.row.cohort.ordinal) if who.row.cohort else "",
        Part.NAME: who.person.name,
        Part.CERTIFICATE: (who.entry.certificate or "") if who.entry else "",
        Part.ADDRESS: who.row.address,
        Part.PHONE: who.row.phone or phones.known([who.person.id]).get(who.person.id, ""),
    }
    if not all(same(part, now[part], value) for part, value in was.items()):
        raise DomainError("cell_changed_meanwhile")
    # A phone that the programme's lists alone know is for those who see these: no history of one meetup tells it.
    return now | {Part.PHONE: who.row.phone or ""}


def entry_of(session: Session, person_id: int, cohort_id: int | None) -> RosterEntry | None:
    query = select(RosterEntry).where(RosterEntry.person_id == person_id, RosterEntry.cohort_id == cohort_id)
    return session.scalars(query).one_or_none()


def _cohort(session: Session, who: Attendee, value: str) -> None:
    """The list's entry moves with them, unless they stand on the other list already."""
    target = next((each for each in who.meetup.cohorts if each.ordinal == int(value)), None)
    if target is None:
        raise DomainError("cohort_may_not_come", ordinal=int(value))
    if there := entry_of(session, who.person.id, target.id):
        who.entry = there
    elif who.entry is None:
        raise DomainError("not_on_roster")
    else:
        move(session, who.entry, target)
    who.row.cohort_id = target.id
    session.flush()
    rename(session, who.meetup.program_id, {who.person.id})
    session.refresh(who.person)
    promotion.promote(session, who.meetup)  # seats may be kept for cohorts


def move(session: Session, entry: RosterEntry, target: Cohort) -> None:
    taken = select(RosterEntry.id).where(
        RosterEntry.cohort_id == target.id, RosterEntry.address_key == entry.address_key
    )
    if session.scalars(taken).first() is not None:
        raise DomainError("cohort_has_address", ordinal=target.ordinal)
    entry.cohort_id = target.id


def _name(session: Session, who: Attendee, value: str) -> None:
    """On every list that has them under the name so far."""
    former = who.person.name
    entries = select(RosterEntry).where(RosterEntry.person_id == who.person.id, RosterEntry.name == former)
    for entry in session.scalars(entries):
        entry.name = value
    who.person.name, who.person.search_key = value, search_key(value)
    session.flush()
    rename(session, who.meetup.program_id, {who.person.id})
    session.refresh(who.person)


def _certificate(_session: Session, who: Attendee, value: str) -> None:
    if who.entry is None:
        raise DomainError("not_on_roster")
    who.entry.certificate = value


def _address(session: Session, who: Attendee, value: str) -> None:
    """One more address of theirs, to which the mails of this registration go; the old link and ticket are void.
    Lists go on knowing them by the address that they have."""
    key, program_id, address = address_key(value), who.meetup.program_id, clean_address(value)
    owner = session.scalars(
        select(PersonAddress.person_id).where(
            PersonAddress.program_id == program_id, PersonAddress.address_key == key
        )
    ).one_or_none()
    if owner not in (None, who.person.id):
        raise DomainError("address_taken")
    if owner is None:
        theirs = PersonAddress(
            program_id=program_id, person_id=who.person.id, address=address, address_key=key
        )
        session.add(theirs)
        session.flush()
        erased_addresses.forget(session, program_id, key)
    who.row.address = address
    if own_links.is_ahead(who.row):
        own_links.replace(session, who.row)


def _phone(_session: Session, who: Attendee, value: str) -> None:
    who.row.phone = value or None


ACTS: Mapping[Part, Act] = {
    Part.COHORT: _cohort,
    Part.NAME: _name,
    Part.CERTIFICATE: _certificate,
    Part.ADDRESS: _address,
    Part.PHONE: _phone,
}
CORRECTS = frozenset(ACTS)
