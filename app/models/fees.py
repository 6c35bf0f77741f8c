"""A meetup's fee, and what became of each seat's: money in whole won."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.fees.terms import Terms
from app.models.base import BigId, CreatedAt, Id, Instant, Line, MaybeInstant, Model, Short
from app.models.meetups import Meetup


class Fee(Model):
    """What a meetup costs; no row, or an amount of 0: nothing, and no page says a word of it."""

    __tablename__ = "fee"

    id: Mapped[Id]
    meetup_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetup.id", ondelete="RESTRICT"), unique=True)
    amount: Mapped[int]
    of_companions: Mapped[bool] = mapped_column(default=False)
    bank: Mapped[Line] = mapped_column(default="")
    account: Mapped[Line] = mapped_column(default="")
    holder: Mapped[Line] = mapped_column(default="")
    days: Mapped[int | None]
    until: Mapped[MaybeInstant]
    passes_on: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[Instant]  # since when it is as it is: whoever had a seat then was told by a mail

    meetup: Mapped[Meetup] = relationship(back_populates="fee", viewonly=True)

    @property
    def terms(self) -> Terms:
        return Terms(
            amount=self.amount,
            of_companions=self.of_companions,
            bank=self.bank,
            account=self.account,
            holder=self.holder,
            days=self.days,
            until=self.until,
            passes_on=self.passes_on,
        )

    def due_at(self, seated_at: dt.datetime) -> dt.datetime | None:
        """Until when somebody pays who has had their seat since then."""
        return self.terms.due_at(max(seated_at, self.told_at))


class Payment(Model):
    """What is known of one registration's fee; no row: nothing has come in and nobody said anything."""

    __tablename__ = "payment"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registration.id", ondelete="RESTRICT"), unique=True
    )
    depositor: Mapped[Line] = mapped_column(default="")  # as they said; "": the usual one
    paid_at: Mapped[MaybeInstant] = mapped_column(index=True)
    amount: Mapped[int | None] = mapped_column(BigInteger)  # that came in; 0: nothing is wanted of them
    booked_by: Mapped[Short] = mapped_column(default="")
    batch: Mapped[Short] = mapped_column(default="", index=True)  # of lines that were booked together
    kept_at: Mapped[
        MaybeInstant
    ]  # the seat stays, paid or not: no mail told them in time, or an organizer said so
    refund_account: Mapped[Line] = mapped_column(default="")
    refunded_at: Mapped[MaybeInstant]
    created_at: Mapped[CreatedAt]
