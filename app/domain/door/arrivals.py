"""Arrivals over time, as bars of equal length that fit a screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

MOST_BARS = 48
STEPS = (5, 10, 15, 30, 60, 120, 360, 720, 1440)  # minutes


@dataclass(frozen=True, slots=True)
class Bar:
    """How many people came in from `start` on, until the next bar's start."""

    start: dt.datetime
    people: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars without gaps from the first arrival to the last; `minutes` is the length of each."""

    minutes: int
    bars: tuple[Bar, ...]

    @property
    def peak(self) -> Bar | None:
        """The fullest bar, the earliest of several."""
        return max(self.bars, key=lambda bar: bar.people, default=None)


def chart(by_minute: Iterable[tuple[int, int]]) -> Chart:
    """From (start of a minute in seconds since 1970, people). What is too long for the screen keeps its end."""
    counted = dict(by_minute)
    if not counted:
        return Chart(STEPS[0], ())
    first, last = min(counted), max(counted)
    minutes = next((step for step in STEPS if (last - first) // (step * 60) + 2 <= MOST_BARS), STEPS[-1])
    length = minutes * 60
    end = last // length
    start = max(first // length, end - MOST_BARS + 1)
    people = dict.fromkeys(range(start, end + 1), 0)
    for second, number in counted.items():
        if second // length in people:
            people[second // length] += number
    bars = (Bar(dt.datetime.fromtimestamp(n * length, dt.UTC), number) for n, number in people.items())
    return Chart(minutes, tuple(bars))
