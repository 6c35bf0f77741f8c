"""What took long to count is kept for a while: however many look at 100,000 registrations, they are counted once."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app

from app.clock import now

T = TypeVar("T")
AT_ONCE = 0.1  # seconds; what takes no longer is counted each time
MANY = 20_000  # people: of so many it is kept however long it took
TIMES, LONGEST = 100, 120.0  # kept a hundred times as long as it took, two minutes at most
MOST = 100
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    counted_at: dt.datetime
    until: float


def of_people(number: int, key: Hashable, count: Callable[[], T]) -> T:
    """What `count` says of so many people; of a crowd, what it said a short while ago, as `kept` has it.

    A page counts several things: each is quick, all of them together are not.
    """
    value, _at = kept(key, count, at_once=0 if number >= MANY else None)
    return value


def kept(key: Hashable, count: Callable[[], T], *, at_once: float | None = None) -> tuple[T, dt.datetime]:
    """What `count` says, or said a short while ago, and when it did. `at_once`: seconds up to which nothing is kept."""
    held: dict[Hashable, _Kept] = current_app.extensions.setdefault("kept_counts", {})
    with _lock:
        found = held.get(key)
    if found and time.monotonic() < found.until:
        return found.value, found.counted_at
    at, begun = now(), time.monotonic()
    value = count()
    took = time.monotonic() - begun
    with _lock:
        held.pop(key, None)
        if took > (AT_ONCE if at_once is None else at_once):
            if len(held) >= MOST:
                held.clear()
            held[key] = _Kept(value, at, begun + took + min(took * TIMES, LONGEST))
    return value, at
