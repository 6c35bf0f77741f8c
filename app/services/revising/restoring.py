"""Taking corrections back: who an attendee is, as it was; only what was touched then, and what nobody touched since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.revising.parts import Part
from app.domain.revising.way_back import Entry, Stood
from app.domain.writing.addresses import address_key
from app.domain.writing.names import search_key
from app.models import AddressProof, Cohort, PersonAddress, Registration, RosterEntry
from app.services.alumni import phones
from app.services.alumni.roster_writing import rename
from app.services.personal import own_links
from app.services.races import once_more
from app.services.revising.corrections import Act, Attendee, carry_out, entry_of, move
from app.services.seating import promotion


@once_more
def restore(
    registration_id: int,
    values: Mapping[Part, str],
    actor: str,
    reason: str,
    *,
    was: Mapping[Part, str],
    stood: Stood,
    at: dt.datetime,
) -> None:
    """`at`: when that stood there. All of these or none, and "" is nothing."""
    acts: dict[Part, Act] = {
        Part.COHORT: partial(_cohort, stood=stood),
        Part.NAME: partial(_name, stood=stood),
        Part.CERTIFICATE: partial(_certificate, stood=stood),
        Part.ADDRESS: partial(_address, stood=stood, at=at),
        Part.PHONE: _phone,
    }
    carry_out(registration_id, values, actor, reason, acts, was=was)


def _touched(session: Session, who: Attendee, stood: Stood) -> Iterator[tuple[RosterEntry, Entry]]:
    """Their entries that there were then, each with what it said."""
    then = {each.id: each for each in stood.entries}
    query = select(RosterEntry).where(RosterEntry.person_id == who.person.id, RosterEntry.id.in_(then))
    for entry in session.scalars(query).all():
        yield entry, then[entry.id]


def _cohort(session: Session, who: Attendee, value: str, *, stood: Stood) -> None:
    """The entry that moved along goes back."""
    for entry, then in _touched(session, who, stood):
        moved = entry.cohort_id == who.row.cohort_id != then.cohort_id
        if moved and entry_of(session, who.person.id, then.cohort_id) is None:
            move(session, entry, session.get_one(Cohort, then.cohort_id))
    former = select(Cohort.id).where(
        Cohort.program_id == who.meetup.program_id, Cohort.ordinal == (int(value) if value else None)
    )
    who.row.cohort_id = session.scalars(former).one_or_none()
    session.flush()
    session.refresh(who.row, ["cohort"])
    who.entry = entry_of(session, who.person.id, who.row.cohort_id)
    _named_anew(session, who)
    promotion.promote(session, who.meetup)  # seats may be kept for cohorts


def _name(session: Session, who: Attendee, value: str, *, stood: Stood) -> None:
    """On the lists that got the name then; one that had it before keeps it."""
    _, brought = stood.cells[Part.NAME]
    for entry, then in _touched(session, who, stood):
        if entry.name in {brought, who.person.name}:
            entry.name = then.name
    who.person.name, who.person.search_key = value, search_key(value)
    _named_anew(session, who)


def _named_anew(session: Session, who: Attendee) -> None:
    session.flush()
    rename(session, who.meetup.program_id, {who.person.id})
    session.refresh(who.person)


def _certificate(session: Session, who: Attendee, _value: str, *, stood: Stood) -> None:
    _, brought = stood.cells[Part.CERTIFICATE]
    for entry, then in _touched(session, who, stood):
        if entry is who.entry or entry.certificate == brought:
            entry.certificate = then.certificate


def _address(session: Session, who: Attendee, value: str, *, stood: Stood, at: dt.datetime) -> None:
    """The address that came with the list goes, and whatever code was asked for with it."""
    key = address_key(who.row.address)
    who.row.address = value
    session.flush()
    if key and key not in stood.addresses:
        _forget(session, who, key, at)
    if own_links.is_ahead(who.row):
        own_links.replace(session, who.row)


def _forget(session: Session, who: Attendee, key: str, at: dt.datetime) -> None:
    """Refused where somebody has shown since that the mailbox is theirs: then it needs a look at the person."""
    asked = AddressProof.person_id == who.person.id, AddressProof.address_key == key
    elsewhere = Registration.person_id == who.person.id, func.lower(Registration.address) == key
    listed = RosterEntry.person_id == who.person.id, RosterEntry.address_key == key
    if session.scalar(select(exists().where(*asked, AddressProof.proved_at >= at))):
        raise DomainError("address_proved_since")
    if session.scalar(select(exists().where(*elsewhere))) or session.scalar(select(exists().where(*listed))):
        return
    theirs = PersonAddress.person_id == who.person.id, PersonAddress.address_key == key
    for gone in (delete(AddressProof).where(*asked), delete(PersonAddress).where(*theirs)):
        session.execute(gone.execution_options(synchronize_session=False))


def _phone(_session: Session, who: Attendee, value: str) -> None:
    """What the programme's lists say was not given here."""
    is_known = value == phones.known([who.person.id]).get(who.person.id)
    who.row.phone = None if is_known else value or None
