"""What a meetup is still open to at this moment."""

from __future__ import annotations

from typing import Any

from app.clock import now
from app.domain.errors import DomainError
from app.domain.meetups import why_not_open
from app.models import Meetup, MeetupState


def why_closed(meetup: Any) -> str | None:
    """The reason code why nobody can register now, None while it is open; for a `Meetup` or a row of one."""
    return why_not_open(
        meetup.state,
        opens_at=meetup.opens_at,
        closes_at=meetup.closes_at,
        starts_at=meetup.starts_at,
        ends_at=meetup.ends_at,
        at=now(),
    )


def require_ahead(meetup: Meetup) -> None:
    """Refuse to decide about seats of a meetup that was called off or is over."""
    if meetup.state is MeetupState.CALLED_OFF:
        raise DomainError("meetup_called_off")
    if now() >= meetup.ends_at:
        raise DomainError("meetup_over")
