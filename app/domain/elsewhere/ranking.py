"""Where somebody stands in line who registered elsewhere at another time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in line. `at`: when they registered, None where an organizer put them into their place."""

    id: int
    at: dt.datetime | None


def merged(line: Sequence[Standing], coming: Sequence[Standing]) -> list[int]:
    """The line with those who come into it, each before the first who registered later.

    The line keeps its order. Those who come are in the order of their times.
    """
    found: list[int] = []
    left = list(reversed(coming))
    for each in line:
        while left and each.at is not None and (at := left[-1].at) is not None and at < each.at:
            found.append(left.pop().id)
        found.append(each.id)
    return found + [each.id for each in reversed(left)]
