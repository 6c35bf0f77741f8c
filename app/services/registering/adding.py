"""An organizer registers one person: a speaker, a guest, somebody of the staff, somebody who phoned.

It takes a seat like any registering. Nobody has consented to anything by it, and no question is answered: the person does
both at their personal link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.adding import Guest, Wish
from app.domain.registering.registrations import ENDED, Status
from app.domain.seating.drawing import Drawing, first_status
from app.domain.writing.names import search_key
from app.keys import keys
from app.models import (
    IS_ACTIVE,
    Cohort,
    Meetup,
    MeetupState,
    Person,
    PersonAddress,
    Registration,
    ReservedSeat,
    RosterEntry,
    Source,
)
from app.services import audit
from app.services.alumni import people_search
from app.services.door import door_counts
from app.services.inviting import reaching
from app.services.organizing import tags
from app.services.personal import erased_addresses
from app.services.races import once_more
from app.services.registering import eligibility, registrations, tickets
from app.services.registering.registration_changes import note, owe
from app.services.seating import draw_entries, ranks, seat_counts, seat_pools
from app.services.seating.windows import require_ahead

ACT = "registration.added"
MOST_FOUND = 20


@dataclass(frozen=True)
class Added:
    """`is_new`: False where they had a place already."""

    registration: Registration
    is_new: bool


@dataclass(frozen=True)
class Found:
    """Somebody whom a search means, with their lists and the place that they have."""

    person: Person
    entries: Sequence[RosterEntry]
    registration: Registration | None


def found(meetup: Meetup, text: str) -> Sequence[Found]:
    """Whom of the programme's people the text means, whether the meetup's lists let them come or not; one more than are shown."""
    condition = people_search.matching(text, Person.id)
    if condition is None:
        return []
    query = select(Person).where(
        Person.program_id == meetup.program_id, Person.erased_at.is_(None), condition
    )
    query = query.options(selectinload(Person.addresses)).order_by(Person.name, Person.id)
    people = db.session.scalars(query.limit(MOST_FOUND + 1)).all()
    ids = [person.id for person in people]
    entries: dict[int, list[RosterEntry]] = {number: [] for number in ids}
    lists = select(RosterEntry).join(RosterEntry.cohort).where(RosterEntry.person_id.in_(ids))
    for entry in db.session.scalars(lists.options(joinedload(RosterEntry.cohort)).order_by(Cohort.ordinal)):
        entries[entry.person_id].append(entry)
    places = select(Registration).where(
        Registration.meetup_id == meetup.id, Registration.person_id.in_(ids), IS_ACTIVE
    )
    held = {row.person_id: row for row in db.session.scalars(places)}
    return [Found(person, entries[person.id], held.get(person.id)) for person in people]


def place_of(meetup_id: int, person_id: int) -> Registration | None:
    """The place that they have at the meetup."""
    return _held(db.session(), meetup_id, person_id)


@once_more
def add(meetup_id: int, wish: Wish, actor: str) -> Added:
    """Register them, with a seat where one is free for them. Twice is harmless: whoever has a place keeps it as it is.

    Refused as `full` or `full_but_kept` unless they are to wait then, as `added_and_ended` where the same form added them
    and the place has ended since, and as `guest_is_known` where the new guest's
    address is somebody's of the programme (`person`).
    """
    wish.require_usable()
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        reference = tokens.added_reference(keys().link, meetup_id, wish.token, wish.identity)
        if held := _by_reference(session, meetup_id, reference):
            if held.status in ENDED:
                raise DomainError("added_and_ended")
            return Added(held, is_new=False)
        person = _known(session, meetup, wish.person_id)
        if person and (held := _held(session, meetup_id, person.id)):
            return Added(held, is_new=False)
        _require_open(meetup)
        draw_entries.close_if_due(session, meetup)
        person = person or _new(session, meetup, wish.guest)
        registration = _registered(session, meetup, person, reference, wish, actor)
    door_counts.forget(meetup_id)
    return Added(registration, is_new=True)


def why_not(meetup: Meetup) -> DomainError | None:
    """Why nobody can be added now, to be said before anybody types a name."""
    try:
        _require_open(meetup)
    except DomainError as refusal:
        return refusal
    return None


def _require_open(meetup: Meetup) -> None:
    require_ahead(meetup)
    if meetup.state is MeetupState.DRAFT:
        raise DomainError("add_before_publishing")


def _by_reference(session: Session, meetup_id: int, reference: str) -> Registration | None:
    query = select(Registration).where(
        Registration.reference == reference, Registration.meetup_id == meetup_id
    )
    return session.scalars(query).one_or_none()


def _held(session: Session, meetup_id: int, person_id: int) -> Registration | None:
    query = select(Registration).where(
        Registration.meetup_id == meetup_id, Registration.person_id == person_id, IS_ACTIVE
    )
    return session.scalars(query).one_or_none()


def _known(session: Session, meetup: Meetup, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.program_id != meetup.program_id or person.erased_at:
        raise DomainError("no_such_person")
    return person


def _new(session: Session, meetup: Meetup, guest: Guest | None) -> Person:
    """A person of their own: nobody is taken for somebody else by a name."""
    if guest is None:
        raise DomainError("no_such_person")
    program_id = meetup.program_id
    person = Person(program_id=program_id, name=guest.name, search_key=search_key(guest.name))
    if guest.address_key:
        theirs = PersonAddress.program_id == program_id, PersonAddress.address_key == guest.address_key
        owner = session.scalars(select(PersonAddress.person_id).where(*theirs)).one_or_none()
        if owner is not None:
            raise DomainError("guest_is_known", person=owner)
        person.addresses.append(
            PersonAddress(program_id=program_id, address=guest.address, address_key=guest.address_key)
        )
        erased_addresses.forget(session, program_id, guest.address_key)
    session.add(person)
    session.flush()
    return person


def _registered(
    session: Session, meetup: Meetup, person: Person, reference: str, wish: Wish, actor: str
) -> Registration:
    at, number = now(), meetup.next_rank
    meetup.next_rank += 1
    cohort_id = _cohort_id(session, meetup, person.id)
    is_named = _name(session, meetup, person.id, wish, actor)
    status = _place(session, meetup, person.id, cohort_id, wish)
    registration = Registration(
        meetup_id=meetup.id,
        person_id=person.id,
        cohort_id=cohort_id,
        reference=reference,
        status=status,
        rank=ranks.taken(connection_of(session), meetup, number, person.id, at),
        source=Source.ADDED,
        address=reaching.newest_of(session, person.id),
        phone=(wish.guest.phone or None) if wish.guest else None,
        companions=wish.companions,
        locale=wish.locale,
        created_at=at,
        status_at=at,
    )
    session.add(registration)
    session.flush()
    note(session, [registration], None, actor, wish.reason)
    _equip(session, meetup, registration, wish)
    audit.record(
        session,
        ACT,
        registration,
        actor,
        program_id=meetup.program_id,
        reason=wish.reason,
        reserved=is_named,
        told=wish.tells,
    )
    return registration


def _equip(session: Session, meetup: Meetup, registration: Registration, wish: Wish) -> None:
    """Ticket or entry in the draw, tags, the mail that says so."""
    if registration.status is Status.CONFIRMED:
        tickets.issue(session, [registration])
    elif registration.status is Status.APPLIED and meetup.drawing(now()) is Drawing.ENTERING:
        draw_entries.enter(connection_of(session), [registration.id])
    tags.put(session, meetup.id, [registration.id], wish.tags)
    if wish.tells:
        owe(session, registrations.MAIL[registration.status], meetup, [registration])


def _cohort_id(session: Session, meetup: Meetup, person_id: int) -> int | None:
    """The latest by which they may come, or else the latest at all; a guest has none."""
    if may_come := eligibility.cohort_ids(session, meetup.id, person_id):
        return may_come[-1]
    listed = select(RosterEntry.cohort_id).join(RosterEntry.cohort).where(RosterEntry.person_id == person_id)
    return session.scalars(listed.order_by(Cohort.ordinal.desc()).limit(1)).first()


def _name(session: Session, meetup: Meetup, person_id: int, wish: Wish, actor: str) -> bool:
    """A speaker or special guest has one of the seats that are reserved for such and have no name yet."""
    role = wish.role
    if role is None or seat_pools.named(session, meetup.id) >= meetup.reserved_seats:
        return False
    if session.scalar(select(seat_counts.has_reserved(meetup.id, person_id))):
        return False
    session.add(ReservedSeat(meetup_id=meetup.id, person_id=person_id, role=role, actor=actor))
    session.flush()
    return True


def _place(session: Session, meetup: Meetup, person_id: int, cohort_id: int | None, wish: Wish) -> Status:
    """What they get: a seat past the line, as an organizer gives it, never past the capacity."""
    seating = seat_counts.seating_of(session, meetup)
    party = seat_counts.party_of(session, meetup, person_id, cohort_id, 1 + wish.companions)
    if seating.room.take(party):
        return Status.CONFIRMED
    if wish.waits_if_full:
        waits = first_status(meetup.mode, meetup.drawing(now()), seating, party)
        return Status.WAITLISTED if waits is Status.CONFIRMED else waits
    if seating.free >= party.people:
        raise DomainError("full_but_kept", people=party.people, kept=seating.kept.unused)
    raise DomainError("full", people=party.people, free=seating.free)
