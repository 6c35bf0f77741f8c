"""The columns of a meetup's fee: when it came in, and how much."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from app.models import Meetup
from app.services.fees import lists, terms
from app.services.organizing.attendees import local
from app.services.organizing.exports import Column


def offered(meetup: Meetup) -> tuple[Column, ...]:
    """None where the meetup is free."""
    if terms.of_meetup(meetup.id) is None:
        return ()
    paid = _Paid(meetup)
    return (
        Column("paid_at", _("Fee paid at"), paid.at),
        Column("paid_amount", _("Fee paid, in won"), paid.amount),
    )


class _Paid:
    """What came in, looked up once and only if asked."""

    def __init__(self, meetup: Meetup) -> None:
        self._meetup = meetup
        self._found: dict[int, tuple[dt.datetime, int]] | None = None

    def at(self, row: Any) -> dt.datetime | None:
        paid = self._of(row)
        return local(paid[0], self._meetup.timezone) if paid else None

    def amount(self, row: Any) -> int | None:
        paid = self._of(row)
        return paid[1] if paid else None

    def _of(self, row: Any) -> tuple[dt.datetime, int] | None:
        if self._found is None:
            self._found = lists.paid_of(self._meetup.id)
        return self._found.get(row.id)
