"""When reminders go out, and which of them is still worth something."""

from __future__ import annotations

import datetime as dt

from app.domain.registering.reminders import DAY, WEEK, latest, reminder_at
from app.domain.schedule import Act

START = dt.datetime(2026, 12, 10, 10, tzinfo=dt.UTC)
BOTH = {Act.WEEK_REMINDER: START - WEEK, Act.DAY_REMINDER: START - DAY}


def test_a_reminder_goes_out_so_long_before_the_start_or_not_at_all() -> None:
    assert reminder_at(START, WEEK, wanted=True) == dt.datetime(2026, 12, 3, 10, tzinfo=dt.UTC)
    assert reminder_at(START, DAY, wanted=False) is None


def test_of_two_that_are_due_the_last_one_counts() -> None:
    assert latest(BOTH, START - WEEK - DAY) is None
    assert latest(BOTH, START - WEEK) == (Act.WEEK_REMINDER, START - WEEK)
    assert latest(BOTH, START - DAY) == (Act.DAY_REMINDER, START - DAY)
    assert latest(BOTH | {Act.DAY_REMINDER: None}, START) == (Act.WEEK_REMINDER, START - WEEK)
