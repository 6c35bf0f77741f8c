"""What was made lately, kept in this process: a few things, each for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Recent(Generic[Kept]):
    """The `most` things used last, none older than `seconds`; keyed by everything they depend on."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._things: OrderedDict[Hashable, tuple[float, Kept]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept under `key`, or what `make` gives. Two at once may both make it."""
        with self._lock:
            found = self._things.get(key)
            if found is not None and time.monotonic() - found[0] <= self._seconds:
                self._things.move_to_end(key)
                return found[1]
        made, at = make(), time.monotonic()
        with self._lock:
            self._things[key] = at, made
            self._things.move_to_end(key)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return made
