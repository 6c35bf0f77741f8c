"""Registrations: a seat or a place in line, and giving it up.

Every decision about seats is taken under the meetup's seat lock, and a freed seat goes on in the
transaction that freed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.orm import Session, make_transient_to_detached

from app.clock import now
from app.db import db, statements, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import ENDED, Status
from app.domain.registering.said import NOTHING, Said
from app.domain.seating.drawing import Drawing, drawing, first_status
from app.models import AuditEntry, Meetup, Registration
from app.prepared import Appending, Prepared
from app.services import audit
from app.services.races import once_more
from app.services.registering import answer_sheets, consents, eligibility, proofs, tickets
from app.services.registering.registration_changes import change, held_with_meetup, note, owe
from app.services.seating import draw_entries, ranks
from app.services.seating.promotion import promote
from app.services.seating.seat_counts import party_of, seating_of
from app.services.seating.windows import require_ahead, why_closed

MAIL = {
    Status.APPLIED: "registration_applied",
    Status.CONFIRMED: "registration_confirmed",
    Status.WAITLISTED: "registration_waitlisted",
    Status.OFFERED: "registration_offered",
}

# Made once: everybody who registers in a rush waits for those before.
_meetup = cast("Table", Meetup.__table__)
# Takes the seat lock as well; the rank of somebody who gets no place is never given again.
_TAKE_RANK = Prepared(
    update(_meetup)
    .where(_meetup.c.id == bindparam("meetup"))
    .values(next_rank=_meetup.c.next_rank + 1)
    .returning(
        *(
            _meetup.c[name]
            for name in ("id", "program_id", "state", "capacity", "mode", "door_counts_walk_ins")
        ),
        *(_meetup.c[name] for name in ("reserved_seats", "quotas", "quotas_until")),
        *(_meetup.c[name] for name in ("opens_at", "closes_at", "starts_at", "ends_at")),
        *(_meetup.c[name] for name in ("draw_until", "draw_closed", "draw_seats")),
        *(_meetup.c[name] for name in ("notice_version", "questions_version", "no_shows_behind")),
        (_meetup.c.next_rank - 1).label("rank"),
    )
)
CANCELLED = f"registration.{Status.CANCELLED.value}"
DECLINED = f"registration.{Status.DECLINED.value}"
_CREATE = Appending(Registration.__table__)


@once_more
def register(
    meetup_id: int,
    proof_uid: str,
    *,
    phone: str | None = None,
    host_entry: HostEntry | None = None,
    locale: str = "ko",
    said: Said = NOTHING,
) -> Registration:
    """Give the person behind a proved address a seat, or a place in line when the meetup is full.

    `said` to texts that the meetup no longer shows is refused as `texts_changed`.

    Asking twice is harmless: the registration already held is returned unchanged. Two at once meet at the
    index that knows one active registration a person; the loser looks again and finds it.
    """
    with statements() as connection:
        person = proofs.standing(connection, meetup_id, proof_uid, held=True)
        if person.held_id is None:
            meetup = _TAKE_RANK.first(connection, {"meetup": meetup_id})
            own = {"phone": phone, "host_entry": host_entry, "locale": locale}
            registration = _created(connection, meetup, person, own, said)
    if person.held_id:
        return db.session.get_one(Registration, person.held_id)
    make_transient_to_detached(registration)
    db.session.add(registration)
    return registration


def _created(
    connection: Connection,
    meetup: Any,
    person: proofs.Standing,
    own: dict[str, Any],
    said: Said,
) -> Registration:
    """The new row and all that goes with it, under the seat lock."""
    if reason := why_closed(meetup):
        raise DomainError(reason)
    if person.cohort_id is None:
        raise DomainError(eligibility.why_not(meetup.mode))
    said.require_current(notice=meetup.notice_version, questions=meetup.questions_version)
    at = now()
    stands = drawing(meetup.mode, meetup.draw_until, closed=meetup.draw_closed, at=at)
    party = party_of(connection, meetup, person.person_id, person.cohort_id)
    values = {
        "meetup_id": meetup.id,
        "person_id": person.person_id,
        "cohort_id": person.cohort_id,
        "reference": tokens.reference(),
        "status": first_status(meetup.mode, stands, seating_of(connection, meetup), party),
        "rank": ranks.taken(connection, meetup, meetup.rank, person.person_id, at),
        "address": person.address,
        **own,
        "notice_version": said.notice or None,
        "created_at": at,
        "status_at": at,
    }
    values["id"] = _CREATE.add(connection, values)
    registration = Registration(**values, link_revision=1)
    note(connection, [registration], None, audit.PERSON)
    keep(connection, registration, said)
    if registration.status is Status.CONFIRMED:
        tickets.issue(connection, [registration])
    if stands is Drawing.ENTERING and registration.status is Status.APPLIED:
        draw_entries.enter(connection, [registration.id])
    owe(connection, MAIL[registration.status], meetup, [registration])
    about = {"program_id": meetup.program_id}
    audit.record(connection, "registration.created", registration, audit.PERSON, **about)
    return registration


def keep(connection: Connection, registration: Registration, said: Said) -> None:
    """What was said to the notice's boxes and to the questions; a statement for each that there is."""
    at, actor = registration.created_at, audit.PERSON
    consents.record(connection, registration.id, said.boxes, notice_version=said.notice, at=at, actor=actor)
    answers = {0: said.answers}
    answer_sheets.record(
        connection, registration.id, answers, questions_version=said.questions, at=at, actor=actor
    )


