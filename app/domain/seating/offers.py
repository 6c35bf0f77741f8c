"""How freed seats go on: at once, or offered for a time; for how long, and until when at all."""

from __future__ import annotations

import datetime as dt
import enum


class FreedSeats(enum.StrEnum):
    """What the first in line gets when a seat is freed."""

    CONFIRM = "confirm"  # the seat itself
    OFFER = "offer"  # an offer, to be accepted until a deadline


SHORTEST = dt.timedelta(minutes=30)
USUAL_HOURS = 24
MOST_HOURS = 14 * 24


def last_call(
    freed: FreedSeats, *, starts_at: dt.datetime, ends_at: dt.datetime, hours_before: int | None
) -> dt.datetime:
    """From when on freed seats stay free: so many hours before the start, if the organizer said so.

    Otherwise at the start for offers, which take time, and at the end for seats that are given at once.
    """
    if hours_before is not None:
        return starts_at - dt.timedelta(hours=hours_before)
    return starts_at if freed is FreedSeats.OFFER else ends_at


def offer_until(at: dt.datetime, hours: int, last: dt.datetime) -> dt.datetime | None:
    """The deadline of an offer made at `at`; None: it is too late for one.

    The hours that the organizer chose, but no more than half of the time left until the last call, so
    that somebody else can still be asked; half an hour at least; never past the last call. On the minute, as
    people read it.
    """
    left = last - at
    if left < SHORTEST:
        return None
    until = at + max(SHORTEST, min(dt.timedelta(hours=hours), left / 2))
    return until.replace(second=0, microsecond=0)


def why_stopped(
    at: dt.datetime,
    *,
    called_off: bool,
    paused: bool,
    last: dt.datetime,
    over_by: int,
    draws: bool = False,
) -> str | None:
    """Why nobody moves up now, as a code; None: a freed seat goes to the first in line at once."""
    if called_off:
        return "called_off"
    if at >= last:
        return "last_call"
    if paused:
        return "paused"
    if draws:
        return "draw"
    return "over" if over_by else None
