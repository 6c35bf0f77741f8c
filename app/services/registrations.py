"""Registrations: a seat or a place in line, cancelling, and moving up.

Every decision about seats is taken under the meetup's seat lock, and a freed seat goes on in the
transaction that freed it.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    SQLColumnExpression,
    Table,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session, make_transient_to_detached

from app.clock import now
from app.db import connection_of, db, statements, transaction
from app.domain import seats, tokens
from app.domain.errors import DomainError
from app.domain.registrations import ENDED, SEATED, Status, may_become
from app.domain.seats import Seating
from app.models import Meetup, MeetupState, Registration, RegistrationEvent, Source
from app.services import audit, outbox, proofs, tickets
from app.services.races import once_more
from app.services.windows import why_closed

MAIL = {Status.CONFIRMED: "registration_confirmed", Status.WAITLISTED: "registration_waitlisted"}
PROMOTION = "promotion"

# Made once: everybody who registers in a rush waits for those before.
_WITH_COMPANIONS = Registration.companions > literal_column("0")  # as the index says it
_COMPANIONS = select(func.coalesce(func.sum(Registration.companions), 0)).where(
    Registration.meetup_id == bindparam("meetup"), Registration.status.in_(SEATED), _WITH_COMPANIONS
)
_SEATING = select(
    func.count().filter(Registration.status.in_(SEATED)) + _COMPANIONS.scalar_subquery(),
    func.count().filter(Registration.status == Status.WAITLISTED),
).where(Registration.meetup_id == bindparam("meetup"), Registration.status.in_(SEATED | {Status.WAITLISTED}))
_AS_WALK_IN: ColumnElement[Any] = literal_column(f"'{Source.WALK_IN.value}'")  # as the index says it
_WALKED_IN = select(func.coalesce(func.sum(1 + Registration.companions), 0)).where(
    Registration.meetup_id == bindparam("meetup"),
    Registration.source == _AS_WALK_IN,
    Registration.status.in_(SEATED),
)
_meetup = cast("Table", Meetup.__table__)
# Takes the seat lock as well; the rank of somebody who gets no place is never given again.
_TAKE_RANK = (
    update(_meetup)
    .where(_meetup.c.id == bindparam("meetup"))
    .values(next_rank=_meetup.c.next_rank + 1)
    .returning(
        *(_meetup.c[name] for name in ("id", "program_id", "state", "capacity", "door_counts_walk_ins")),
        *(_meetup.c[name] for name in ("opens_at", "closes_at", "starts_at", "ends_at")),
        (_meetup.c.next_rank - 1).label("rank"),
    )
)
_CREATE = insert(cast("Table", Registration.__table__)).returning(Registration.id)
_APPEND = insert(cast("Table", RegistrationEvent.__table__)).inline()


@once_more
def register(meetup_id: int, proof_uid: str, *, phone: str | None = None, locale: str = "ko") -> Registration:
    """Give the person behind a proved address a seat, or a place in line when the meetup is full.

    Asking twice is harmless: the registration already held is returned unchanged. Two at once meet at the
    index that knows one active registration a person; the loser looks again and finds it.
    """
    with statements() as connection:
        person = proofs.standing(connection, meetup_id, proof_uid)
        if person.held_id is None:
            meetup = connection.execute(_TAKE_RANK, {"meetup": meetup_id}).one()
            registration = _created(connection, meetup, person, phone, locale)
    if person.held_id:
        return db.session.get_one(Registration, person.held_id)
    make_transient_to_detached(registration)
    db.session.add(registration)
    return registration


def _created(
    connection: Connection, meetup: Row[Any], person: proofs.Standing, phone: str | None, locale: str
) -> Registration:
    """The new row and all that goes with it, under the seat lock."""
    if reason := why_closed(meetup):
        raise DomainError(reason)
    if person.cohort_id is None:
        raise DomainError("not_eligible")
    at = now()
    values = {
        "meetup_id": meetup.id,
        "person_id": person.person_id,
        "cohort_id": person.cohort_id,
        "reference": tokens.reference(),
        "status": seats.place(seating_of(connection, meetup)),
        "rank": meetup.rank,
        "address": person.address,
        "phone": phone,
        "locale": locale,
        "created_at": at,
        "status_at": at,
    }
    values["id"] = connection.execute(_CREATE, values).scalar_one()
    registration = Registration(**values, link_revision=1)
    note(connection, [registration], None, audit.PERSON)
    if registration.status is Status.CONFIRMED:
        tickets.issue(connection, [registration])
    _owe(connection, MAIL[registration.status], meetup, [registration])
    about = {"program_id": meetup.program_id}
    audit.record(connection, "registration.created", registration, audit.PERSON, **about)
    return registration


def cancel(registration_id: int) -> Registration:
    """The person gives up their place. Cancelling what has ended already changes nothing."""
    return _end(registration_id, Status.CANCELLED, "registration_cancelled", audit.PERSON, "")


def decline(registration_id: int, actor: str, reason: str = "") -> Registration:
    """The organizer takes the place back; the person is told by mail."""
    return _end(registration_id, Status.DECLINED, "registration_declined", actor, reason)


def promote(session: Session, meetup: Meetup) -> list[Registration]:
    """Give free seats to the first in line, in the caller's transaction and under its seat lock.

    Nobody moves up while the meetup is over its capacity, called off or past.
    """
    if meetup.state is MeetupState.CALLED_OFF or now() >= meetup.ends_at:
        return []
    session.flush()
    seating = seating_of(session, meetup)
    moving = seats.promotions(seating)
    if not moving:
        return []
    rows = list(session.scalars(_line(meetup.id).order_by(Registration.rank).limit(moving).with_for_update()))
    del rows[seats.fitting(seating.free, [1 + row.companions for row in rows]) :]
    if not rows:
        return []
    for row in rows:
        row.status, row.status_at = Status.CONFIRMED, now()
    session.flush()
    note(session, rows, Status.WAITLISTED, PROMOTION)
    tickets.issue(session, tickets.lacking(session, rows))
    _owe(session, "registration_promoted", meetup, rows)
    ids = [row.id for row in rows]
    audit.record(
        session, "registrations.promoted", meetup, PROMOTION, program_id=meetup.program_id, registrations=ids
    )
    return rows


def seating_of(unit: Session | Connection, meetup: Any) -> Seating:
    """The seats of the meetup (it, or a row of it) now; a decision may rest on it under the seat lock only."""
    taken, in_line = connection_of(unit).execute(_SEATING, {"meetup": meetup.id}).one()
    return Seating(meetup.capacity, taken - beyond_seats(unit, meetup), in_line)


def beyond_seats(unit: Session | Connection, meetup: Any) -> int:
    """Walk-ins that take no seat, where the organizer decided so."""
    if meetup.door_counts_walk_ins:
        return 0
    return connection_of(unit).execute(_WALKED_IN, {"meetup": meetup.id}).scalar_one()


def people_in_line_or_seated(
    meetup: SQLColumnExpression[int], counts_walk_ins: SQLColumnExpression[bool]
) -> ColumnElement[int]:
    """In a statement: how many of a meetup's seats are gone, for whoever comes now.

    `seating_of` for the public page: those in line are ahead of them, walk-ins that take no seat are not.
    """
    of_meetup = Registration.meetup_id == meetup
    people = select(func.count()).where(of_meetup, Registration.status.in_(SEATED | {Status.WAITLISTED}))
    companions = select(func.coalesce(func.sum(Registration.companions), 0)).where(
        of_meetup, Registration.status.in_(SEATED), _WITH_COMPANIONS
    )
    walked_in = select(func.coalesce(func.sum(1 + Registration.companions), 0)).where(
        of_meetup, Registration.source == _AS_WALK_IN, Registration.status.in_(SEATED)
    )
    beyond = case((counts_walk_ins, 0), else_=walked_in.scalar_subquery())
    return people.scalar_subquery() + companions.scalar_subquery() - beyond


def place_in_line(registration: Registration) -> int:
    """A waitlisted registration's place, counted from 1."""
    ahead = _line(registration.meetup_id).where(Registration.rank <= registration.rank)
    return db.session.scalar(ahead.with_only_columns(func.count())) or 1


