"""Persons who have a reserved seat: speakers and guests. They compete with nobody, in whatever mode, and have one seat.

Somebody who registered before gets their seat with the reservation; somebody who registers later, with that. Taking a reservation
back takes no seat away: the person keeps theirs like everybody, and it counts as one of their cohort's.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.pools import GuestRole
from app.models import IS_ACTIVE, Meetup, Person, Registration, ReservedSeat
from app.services import audit
from app.services.alumni import people_search
from app.services.registering import eligibility
from app.services.seating import draw_entries, promotion, seat_counts, seat_pools
from app.services.seating.windows import require_ahead

RESERVED = "reserved seat"
MOST_FOUND = 20
# States in which somebody who is named now gets the seat at once; `pending` is decided by the list check first.
WITHOUT_SEAT = (Status.APPLIED, Status.WAITLISTED, Status.OFFERED)


def of_meetup(meetup_id: int) -> Sequence[tuple[ReservedSeat, Registration | None]]:
    """Everybody who is named, with their registration where they have one; in the order of naming."""
    rows = db.session.execute(
        select(ReservedSeat, Registration)
        .outerjoin(
            Registration,
            (Registration.meetup_id == meetup_id)
            & (Registration.person_id == ReservedSeat.person_id)
            & IS_ACTIVE,
        )
        .where(ReservedSeat.meetup_id == meetup_id)
        .options(joinedload(ReservedSeat.person, innerjoin=True))
        .order_by(ReservedSeat.id)
    )
    return [(row.ReservedSeat, row.Registration) for row in rows]


def role_of(registration: Registration) -> GuestRole | None:
    """As what this person has a reserved seat; None: they have none."""
    named = ReservedSeat.meetup_id == registration.meetup_id, ReservedSeat.person_id == registration.person_id
    return db.session.scalar(select(ReservedSeat.role).where(*named))


def found(meetup: Meetup, text: str) -> Sequence[Person]:
    """Whom of the programme's people who may come the text means, and who has no reserved seat yet; one more than are shown."""
    condition = people_search.matching(text, Person.id)
    if condition is None:
        return []
    query = select(Person).where(
        Person.program_id == meetup.program_id,
        Person.erased_at.is_(None),
        ~seat_counts.has_reserved(meetup.id, Person.id),
        condition,
    )
    may_come = Person.id.in_(eligibility.people_of(meetup.id))
    query = query.where(may_come).options(selectinload(Person.addresses))
    return db.session.scalars(query.order_by(Person.name, Person.id).limit(MOST_FOUND + 1)).all()


def assign(meetup_id: int, person_id: int, role: GuestRole, actor: str) -> None:
    """Reserve a seat for this person: one that no name stands at yet, or one more. Naming them again changes the role."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        row = session.scalars(_of(meetup_id, person_id)).one_or_none()
        if row is None:
            _require_may_come(session, meetup, person_id)
            row = ReservedSeat(meetup_id=meetup_id, person_id=person_id, role=role, actor=actor)
            session.add(row)
            session.flush()
            names = seat_pools.named(session, meetup_id)
            if names > meetup.reserved_seats:
                seat_pools.reserve(session, meetup, names, actor)
        row.role = role
        session.flush()
        _record(session, "seat.reserved", meetup, person_id, actor)
        seat_named(session, meetup, person_id, actor)
        promotion.promote(session, meetup)


def meetups_of(session: Session, person_ids: Sequence[int]) -> set[int]:
    """Where one of these has a reserved seat."""
    named = select(ReservedSeat.meetup_id).where(ReservedSeat.person_id.in_(person_ids))
    return set(session.scalars(named))


def release(meetup_id: int, person_id: int, actor: str, *, keep_seat: bool) -> None:
    """The person is no longer named. Their seat stays reserved for somebody else where `keep_seat`; otherwise it goes on."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        row = session.scalars(_of(meetup_id, person_id)).one_or_none()
        if row is None:
            return
        session.delete(row)
        session.flush()
        if not keep_seat:
            seat_pools.reserve(session, meetup, meetup.reserved_seats - 1, actor)
        _record(session, "seat.reservation_ended", meetup, person_id, actor)
        promotion.promote(session, meetup)


def _record(session: Session, act: str, meetup: Meetup, person_id: int, actor: str) -> None:
    audit.record(
        session,
        act,
        f"person:{person_id}",
        actor,
        program_id=meetup.program_id,
        meetup=meetup.id,
        reserved=meetup.reserved_seats,
    )


def seat_named(session: Session, meetup: Meetup, person_id: int, actor: str) -> None:
    """Under the seat lock: who waits, applied or thinks about an offer, and is named now, has their seat where one is free."""
    waiting = select(Registration).where(
        Registration.meetup_id == meetup.id,
        Registration.person_id == person_id,
        Registration.status.in_(WITHOUT_SEAT),
    )
    registration = session.scalars(waiting.with_for_update()).one_or_none()
    if registration is None:
        return
    seating = seat_counts.seating_of(session, meetup)
    party = seat_counts.party_of_registration(session, meetup, registration)
    if registration.status is not Status.OFFERED and not seating.room.take(party):
        return
    draw_entries.close_if_due(session, meetup)
    mail = "registration_confirmed" if registration.status is Status.OFFERED else "registration_promoted"
    promotion.seat(session, meetup, [registration], actor, RESERVED, mail=mail)


def _require_may_come(session: Session, meetup: Meetup, person_id: int) -> None:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.program_id != meetup.program_id or person.erased_at:
        raise DomainError("reserved_unknown")
    if not eligibility.cohort_ids(session, meetup.id, person_id):
        raise DomainError("reserved_not_eligible")


def _of(meetup_id: int, person_id: int) -> Select[ReservedSeat]:
    return select(ReservedSeat).where(
        ReservedSeat.meetup_id == meetup_id, ReservedSeat.person_id == person_id
    )
