"""Seats that are not paid in time go on, and whoever has to pay is reminded a day before.

Nobody loses a seat whom no mail with the deadline reached a day before it; such seats stay, and organizers see it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import UtcDateTime, db
from app.domain.fees.terms import NOTICE
from app.domain.registering.registrations import Status
from app.domain.schedule import Act, Due
from app.models import (
    TAKES_PLACE,
    Fee,
    MailState,
    Meetup,
    OutboxMail,
    Payment,
    Registration,
    RegistrationEvent,
)
from app.services import audit
from app.services.fees import terms
from app.services.fees.payments import payment_of
from app.services.registering import tickets
from app.services.registering.registration_changes import change, held_with_meetup, owe
from app.services.running.schedule_claims import open_to
from app.services.seating import promotion

REMINDER, UNPAID = "fee_reminder", "fee_unpaid"
NOT_PAID = "not paid"
REMINDED_BEFORE = dt.timedelta(days=1)
TELLING = (
    "registration_confirmed",
    "registration_promoted",
    "registration_drawn",
    "reminder",
    terms.ASKED,
    REMINDER,
)


def due_deadlines(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Seats whose time to pay is over. `Due.at` is since when they know of the fee: with the seat, what is done once."""
    return [
        due
        for fee in _fees(at, Fee.passes_on.is_(True))
        for due in _dues(Act.FEE_DEADLINE, fee, at, at, limit)
    ]


def due_reminders(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Seats whose time to pay ends in a day."""
    by = at + REMINDED_BEFORE
    return [due for fee in _fees(at) for due in _dues(Act.FEE_REMINDER, fee, by, at, limit)]


def pass_on(session: Session, due: Due) -> None:
    """The fee did not come: the seat goes to the next in line."""
    meetup, registration = held_with_meetup(session, due.subject)
    fee, payment = terms.of_meetup(meetup.id), payment_of(session, registration.id)
    if fee is None or not fee.passes_on or not _owes(registration, payment) or not _goes_on(meetup):
        return
    due_at = fee.due_at(registration.status_at)
    if due_at is None or due_at > now() or payment.kept_at:
        return
    program_id = meetup.program_id
    if not _was_told(session, fee, registration, due_at):
        payment.kept_at = now()
        audit.record(session, "fee.seat_kept_untold", registration, audit.WORKER, program_id=program_id)
        return
    change(session, [registration], Status.EXPIRED, audit.WORKER, NOT_PAID)
    tickets.revoke(session, registration.id)
    owe(session, UNPAID, meetup, [registration])
    audit.record(session, "fee.seat_passed_on", registration, audit.WORKER, program_id=program_id)
    promotion.promote(session, meetup)


def remind(session: Session, due: Due) -> None:
    meetup, registration = held_with_meetup(session, due.subject)
    fee, payment = terms.of_meetup(meetup.id), payment_of(session, registration.id)
    due_at = fee.due_at(registration.status_at) if fee else None
    if due_at is None or due_at <= now() or not _owes(registration, payment):
        return
    owe(session, REMINDER, meetup, [registration])
    audit.record(session, "fee.reminded", registration, audit.WORKER, program_id=meetup.program_id)


def was_unpaid(registration: Registration) -> bool:
    """Whether it ended since its fee did not come."""
    if registration.status is not Status.EXPIRED:
        return False
    event = select(RegistrationEvent.id).where(
        RegistrationEvent.registration_id == registration.id, RegistrationEvent.reason == NOT_PAID
    )
    return db.session.scalar(event.limit(1)) is not None


def _fees(at: dt.datetime, *conditions: ColumnElement[bool]) -> Iterator[Fee]:
    rows = (
        select(Fee)
        .join(Meetup, Meetup.id == Fee.meetup_id)
        .where(Fee.amount > 0, Meetup.state.in_(TAKES_PLACE), Meetup.starts_at > at, *conditions)
    )
    yield from db.session.scalars(rows.order_by(Fee.id)).all()


def _dues(act: Act, fee: Fee, by: dt.datetime, at: dt.datetime, limit: int) -> list[Due]:
    """Unpaid seats of a fee that are due `by` then."""
    known = fee.terms.known_before(by)
    if known is None or fee.told_at > known:
        return []
    told = literal(fee.told_at, UtcDateTime())
    since = case((Registration.status_at > told, Registration.status_at), else_=told)
    settled = select(Payment.id).where(
        Payment.registration_id == Registration.id,
        Payment.paid_at.is_not(None) | Payment.kept_at.is_not(None),
    )
    rows = db.session.execute(
        select(Registration.id, since.label("since"))
        .where(
            Registration.meetup_id == fee.meetup_id,
            Registration.status == Status.CONFIRMED,
            Registration.status_at <= known,
            Registration.admitted_at.is_(None),
            ~settled.exists(),
            open_to(act, Registration.id, since, at),
        )
        .order_by(Registration.status_at, Registration.id)
        .limit(limit)
    )
    return [Due(row.since, act, row.id) for row in rows]


def _owes(registration: Registration, payment: Payment) -> bool:
    has_seat = registration.status is Status.CONFIRMED and registration.admitted_at is None
    return has_seat and payment.paid_at is None


def _goes_on(meetup: Meetup) -> bool:
    """Once freed seats stay free, nobody loses theirs any more."""
    return meetup.state in TAKES_PLACE and now() < min(meetup.last_call, meetup.starts_at)


def _was_told(session: Session, fee: Fee, registration: Registration, due_at: dt.datetime) -> bool:
    """Whether a mail that says what is to be paid until when went out a day before."""
    first = select(func.min(OutboxMail.sent_at)).where(
        OutboxMail.registration_id == registration.id,
        OutboxMail.kind.in_(TELLING),
        OutboxMail.state == MailState.SENT,
        OutboxMail.created_at >= max(registration.status_at, fee.told_at),
    )
    sent_at = session.scalar(first)
    return sent_at is not None and sent_at <= due_at - NOTICE
