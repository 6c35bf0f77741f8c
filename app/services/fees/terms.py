"""What a meetup costs, and how that stands for one person with a seat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.fees.terms import State, Terms, state, usual_depositor
from app.domain.registering.registrations import Status
from app.models import Fee, Meetup, Payment, Registration
from app.services import audit
from app.services.registering.registration_changes import owe
from app.services.seating.windows import require_ahead

ASKED = "fee_asked"
COLUMNS = ("amount", "of_companions", "bank", "account", "holder", "days", "until", "passes_on")


@dataclass(frozen=True)
class FeeFacts:
    """How somebody's fee stands. `due_at` None: there is no deadline; `kept`: no seat goes for it any more."""

    amount: int
    bank: str
    account: str
    holder: str
    depositor: str
    due_at: dt.datetime | None
    passes_on: bool
    state: State
    paid: int | None

    @property
    def left(self) -> int:
        return 0 if self.state in {State.PAID, State.EXEMPT} else self.amount - (self.paid or 0)


def of_meetup(meetup_id: int) -> Fee | None:
    """The fee; None where the meetup is free."""
    return of_meetups([meetup_id]).get(meetup_id)


def of_meetups(meetup_ids: Collection[int]) -> Mapping[int, Fee]:
    rows = db.session.scalars(select(Fee).where(Fee.meetup_id.in_(meetup_ids), Fee.amount > 0))
    return {row.meetup_id: row for row in rows}


def payments_of(registration_ids: Collection[int]) -> Mapping[int, Payment]:
    rows = db.session.scalars(select(Payment).where(Payment.registration_id.in_(registration_ids)))
    return {row.registration_id: row for row in rows}


def facts(registration: Registration) -> FeeFacts | None:
    """How the fee stands for them; None where there is none."""
    fee = of_meetup(registration.meetup_id)
    payment = payments_of([registration.id]).get(registration.id) if fee else None
    return facts_of(fee, registration, payment) if fee else None


def facts_of(fee: Fee, registration: Registration, payment: Payment | None) -> FeeFacts:
    owed, paid = fee.terms.owed(registration.companions), payment.amount if payment else None
    kept = payment is not None and payment.kept_at is not None
    due = fee.due_at(registration.status_at)
    return FeeFacts(
        amount=owed,
        bank=fee.bank,
        account=fee.account,
        holder=fee.holder,
        depositor=depositor_of(registration, payment),
        due_at=min(due, registration.meetup.starts_at) if due else None,
        passes_on=fee.passes_on and not kept,
        state=state(owed, paid),
        paid=paid,
    )


def of_somebody(meetup: Meetup, name: str) -> FeeFacts | None:
    """As it would stand for somebody who got a seat now; for samples."""
    fee = of_meetup(meetup.id)
    if fee is None:
        return None
    return FeeFacts(
        amount=fee.amount,
        bank=fee.bank,
        account=fee.account,
        holder=fee.holder,
        depositor=usual_depositor(name, ""),
        due_at=fee.due_at(now()),
        passes_on=fee.passes_on,
        state=State.OWED,
        paid=None,
    )


def depositor_of(registration: Registration, payment: Payment | None) -> str:
    """The name that is to stand in the bank's list: as they said, or the usual one."""
    said = payment.depositor if payment else ""
    return said or usual_depositor(registration.person.name, registration.reference)


def save(meetup_id: int, terms: Terms, actor: str) -> None:
    """Ask this of whoever has a seat or gets one; raises `Unusable`. Who has one already is told by mail, and has their
    time from now on."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        terms.require_usable(meetup.starts_at)
        fee = session.scalars(select(Fee).where(Fee.meetup_id == meetup_id)).one_or_none()
        before = fee.terms if fee else Terms()
        if before == terms:
            return
        if fee is None:
            fee = Fee(meetup_id=meetup_id)
            session.add(fee)
        for column in COLUMNS:
            setattr(fee, column, getattr(terms, column))
        fee.told_at = now()
        meetup.version += 1
        session.flush()
        changed = [name for name in COLUMNS if getattr(before, name) != getattr(terms, name)]
        audit.record(session, "fee.saved", meetup, actor, program_id=meetup.program_id, changed=changed)
        if terms.amount:
            paid = select(Payment.id).where(
                Payment.registration_id == Registration.id, Payment.paid_at.is_not(None)
            )
            seated = select(Registration).where(
                Registration.meetup_id == meetup_id, Registration.status == Status.CONFIRMED, ~paid.exists()
            )
            owe(session, ASKED, meetup, session.scalars(seated.order_by(Registration.id)).all())


def copy(session: Session, original: Meetup, meetup: Meetup) -> None:
    """For the next meetup, in the caller's transaction. A day until which it was to be paid is not the next one's."""
    fee = session.scalars(select(Fee).where(Fee.meetup_id == original.id, Fee.amount > 0)).one_or_none()
    if fee is None:
        return
    session.flush()
    values = {column: getattr(fee, column) for column in COLUMNS}
    values |= {"until": None, "passes_on": fee.passes_on and fee.days is not None}
    session.add(Fee(meetup_id=meetup.id, told_at=now(), **values))


def require(meetup_id: int) -> Fee:
    """Refuses (`fee_none`) where the meetup is free."""
    fee = of_meetup(meetup_id)
    if fee is None:
        raise DomainError("fee_none")
    return fee
