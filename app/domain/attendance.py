"""What became of somebody's place at a meetup that is over."""

from __future__ import annotations

import datetime as dt
import enum

from app.domain.registering.registrations import Status

LATE = dt.timedelta(hours=24)
"""A seat that is given up later than this before the start is hard to fill."""


class Attendance(enum.StrEnum):
    CAME = "came"
    NO_SHOW = "no_show"  # had a seat to the end, and did not come
    CANCELLED = "cancelled"  # gave the seat up in time
    CANCELLED_LATE = "cancelled_late"
    RELEASED = "released"  # did not say whether they come, and lost the seat


def attendance(
    status: Status,
    *,
    came: bool,
    no_show: bool,
    had_seat: bool,
    ended_at: dt.datetime,
    starts_at: dt.datetime,
) -> Attendance | None:
    """None: they had no seat, or nobody knows who came. `had_seat`: when it ended, at `ended_at`."""
    if came:
        return Attendance.CAME
    if no_show:
        return Attendance.NO_SHOW
    if not had_seat:
        return None
    if status is Status.EXPIRED:
        return Attendance.RELEASED
    if status is not Status.CANCELLED:
        return None
    return Attendance.CANCELLED_LATE if ended_at > starts_at - LATE else Attendance.CANCELLED


def most_telling(found: list[Attendance]) -> Attendance:
    """Of several places of one person at one meetup: who cancelled and came back after all, came."""
    order = list(Attendance)
    return min(found, key=order.index)