def _end(registration_id: int, after: Status, mail: str, actor: str, reason: str) -> Registration:
    with transaction() as session:
        meetup_id = session.scalars(
            select(Registration.meetup_id).where(Registration.id == registration_id)
        ).one()
        meetup = Meetup.locked(session, meetup_id)
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        before = registration.status
        if before in ENDED:
            return registration
        _require_endable(meetup, registration, after)
        registration.status, registration.status_at = after, now()
        tickets.revoke(session, registration.id)
        note(session, [registration], before, actor, reason)
        _owe(session, mail, meetup, [registration])
        act = f"registration.{after.value}"
        audit.record(session, act, registration, actor, program_id=meetup.program_id, reason=reason)
        promote(session, meetup)
        return registration


def _require_endable(meetup: Meetup, registration: Registration, after: Status) -> None:
    if meetup.state is MeetupState.CALLED_OFF:
        raise DomainError("meetup_called_off")
    if now() >= meetup.ends_at:
        raise DomainError("meetup_over")
    if registration.admitted_at:
        raise DomainError("already_admitted")
    if not may_become(registration.status, after):
        raise DomainError("not_endable")


def _line(meetup_id: int) -> Select[Registration]:
    return select(Registration).where(
        Registration.meetup_id == meetup_id, Registration.status == Status.WAITLISTED
    )


def note(
    unit: Session | Connection, rows: list[Registration], before: Status | None, actor: str, reason: str = ""
) -> None:
    """Append the change that these rows have just gone through to their history."""
    events = [
        {
            "registration_id": row.id,
            "at": row.status_at,
            "before": before,
            "after": row.status,
            "actor": actor,
            "reason": reason,
        }
        for row in rows
    ]
    connection_of(unit).execute(_APPEND, events)


def _owe(unit: Session | Connection, kind: str, meetup: Any, rows: list[Registration]) -> None:
    about = {"program_id": meetup.program_id, "meetup_id": meetup.id}
    outbox.enqueue_many(
        unit,
        kind,
        [
            about | {"registration_id": row.id, "address": row.address, "locale": row.locale}
            for row in rows
            if row.address
        ],
    )
