"""The scale beside a picture: round numbers, whole ones, few."""

from __future__ import annotations

from collections.abc import Iterator

BOX = 1000
"""How wide and high a picture's box is."""

MOST_TICKS = 5
_LEADING = (1, 2, 5)


def ticks(most: int, at_most: int = MOST_TICKS) -> tuple[int, ...]:
    """Round whole numbers at equal distances from 0 to the first that holds `most`; two at least."""
    step = next(step for step in _steps() if -(-most // step) < at_most)
    return tuple(range(0, max(-(-most // step), 1) * step + 1, step))


def share(value: int, top: int) -> int:
    """How much of the box `value` takes, where `top` takes all of it; what is there at all is seen."""
    if value <= 0 or top <= 0:
        return 0
    return max(round(BOX * value / top), 2)


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, …"""
    size = 1
    while True:
        yield from (leading * size for leading in _LEADING)
        size *= 10
