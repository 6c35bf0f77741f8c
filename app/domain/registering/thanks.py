"""Thanks to those who were there: when they go out, and until when they still do."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

AT = dt.time(10)
"""On the clock of the meetup's zone: the first such time that leaves the guests a night's sleep."""
SOONEST = dt.timedelta(hours=6)
LATEST_DAYS = 3
"""Thanks that come later than that, since no worker ran or the organizer wanted them late, are none."""


def thanks_at(ends_at: dt.datetime, zone: str, *, wanted: bool) -> dt.datetime | None:
    """When thanks go out; None: the organizer wants none."""
    if not wanted:
        return None
    soonest = (ends_at + SOONEST).astimezone(ZoneInfo(zone))
    day = soonest.date() if soonest.time() <= AT else soonest.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, AT, soonest.tzinfo).astimezone(dt.UTC)
