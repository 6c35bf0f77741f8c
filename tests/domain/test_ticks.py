"""Door ticks as plain values."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

import pytest

from app.domain.door.scans import Malformed
from app.domain.door.ticks import Mark, Standing, newest, read_mark

NOON = dt.datetime(2026, 7, 14, 12, tzinfo=dt.UTC)
FIRST, SECOND = "0" * 8 + "-0000-4000-8000-" + "0" * 12, "1" * 8 + "-0000-4000-8000-" + "0" * 12


def minute(n: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=n)


def test_the_newest_mark_of_a_tick_counts_in_whatever_order_they_arrive():
    marks = [
        (minute(0), FIRST, "명찰", True),
        (minute(2), SECOND, "명찰", False),
        (minute(1), FIRST, "식권", True),
        (minute(1), SECOND, "식권", False),
        (minute(3), FIRST, "기념품", True),
    ]

    told = [newest(order) for order in itertools.permutations(marks)]

    assert told[0] == {
        "명찰": Standing(False, minute(2)),
        "식권": Standing(False, minute(1)),
        "기념품": Standing(True, minute(3)),
    }
    assert all(each == told[0] for each in told)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "no uuid"},
        {"id": None},
        {"registration": ""},
        {"registration": 7},
        {"registration": "X" * 41},
        {"tick": ""},
        {"tick": None},
        {"tick": "x" * 21},
        {"tick": "명\x00찰"},
        {"given": "yes"},
        {"given": None},
    ],
)
def test_a_mark_that_says_nothing_is_malformed(change: dict[str, Any]):
    whole = {"id": str(uuid.uuid4()), "registration": "ABCD2345", "tick": "명찰", "given": True}

    assert isinstance(read_mark(whole), Mark)
    assert isinstance(read_mark(whole | change), Malformed)
