"""Where somebody stands in line who registered elsewhere at another time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.seating.line_order import is_behind, number_of, rank_of


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


def lined_up(
    before: Mapping[int, int], line: Sequence[Standing], coming: Mapping[int, Standing]
) -> dict[int, int]:
    """The ranks of all, with those who come in their places. `before`: the rank of each, also of those who come.

    Those who stand behind are a line of their own, but numbers go by when everybody registered: once nobody stands
    behind any more, all stand where they registered.
    """
    by_number = sorted(line, key=lambda each: number_of(before[each.id]))
    everybody = merged(by_number, list(coming.values()))
    numbers = dict(zip(everybody, sorted(map(number_of, before.values())), strict=True))
    after: dict[int, int] = {}
    for side in (False, True):
        standing = [each for each in line if is_behind(before[each.id]) is side]
        new = [each for each in coming.values() if is_behind(before[each.id]) is side]
        order = merged(standing, new)
        given = sorted(numbers[each] for each in order)
        after |= {each: rank_of(number, behind=side) for each, number in zip(order, given, strict=True)}
    return after
