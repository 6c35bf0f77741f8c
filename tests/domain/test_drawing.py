"""Where a draw stands, and what somebody gets who registers then."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.registering.registrations import Status
from app.domain.seating.drawing import Drawing, drawing, first_status
from app.domain.seating.modes import Mode
from app.domain.seating.pools import Kept, Party, Pool
from app.domain.seating.seats import Seating

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FREE, FULL = Seating(2, 0, 0), Seating(2, 2, 0)


@pytest.mark.parametrize(
    ("mode", "until", "closed", "stands"),
    [
        (Mode.DRAW, NOW + MINUTE, False, Drawing.ENTERING),
        (Mode.DRAW, NOW, False, Drawing.CLOSED),
        (Mode.DRAW, NOW + MINUTE, True, Drawing.CLOSED),
        (Mode.DRAW, None, False, Drawing.NONE),
        (Mode.APPROVAL, NOW + MINUTE, False, Drawing.NONE),
        (Mode.FIRST_COME, NOW - MINUTE, True, Drawing.NONE),
    ],
)
def test_one_enters_before_the_deadline_and_never_once_the_list_is_published(
    mode: Mode, until: dt.datetime | None, closed: bool, stands: Drawing
) -> None:
    assert drawing(mode, until, closed=closed, at=NOW) is stands


@pytest.mark.parametrize(
    ("mode", "stands", "seating", "status"),
    [
        (Mode.DRAW, Drawing.ENTERING, FREE, Status.APPLIED),
        (Mode.DRAW, Drawing.CLOSED, FREE, Status.WAITLISTED),
        (Mode.DRAW, Drawing.NONE, FREE, Status.CONFIRMED),
        (Mode.DRAW, Drawing.NONE, FULL, Status.WAITLISTED),
        (Mode.APPROVAL, Drawing.NONE, FREE, Status.APPLIED),
        (Mode.FIRST_COME, Drawing.NONE, FREE, Status.CONFIRMED),
        (Mode.FIRST_COME, Drawing.NONE, Seating(2, 0, 0, promised=2), Status.WAITLISTED),
    ],
)
def test_what_somebody_gets_who_registers(
    mode: Mode, stands: Drawing, seating: Seating, status: Status
) -> None:
    assert first_status(mode, stands, seating, Party()) is status


@pytest.mark.parametrize(
    ("mode", "stands"),
    [(Mode.DRAW, Drawing.ENTERING), (Mode.APPROVAL, Drawing.NONE), (Mode.DRAW, Drawing.CLOSED)],
)
def test_whose_seat_is_reserved_has_it_whatever_the_others_do(mode: Mode, stands: Drawing) -> None:
    kept = Kept(Pool(1, 0, 0), {})

    assert first_status(mode, stands, Seating(2, 0, 0, kept=kept), Party(reserved=True)) is Status.CONFIRMED
