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
TIMES, LONGEST = 100, 120.0  # kept a hundred times as long as it took, two minutes at most
MOST = 100
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    counted_at: dt.datetime
    until: float


def kept(key: Hashable, count: Callable[[], T]) -> tuple[T, dt.datetime]:
    """What `count` says, or said a short while ago, and when it did."""
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
        if took > AT_ONCE:
            if len(held) >= MOST:
                held.clear()
            held[key] = _Kept(value, at, begun + took + min(took * TIMES, LONGEST))
    return value, at
