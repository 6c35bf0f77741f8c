"""How many there were at the end of each day, from what changed when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.charts.scales import BOX
from app.domain.registering.registrations import ACTIVE, Status

MOST_POINTS = 60
CONFIRMED = frozenset({Status.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Changes:
    """So many registrations went from `before` (None: were made) to `after`, from `at` on (seconds since 1970)."""

    at: int
    before: Status | None
    after: Status
    number: int


@dataclass(frozen=True, slots=True)
class Point:
    """How many were registered, and how many of these were confirmed, when `day` was over."""

    day: dt.date
    registered: int
    confirmed: int


def by_day(
    changes: Iterable[Changes], zone: ZoneInfo, until: dt.date, most: int | None = MOST_POINTS
) -> tuple[Point, ...]:
    """Days of `zone` without gaps from the first change to `until`, or to the last change where that is later.

    More days than `most` stand in steps as in `thinned`; None: every day does.
    """
    registered, confirmed = Counter[dt.date](), Counter[dt.date]()
    for each in changes:
        day = dt.datetime.fromtimestamp(each.at, zone).date()
        registered[day] += each.number * ((each.after in ACTIVE) - (each.before in ACTIVE))
        confirmed[day] += each.number * ((each.after in CONFIRMED) - (each.before in CONFIRMED))
    if not registered:
        return ()
    first, last = min(registered), max(until, *registered)
    points, here, sure = [], 0, 0
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        here, sure = here + registered[day], sure + confirmed[day]
        points.append(Point(day, here, sure))
    return tuple(points) if most is None else thinned(points, most)


def thinned(points: Sequence[Point], most: int = MOST_POINTS) -> tuple[Point, ...]:
    """In steps of several days where there are more than `most`; the last one is always whole."""
    step = max(-(-len(points) // most), 1)
    return tuple(reversed(points[::-1][::step]))


def step_line(values: Sequence[int], top: int) -> str:
    """An SVG path through the box: each value holds from its place to the next one's."""
    if not values or top <= 0:
        return ""
    wide = [round(BOX * number / len(values)) for number in range(len(values) + 1)]
    high = [BOX - round(BOX * value / top) for value in values]
    steps = "".join(f"V{y}H{x}" for y, x in zip(high, wide[1:], strict=True))
    return f"M0 {high[0]}{steps.removeprefix(f'V{high[0]}')}"


def area(values: Sequence[int], top: int) -> str:
    """The same line with all that is below it."""
    line = step_line(values, top)
    return f"{line}V{BOX}H0Z" if line else ""


def labels(count: int) -> tuple[int, ...]:
    """Which of so many places are named below the picture: the first, the last, and one between."""
    gaps = min(2, max(count - 1, 1))
    return tuple(sorted({(count - 1) * number // gaps for number in range(gaps + 1)})) if count else ()
