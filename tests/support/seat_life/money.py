"""What must hold where the meetup costs something."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from app.db import db
from app.domain.fees.terms import GRACE, NOTICE
from app.domain.registering.registrations import Status
from app.models import AuditEntry
from app.services.fees import deadlines
from tests.support.seat_life.sight import Sight

UNTOLD = "fee.seat_kept_untold"


def an_unpaid_seat_went_on_after_its_deadline_of_which_a_mail_told(sight: Sight) -> None:
    for event in sight.fresh:
        if event.reason != deadlines.NOT_PAID:
            continue
        row, fee = sight.by_id[event.registration_id], sight.fee
        assert (event.actor, event.before, event.after) == ("worker", Status.CONFIRMED, Status.EXPIRED)
        assert fee is not None
        assert fee.amount
        assert fee.passes_on
        payment = sight.payments.get(row.id)
        assert payment is None or (payment.paid_at is None and payment.kept_at is None)
        assert row.admitted_at is None
        assert event.at < sight.ends_going_on
        known = max(sight.seated_at(row.id, event.id), fee.told_at)
        due = max(known + GRACE, min(_deadlines(sight, known)))
        assert event.at >= due
        mails = [mail for mail in sight.told(row.id, *deadlines.TELLING) if mail.created_at >= known]
        assert min(mail.sent_at for mail in mails if mail.sent_at) <= due - NOTICE


def no_unpaid_seat_outlives_its_deadline(sight: Sight) -> None:
    """Once the worker has done what is due. It lets whom no mail told keep the seat, and leaves it at that."""
    fee = sight.fee
    if fee is None or not (fee.amount and fee.passes_on) or sight.at >= sight.ends_going_on:
        return
    for row in sight.rows:
        payment = sight.payments.get(row.id)
        is_settled = payment and (payment.paid_at or payment.kept_at)
        if row.status is not Status.CONFIRMED or row.admitted_at or is_settled or _was_spared(row.id):
            continue
        known = max(row.status_at, fee.told_at)
        assert sight.at < max(known + GRACE, min(_deadlines(sight, known))), "a seat that is not paid stays"


def what_came_in_stays_booked(sight: Sight, paid: dict[int, int | None]) -> None:
    """Whatever becomes of the seat; and nothing is given back that did not come in."""
    for number, amount in paid.items():
        payment = sight.payments.get(number)
        assert (payment.amount if payment else None) == amount
    for payment in sight.payments.values():
        assert payment.refunded_at is None or payment.amount
        assert (payment.paid_at is None) is (payment.amount is None)


def _deadlines(sight: Sight, known: dt.datetime) -> list[dt.datetime]:
    assert sight.fee
    ends = [sight.fee.until] if sight.fee.until else []
    return ends + ([known + dt.timedelta(days=sight.fee.days)] if sight.fee.days is not None else [])


def _was_spared(registration_id: int) -> bool:
    spared = AuditEntry.act == UNTOLD, AuditEntry.subject == f"registration:{registration_id}"
    return db.session.scalar(select(AuditEntry.id).where(*spared).limit(1)) is not None


HOLDS = (an_unpaid_seat_went_on_after_its_deadline_of_which_a_mail_told,)
