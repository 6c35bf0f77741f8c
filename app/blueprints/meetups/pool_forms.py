"""Shapes of what organizers send about seats that are kept. What may stand there: app/domain/seating/seat_pools.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Optional

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.seating.seat_pools import SeatPools
from app.domain.writing.local_times import instant
from app.models import Cohort, Meetup
from app.numbers import number
from app.refusals import explain

from .forms import LocalTimeField


class SeatPoolsForm(FlaskForm):
    """The seats of each cohort come as `quota-<id>`, besides the form. `understood`: whom it affects was read."""

    reserved = StringField(_l("Reserved seats"))
    until = LocalTimeField(_l("Kept for cohorts until"), validators=[Optional()])
    understood = HiddenField()
    quota_problem = ""

    def pools(self, meetup: Meetup) -> SeatPools:
        """As typed; raises `Unusable` for what is no number or no time. A date without a quota means nothing."""
        problems = {}
        reserved = _seats(self.reserved.data)
        if reserved is None:
            problems["reserved"] = DomainError("seats_unreadable")
        typed = {cohort.id: _seats(request.form.get(f"quota-{cohort.id}")) for cohort in meetup.cohorts}
        if None in typed.values():
            problems["quotas"] = DomainError("seats_unreadable")
        if problems:
            raise Unusable(problems)
        quotas = {cohort: seats for cohort, seats in typed.items() if seats}
        return SeatPools(reserved=reserved or 0, quotas=quotas, until=self._until(meetup) if quotas else None)

    def _until(self, meetup: Meetup) -> dt.datetime | None:
        try:
            return instant(self.until.data, meetup.timezone, later=False) if self.until.data else None
        except DomainError as refusal:
            raise Unusable({"until": refusal}) from refusal

    def note(self, refusal: Unusable) -> None:
        """Put what is wrong at its fields."""
        for name, problem in refusal.problems.items():
            if name == "quotas":
                self.quota_problem = explain(problem)
                self.form_errors.append(self.quota_problem)
            elif name in self._fields:
                self._fields[name].errors = [explain(problem)]
            else:
                self.form_errors.append(explain(problem))


def pools_of(meetup: Meetup) -> dict[str, Any]:
    """What the form shows for a meetup as it is."""
    until = meetup.quotas_until
    return {
        "reserved": str(meetup.reserved_seats),
        "until": meetup.local(until).replace(tzinfo=None) if until else None,
    }


def quotas_typed(meetup: Meetup) -> list[tuple[Cohort, str]]:
    """The seats kept for each cohort: as typed, or as the meetup has them."""
    return [
        (cohort, request.form.get(f"quota-{cohort.id}", str(meetup.quotas.get(str(cohort.id), 0))))
        for cohort in meetup.cohorts
    ]


def _seats(text: str | None) -> int | None:
    """0 for nothing typed, None for what is no number."""
    return number((text or "").strip() or "0")
