"""What came in: booked by an organizer, singly or from a bank's list, taken back, given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.fees.terms import LONGEST_ACCOUNT, LONGEST_DEPOSITOR
from app.domain.registering.registrations import ENDED, SEATED, Status
from app.domain.writing.resident_numbers import holds_resident_number
from app.models import Meetup, MeetupState, Payment, Registration
from app.services import audit
from app.services.fees import terms
from app.services.registering.registration_changes import held_with_meetup


@dataclass(frozen=True)
class Booking:
    """A line of the bank's list that the organizer says is this person's."""

    reference: str
    amount: int
    on: dt.datetime | None


def book(registration_id: int, amount: int | None, actor: str) -> None:
    """Their fee came in: `amount`, None: what they owe; 0: nothing is wanted of them. Twice changes nothing."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        owed = terms.require(meetup.id).terms.owed(registration.companions)
        payment = payment_of(session, registration.id)
        came = owed if amount is None else amount
        if payment.paid_at and payment.amount == came:
            return
        _pay(payment, came, None, actor, "")
        act = "fee.paid" if came else "fee.waived"
        audit.record(session, act, registration, actor, program_id=meetup.program_id, amount=came)


def take_back(registration_id: int, actor: str) -> None:
    """It did not come in after all."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        payment = payment_of(session, registration.id)
        if payment.refunded_at:
            raise DomainError("fee_refunded")
        if payment.paid_at is None:
            return
        _forget(payment)
        audit.record(session, "fee.taken_back", registration, actor, program_id=meetup.program_id)


def book_all(meetup_id: int, bookings: Sequence[Booking], actor: str) -> tuple[int, str]:
    """How many were booked, and the name of the batch by which it is taken back. What has been paid since stays."""
    batch = tokens.uid()
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        terms.require(meetup_id)
        wanted = {booking.reference: booking for booking in bookings}
        rows = session.scalars(
            select(Registration).where(
                Registration.meetup_id == meetup_id, Registration.reference.in_(wanted)
            )
        ).all()
        payments = _payments(session, rows)
        booked = [row for row in rows if payments[row.id].paid_at is None]
        for row in booked:
            booking = wanted[row.reference]
            _pay(payments[row.id], booking.amount, booking.on, actor, batch)
        session.flush()
        if booked:
            audit.record(
                session,
                "fee.list_booked",
                meetup,
                actor,
                program_id=meetup.program_id,
                registrations=[row.id for row in booked],
            )
        return len(booked), batch


def take_back_all(meetup_id: int, batch: str, actor: str) -> int:
    """Undo a list; what went back to people meanwhile stays as it is."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        of_meetup = select(Registration.id).where(Registration.meetup_id == meetup_id)
        rows = session.scalars(
            select(Payment).where(
                Payment.batch == batch,
                Payment.batch != "",
                Payment.registration_id.in_(of_meetup),
                Payment.refunded_at.is_(None),
            )
        ).all()
        for payment in rows:
            _forget(payment)
        if rows:
            ids = [payment.registration_id for payment in rows]
            audit.record(
                session, "fee.list_undone", meetup, actor, program_id=meetup.program_id, registrations=ids
            )
        return len(rows)


def say_depositor(registration_id: int, name: str) -> None:
    """From whom the transfer will come; empty: the usual name again."""
    said = " ".join(name.split())
    if len(said) > LONGEST_DEPOSITOR or holds_resident_number(said):
        raise DomainError("fee_depositor_unusable", most=LONGEST_DEPOSITOR)
    _say(registration_id, depositor=said)


def say_refund_account(registration_id: int, account: str) -> None:
    """Where the money goes back to."""
    said = " ".join(account.split())
    if not said or len(said) > LONGEST_ACCOUNT or holds_resident_number(said):
        raise DomainError("fee_refund_account_unusable", most=LONGEST_ACCOUNT)
    _say(registration_id, refund_account=said)


def refund(registration_id: int, actor: str, *, done: bool) -> None:
    """The money went back, or it didn't after all."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        payment = payment_of(session, registration.id)
        if not is_to_refund(registration, meetup, payment):
            raise DomainError("fee_nothing_to_refund")
        if bool(payment.refunded_at) is done:
            return
        payment.refunded_at = now() if done else None
        act = "fee.refunded" if done else "fee.refund_taken_back"
        audit.record(session, act, registration, actor, program_id=meetup.program_id)


def is_to_refund(registration: Registration, meetup: Meetup, payment: Payment | None) -> bool:
    """Paid, and no seat for it."""
    paid = payment is not None and bool(payment.amount)
    return paid and (registration.status in ENDED or meetup.state is MeetupState.CALLED_OFF)


def keep(registration_id: int, actor: str, *, kept: bool) -> None:
    """Let somebody keep their seat whether the fee comes or not, or take that back."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        if registration.status is not Status.CONFIRMED:
            raise DomainError("no_seat_to_let_keep")
        payment = payment_of(session, registration.id)
        if bool(payment.kept_at) is kept:
            return
        payment.kept_at = now() if kept else None
        act = "fee.seat_kept" if kept else "fee.seat_kept_no_more"
        audit.record(session, act, registration, actor, program_id=meetup.program_id)


def _say(registration_id: int, **words: str) -> None:
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        payment = payment_of(session, registration.id)
        if "depositor" in words and registration.status not in SEATED:
            raise DomainError("fee_without_seat")
        if "refund_account" in words and not is_to_refund(registration, meetup, payment):
            raise DomainError("fee_nothing_to_refund")
        for column, said in words.items():
            setattr(payment, column, said)
        audit.record(
            session,
            "fee.said",
            registration,
            audit.PERSON,
            program_id=meetup.program_id,
            what=sorted(words),
        )


def payment_of(session: Session, registration_id: int) -> Payment:
    """The row of this registration, a new one where there was none; under the seat lock."""
    row = session.scalars(select(Payment).where(Payment.registration_id == registration_id)).one_or_none()
    if row is None:
        row = Payment(registration_id=registration_id)
        session.add(row)
        session.flush()
    return row


def _payments(session: Session, rows: Sequence[Registration]) -> dict[int, Payment]:
    ids = [row.id for row in rows]
    known = session.scalars(select(Payment).where(Payment.registration_id.in_(ids))).all()
    found = {payment.registration_id: payment for payment in known}
    new = [Payment(registration_id=number) for number in ids if number not in found]
    session.add_all(new)
    session.flush()
    return found | {payment.registration_id: payment for payment in new}


def _pay(payment: Payment, amount: int, on: dt.datetime | None, actor: str, batch: str) -> None:
    payment.paid_at, payment.amount = on or now(), amount
    payment.booked_by, payment.batch = actor, batch


def _forget(payment: Payment) -> None:
    payment.paid_at = payment.amount = None
    payment.booked_by = payment.batch = ""


def forget_words_of_past_meetups(before: dt.datetime, most: int) -> int:
    """The names and accounts that people gave, of meetups that were over by then; how many rows."""
    over = (
        select(Payment.id)
        .join(Registration, Registration.id == Payment.registration_id)
        .join(Meetup, Meetup.id == Registration.meetup_id)
        .where(Meetup.ends_at < before, (Payment.depositor != "") | (Payment.refund_account != ""))
        .limit(most)
    )
    ids = list(db.session.scalars(over))
    with transaction() as session:
        session.execute(update(Payment).where(Payment.id.in_(ids)).values(depositor="", refund_account=""))
    return len(ids)
