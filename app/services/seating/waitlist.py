"""The waitlist at the organizer's hand: hold it back, let it go on, move somebody, give or offer a seat directly.

The order is the stored rank. Whoever is moved gets a rank between the others'; the reason stands in the history.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.line_order import reranked
from app.domain.seating.pools import seated
from app.domain.seating.seats import moved
from app.models import Meetup, Registration
from app.services import audit
from app.services.registering.registration_changes import held_with_meetup, note
from app.services.seating import promotion, ranks, seat_counts
from app.services.seating.windows import require_ahead


def pause(meetup_id: int, reason: str, actor: str) -> None:
    """Freed seats stay free until it is resumed; everybody who waits reads the reason."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        meetup.promotion_paused_at = meetup.promotion_paused_at or now()
        meetup.promotion_pause_reason = reason
        audit.record(session, "promotion.paused", meetup, actor, program_id=meetup.program_id, reason=reason)


def resume(meetup_id: int, actor: str) -> int:
    """Go on: those who fit move up at once. How many."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.promotion_paused_at is None:
            return 0
        meetup.promotion_paused_at, meetup.promotion_pause_reason = None, ""
        audit.record(session, "promotion.resumed", meetup, actor, program_id=meetup.program_id)
        return len(promotion.promote(session, meetup))


def move(registration_id: int, place: int, reason: str, actor: str) -> None:
    """Put somebody who waits to another place in line; the others keep their order."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        _require_waiting(registration)
        line = session.execute(
            select(Registration.id, Registration.rank)
            .where(Registration.meetup_id == meetup.id, Registration.status == Status.WAITLISTED)
            .order_by(Registration.rank)
        ).all()
        before = [row.id for row in line]
        old = {row.id: row.rank for row in line}
        if not 1 <= place <= len(before):
            raise DomainError("no_such_place", last=len(before))
        after = moved(before, registration.id, place)
        if after == before:
            return
        new = reranked(old, after, registration.id, meetup.next_rank)
        meetup.next_rank += 1
        ranks.give(session, old, new)
        session.refresh(registration)
        note(session, [registration], Status.WAITLISTED, actor, reason, at=now())
        about = {"before": before.index(registration.id) + 1, "after": place}
        audit.record(
            session,
            "waitlist.moved",
            registration,
            actor,
            program_id=meetup.program_id,
            reason=reason,
            places=about,
        )
        promotion.promote(session, meetup)


def confirm(registration_id: int, reason: str, actor: str) -> None:
    """Give a free seat to somebody who waits, wherever in line they are."""
    with transaction() as session:
        meetup, registration = _before_a_free_seat(session, registration_id)
        promotion.seat(session, meetup, [registration], actor, reason, mail="registration_promoted")
        act = "registration.confirmed"
        audit.record(session, act, registration, actor, program_id=meetup.program_id, reason=reason)


def confirm_all(meetup_id: int, ids: Sequence[int], reason: str, actor: str) -> int:
    """Give free seats to those of these who still wait, wherever in line they are: to all of them or to nobody. How many."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        chosen = seat_counts.line(meetup_id).where(Registration.id.in_(ids)).order_by(Registration.rank)
        rows = session.scalars(chosen.with_for_update()).all()
        seating = seat_counts.seating_of(session, meetup)
        parties = seat_counts.parties_of(session, meetup, rows)
        if len(seated(seating.free, seating.kept, parties)) < len(rows):
            raise DomainError("seats_changed")
        promotion.seat(session, meetup, rows, actor, reason, mail="registration_promoted")
        audit.record(
            session,
            "registrations.seated",
            meetup,
            actor,
            program_id=meetup.program_id,
            reason=reason,
            registrations=[row.id for row in rows],
        )
        return len(rows)


def offer(registration_id: int, reason: str, actor: str) -> None:
    """Offer a free seat to somebody who waits, wherever in line they are."""
    with transaction() as session:
        meetup, registration = _before_a_free_seat(session, registration_id)
        until = promotion.deadline(meetup)
        if until is None:
            raise DomainError("offer_too_late")
        promotion.offer(session, meetup, [registration], until, actor, reason)
        act = "registration.offered"
        audit.record(session, act, registration, actor, program_id=meetup.program_id, reason=reason)


def _before_a_free_seat(session: Session, registration_id: int) -> tuple[Meetup, Registration]:
    meetup, registration = held_with_meetup(session, registration_id)
    require_ahead(meetup)
    _require_waiting(registration)
    require_room(session, meetup, registration)
    return meetup, registration


def require_room(session: Session, meetup: Meetup, registration: Registration) -> None:
    """Refuse where too few seats are free for this party, or those that are free are kept for others."""
    seating = seat_counts.seating_of(session, meetup)
    party = seat_counts.party_of_registration(session, meetup, registration)
    if seating.free < party.people:
        raise DomainError("no_free_seat", free=seating.free, people=party.people)
    if not seating.room.take(party):
        raise DomainError("seats_kept", kept=seating.kept.unused, people=party.people)


def has_room(session: Session, meetup: Meetup, registration: Registration) -> bool:
    """Whether `require_room` lets them in."""
    try:
        require_room(session, meetup, registration)
    except DomainError:
        return False
    return True


def _require_waiting(registration: Registration) -> None:
    if registration.status is not Status.WAITLISTED:
        raise DomainError("not_in_line")