def cancel(registration_id: int) -> Registration:
    """The person gives up their place. Cancelling what has ended already changes nothing."""
    return _end(registration_id, Status.CANCELLED, "registration_cancelled", audit.PERSON, "")


def cancel_on_request(registration_id: int, actor: str, reason: str) -> Registration:
    """What the person asked an organizer for, who says `reason`: how, or when. Their mail says whose word it was."""
    return _end(registration_id, Status.CANCELLED, "registration_cancelled", actor, reason, on_request=True)


def asked_to_cancel(registration_id: int) -> str | None:
    """Which organizer was asked to cancel this, if one was; an erasure, which empties their reason, leaves that."""
    acts = select(AuditEntry.actor, AuditEntry.details).where(
        AuditEntry.subject == f"{Registration.__tablename__}:{registration_id}", AuditEntry.act == CANCELLED
    )
    return next((row.actor for row in db.session.execute(acts) if row.details.get("on_request")), None)


def decline(registration_id: int, actor: str, reason: str = "", batch: str = "") -> Registration:
    """The organizer takes the place back; the person is told by mail. An open list check is decided instead.

    `batch`: the act on many of which it is a piece.
    """
    return _end(registration_id, Status.DECLINED, "registration_declined", actor, reason, batch=batch)


def give_up(session: Session, meetup: Meetup, ids: Sequence[int], actor: str, reason: str) -> int:
    """Cancel these places for people who said so elsewhere, under the caller's seat lock; how many.

    The caller lets the seats go on.
    """
    query = select(Registration).where(Registration.id.in_(ids)).order_by(Registration.id).with_for_update()
    rows = session.scalars(query).all()
    change(session, rows, Status.CANCELLED, actor, reason)
    tickets.revoke(session, *ids)
    owe(session, "registration_cancelled", meetup, rows)
    acts = [(CANCELLED, f"{Registration.__tablename__}:{row.id}") for row in rows]
    audit.record_each(session, acts, actor, program_id=meetup.program_id)
    return len(rows)


def _end(
    registration_id: int,
    after: Status,
    mail: str,
    actor: str,
    reason: str,
    *,
    on_request: bool = False,
    batch: str = "",
) -> Registration:
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        if registration.status in ENDED:
            return registration
        _require_endable(meetup, registration, after)
        draw_entries.close_if_due(session, meetup)
        change(session, [registration], after, actor, reason)
        tickets.revoke(session, registration.id)
        whose: dict[str, Any] = {"on_request": True} if on_request else {}
        owe(session, mail, meetup, [registration], **whose)
        act, about = f"registration.{after.value}", whose | ({"batch": batch} if batch else {})
        audit.record(session, act, registration, actor, program_id=meetup.program_id, reason=reason, **about)
        promote(session, meetup)
        return registration


def _require_endable(meetup: Meetup, registration: Registration, after: Status) -> None:
    require_ahead(meetup)
    if registration.admitted_at:
        raise DomainError("already_admitted")
    if after is Status.DECLINED and registration.status is Status.PENDING:
        raise DomainError("claim_decides")
