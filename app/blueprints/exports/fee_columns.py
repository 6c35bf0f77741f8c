"""The columns of a meetup's fee: when it came in, and how much."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from app.models import Meetup
from app.services.fees import lists, terms
from app.services.organizing.attendees import local
from app.services.organizing.exports import ByRegistration, Column


def offered(meetup: Meetup) -> tuple[Column, ...]:
    """None where the meetup is free."""
    if terms.of_meetup(meetup.id) is None:
        return ()
    paid, zone = ByRegistration(lists.paid_by), meetup.timezone
    return (
        Column("paid_at", _("Fee paid at"), lambda row: local(_part(paid.of(row), 0), zone), (paid,)),
        Column("paid_amount", _("Fee paid, in won"), lambda row: _part(paid.of(row), 1), (paid,)),
    )


def _part(paid: tuple[dt.datetime, int] | None, index: int) -> Any:
    return paid[index] if paid else None
