"""What a meetup's change of time or place is told as: what was, beside what is."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.calendars import location
from app.domain.registering.moves import Appointment
from app.services.mails.meetup_values import span_of


@dataclass(frozen=True)
class Change:
    """One line of what has changed; an empty `was` or `now`: there was nothing, or there is nothing any more."""

    label: str
    was: str
    now: str


def changes(before: Appointment, after: Appointment, locale: str, *, online: bool) -> list[Change]:
    """What readers of `locale` see of a change; `online`: they may know the link for joining."""
    lines = [
        Change(_("When"), span_of(before), span_of(after)),
        Change(_("Place"), location(before, locale), location(after, locale)),
    ]
    if online:
        lines.append(Change(_("Online"), before.online_url, after.online_url))
    return [line for line in lines if line.was != line.now]
