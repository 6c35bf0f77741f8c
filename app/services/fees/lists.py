"""Who has paid and who has not, and whose the lines of a bank's list are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import contains_eager

from app.db import db
from app.domain.fees.terms import State
from app.domain.fees.transfers import Matched, Payer, match_all, read_transfers
from app.domain.registering.registrations import ENDED, Status
from app.domain.rosters import Hints
from app.models import Fee, Meetup, MeetupState, Payment, Person, Registration
from app.reading import among
from app.services.alumni.rosters import Source, read
from app.services.fees.terms import FeeFacts, depositor_of, facts_of


@dataclass(frozen=True)
class Line:
    registration: Registration
    payment: Payment | None
    facts: FeeFacts


@dataclass(frozen=True)
class Sums:
    paid: int
    open: int
    came: int  # in won


def sums(meetup_id: int) -> Sums:
    """Of those with a seat; the money also of those whom it goes back to, until it went."""
    paid = func.count().filter(Payment.paid_at.is_not(None))
    seats = db.session.execute(
        select(func.count().label("all"), paid.label("paid"))
        .select_from(Registration)
        .outerjoin(Payment, Payment.registration_id == Registration.id)
        .where(Registration.meetup_id == meetup_id, Registration.status == Status.CONFIRMED)
    ).one()
    came = db.session.scalar(
        select(func.coalesce(func.sum(Payment.amount), 0))
        .join(Registration, Registration.id == Payment.registration_id)
        .where(Registration.meetup_id == meetup_id, Payment.refunded_at.is_(None))
    )
    return Sums(seats.paid, seats.all - seats.paid, int(came or 0))


def page(fee: Fee, *, paid: bool, start: int, size: int) -> list[Line]:
    """Those with a seat who have paid, or have not, by name; one more than `size` when there is a next page."""
    done = Payment.paid_at.is_not(None) if paid else Payment.paid_at.is_(None)
    return _lines(fee, Registration.status == Status.CONFIRMED, done, start=start, size=size + 1)


def to_refund(meetup: Meetup, fee: Fee, *, size: int) -> list[Line]:
    """Paid, and no seat for it any more; those whose money is still here first."""
    ended = Registration.status.in_(ENDED)
    called_off = meetup.state is MeetupState.CALLED_OFF
    lines = _lines(fee, Payment.amount > 0, *(() if called_off else (ended,)), start=0, size=size)
    return sorted(lines, key=lambda line: line.payment is not None and line.payment.refunded_at is not None)


def matched(meetup: Meetup, fee: Fee, source: Source) -> tuple[list[Matched], list[int]]:
    """Whose each line of a bank's list is, and the numbers of the rows that are no money that came in."""
    book = read(source, Hints())
    sheet = max(book.sheets, key=lambda sheet: len(sheet.rows))
    transfers, left_out = read_transfers(sheet.rows, meetup.timezone)
    return match_all(transfers, payers(fee)), left_out


def payers(fee: Fee) -> list[Payer]:
    """Everybody whose transfer may stand in the list; also who lost the seat since, as the money may come all the same."""
    lines = _lines(
        fee,
        or_(Registration.status == Status.CONFIRMED, Payment.paid_at.is_not(None), Payment.id.is_not(None)),
        start=0,
        size=None,
    )
    return [
        Payer(
            line.registration.reference,
            line.registration.person.name,
            depositor_of(line.registration, line.payment),
            line.facts.left if line.facts.state is State.OWED else 0,
            line.facts.paid,
        )
        for line in lines
    ]


def _lines(fee: Fee, *conditions: ColumnElement[bool], start: int, size: int | None) -> list[Line]:
    rows: Sequence[Row[Registration, Payment | None]] = db.session.execute(
        select(Registration, Payment)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Payment, Payment.registration_id == Registration.id)
        .options(contains_eager(Registration.person))
        .where(Registration.meetup_id == fee.meetup_id, *conditions)
        .order_by(Person.name, Registration.id)
        .offset(start)
        .limit(size)
    ).all()
    return [Line(row, payment, facts_of(fee, row, payment)) for row, payment in rows]


def paid_by(registration_ids: Collection[int]) -> dict[int, tuple[dt.datetime, int]]:
    """When how much came in, by registration."""
    rows = db.session.execute(
        select(Payment.registration_id, Payment.paid_at, Payment.amount).where(
            among(Payment.registration_id, registration_ids), Payment.paid_at.is_not(None)
        )
    )
    return {row.registration_id: (row.paid_at, row.amount) for row in rows}
