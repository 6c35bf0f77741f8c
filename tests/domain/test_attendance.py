"""What became of a place at a meetup that is over."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.attendance import Attendance, attendance, most_telling
from app.domain.registering.registrations import Status

START = dt.datetime(2026, 12, 10, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("status", "known", "hours_before", "told"),
    [
        (Status.CONFIRMED, {"came": True}, 500, Attendance.CAME),
        (Status.CONFIRMED, {"no_show": True}, 500, Attendance.NO_SHOW),
        (Status.CONFIRMED, {}, 500, None),
        (Status.CANCELLED, {"had_seat": True}, 24, Attendance.CANCELLED),
        (Status.CANCELLED, {"had_seat": True}, 23, Attendance.CANCELLED_LATE),
        (Status.CANCELLED, {}, 1, None),
        (Status.EXPIRED, {"had_seat": True}, 30, Attendance.RELEASED),
        (Status.EXPIRED, {}, 30, None),
        (Status.DECLINED, {"had_seat": True}, 30, None),
        (Status.WAITLISTED, {"no_show": True}, 0, Attendance.NO_SHOW),
    ],
)
def test_it_is_told_by_the_door_and_by_how_the_seat_ended(
    status: Status, known: dict[str, bool], hours_before: int, told: Attendance | None
) -> None:
    facts = {"came": False, "no_show": False, "had_seat": False} | known
    ended = START - dt.timedelta(hours=hours_before)

    assert attendance(status, ended_at=ended, starts_at=START, **facts) is told


def test_who_cancelled_and_came_after_all_came() -> None:
    assert most_telling([Attendance.CANCELLED_LATE, Attendance.CAME]) is Attendance.CAME
    assert most_telling([Attendance.CANCELLED, Attendance.NO_SHOW]) is Attendance.NO_SHOW
