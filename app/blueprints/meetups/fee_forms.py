"""Shapes of what organizers send about a fee. What may stand there: app/domain/fees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.domain.errors import DomainError
from app.domain.fees.terms import Terms
from app.domain.fees.transfers import won
from app.domain.meetup_drafts import Unusable
from app.domain.writing.kept_texts import one_line
from app.domain.writing.local_times import instant
from app.models import Meetup
from app.numbers import number
from app.refusals import explain
from app.services.fees.payments import Booking

from .forms import TOO_LONG, LocalTimeField


def _line(label: Any) -> StringField:
    return StringField(label, filters=[one_line], validators=[Length(max=100, message=TOO_LONG)])


class FeeForm(FlaskForm):
    amount = StringField(_l("Amount in won"), filters=[one_line])
    of_companions = BooleanField(_l("Companions pay, too"))
    bank = _line(_l("Bank"))
    account = _line(_l("Account number"))
    holder = _line(_l("Account holder"))
    days = StringField(_l("Days after getting the seat"), filters=[one_line])
    until = LocalTimeField(_l("Or at the latest by"), validators=[Optional()])
    passes_on = BooleanField(_l("Seats that are not paid by then go to the next in line"))

    def terms(self, meetup: Meetup) -> Terms:
        """As typed; raises `Unusable` where the date is none. What is no number is refused later."""
        amount, days = (self.amount.data or "").strip(), (self.days.data or "").strip()
        return Terms(
            amount=0 if amount in {"", "0"} else won(amount) or -1,
            of_companions=self.of_companions.data,
            bank=self.bank.data or "",
            account=self.account.data or "",
            holder=self.holder.data or "",
            days=(number(days) or 0) if days else None,
            until=self._until(meetup),
            passes_on=self.passes_on.data,
        )

    def _until(self, meetup: Meetup) -> dt.datetime | None:
        try:
            return instant(self.until.data, meetup.timezone, later=False) if self.until.data else None
        except DomainError as refusal:
            raise Unusable({"until": refusal}) from refusal

    def note(self, refusal: Unusable) -> None:
        """Put what is wrong at its fields."""
        for name, problem in refusal.problems.items():
            self._fields[name].errors = [explain(problem)]


class TransfersForm(FlaskForm):
    file = FileField(_l("File from the bank"))
    paste = TextAreaField(_l("Lines from the bank's list"), validators=[Length(max=500_000)])


def shown(terms: Terms, meetup: Meetup) -> dict[str, Any]:
    """What the form shows for a fee as it is."""
    return {
        "amount": f"{terms.amount:,}" if terms.amount else "",
        "of_companions": terms.of_companions,
        "bank": terms.bank,
        "account": terms.account,
        "holder": terms.holder,
        "days": "" if terms.days is None else str(terms.days),
        "until": meetup.local(terms.until).replace(tzinfo=None) if terms.until else None,
        "passes_on": terms.passes_on,
    }


def bookings(sent: Mapping[str, str], lines: list[str]) -> list[Booking]:
    """The ticked lines of a preview: whom each is of, how much and when; what cannot be read is left out."""
    found = []
    for line in lines:
        reference, amount = sent.get(f"payer-{line}", ""), number(sent.get(f"amount-{line}", ""))
        if reference and amount:
            found.append(Booking(reference, amount, _instant(sent.get(f"on-{line}", ""))))
    return found


def _instant(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
