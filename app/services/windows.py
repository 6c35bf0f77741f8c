"""Whether a meetup takes registrations at this moment."""

from __future__ import annotations

from typing import Any

from app.clock import now
from app.domain.meetups import why_not_open


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
