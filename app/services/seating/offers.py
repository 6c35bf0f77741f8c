"""Offers: a freed seat that is held for the first in line until a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.schedule import Act, Due
from app.models import Meetup, MeetupState, Registration
from app.services import audit
from app.services.registering import tickets
from app.services.registering.registration_changes import change, held_with_meetup, owe
from app.services.running.schedule_claims import dues
from app.services.seating import promotion


def accept(registration_id: int) -> Registration:
    """The person takes the seat that is held for them. Accepting twice changes nothing."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        if registration.status is Status.CONFIRMED:
            return registration
        _require_acceptable(meetup, registration)
        promotion.seat(session, meetup, [registration], audit.PERSON, mail="registration_confirmed")
        audit.record(session, "offer.accepted", registration, audit.PERSON, program_id=meetup.program_id)
        return registration


def shorten(session: Session, meetup: Meetup, actor: str) -> None:
    """No offer holds longer than the meetup's last call, which has come nearer: whoever has one is told the new deadline.

    In the caller's transaction and under its seat lock. Where the last call is past already, the offer is over.
    """
    last = promotion.offers_end(meetup)
    rows = session.scalars(
        select(Registration)
        .where(
            Registration.meetup_id == meetup.id,
            Registration.status == Status.OFFERED,
            Registration.offered_until > last,
        )
        .order_by(Registration.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.offered_until = last
    session.flush()
    if rows:
        program, ids = meetup.program_id, [row.id for row in rows]
        audit.record(session, "offers.shortened", meetup, actor, program_id=program, registrations=ids)
    if last > now():
        owe(session, "registration_offered", meetup, rows, sooner=True)


def due_expiries(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Offers whose deadline has passed, the earliest first. Those of a meetup that was called off rest."""
    still = (
        Registration.status == Status.OFFERED,
        Meetup.id == Registration.meetup_id,
        Meetup.state != MeetupState.CALLED_OFF,
    )
    return dues(Act.OFFER_EXPIRY, Registration.id, Registration.offered_until, at, limit, *still)


def expire(session: Session, due: Due) -> None:
    """The deadline passed: the person loses the offer, and the seat goes to the next in line."""
    meetup, registration = held_with_meetup(session, due.subject)
    if registration.status is not Status.OFFERED or registration.offered_until != due.at:
        return
    change(session, [registration], Status.EXPIRED, audit.WORKER)
    tickets.revoke(session, registration.id)
    owe(session, "registration_expired", meetup, [registration])
    audit.record(session, "offer.expired", registration, audit.WORKER, program_id=meetup.program_id)
    promotion.promote(session, meetup)


def _require_acceptable(meetup: Meetup, registration: Registration) -> None:
    if meetup.state is MeetupState.CALLED_OFF:
        raise DomainError("meetup_called_off")
    if registration.status is Status.EXPIRED:
        raise DomainError("offer_over")
    if registration.status is not Status.OFFERED or registration.offered_until is None:
        raise DomainError("no_offer")
    if now() >= min(registration.offered_until, promotion.offers_end(meetup)):
        raise DomainError("offer_over")
