"""Reminders of a meetup, to whoever has a seat: when they go out, and until when they are worth something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.domain.schedule import Act

WEEK, DAY = dt.timedelta(days=7), dt.timedelta(days=1)


def reminder_at(starts_at: dt.datetime, before: dt.timedelta, *, wanted: bool) -> dt.datetime | None:
    """When a reminder goes out; None: the organizer wants none."""
    return starts_at - before if wanted else None


def latest(times: Mapping[Act, dt.datetime | None], at: dt.datetime) -> tuple[Act, dt.datetime] | None:
    """Of the reminders of one meetup, the last that is due at `at`: it alone is still worth something."""
    due = [(time, act) for act, time in times.items() if time is not None and time <= at]
    time, act = max(due, default=(None, None))
    return (act, time) if act and time else None
