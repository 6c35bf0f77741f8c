"""What people get at the door once they are in (badge, meal, souvenir), as plain values: ticks and their taking back.

Phones send marks late, twice and in any order; the newest by corrected time counts, then the larger id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.door.doors import TICK_LIMIT
from app.domain.door.scans import Malformed, clean, read_id


@dataclass(frozen=True, slots=True)
class Mark:
    """One tick, or its taking back, as a phone tells it: of whom, by their public reference."""

    id: str
    registration: str
    tick: str
    given: bool
    at: object


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody has it, and since when it is so."""

    given: bool
    at: dt.datetime


def read_mark(item: object) -> Mark | Malformed:
    """The mark in one item of a batch; anything may arrive."""
    if not isinstance(item, Mapping):
        return Malformed(None)
    mark_id, told = read_id(item.get("id")), item.get("id")
    tick, registration, given = item.get("tick"), item.get("registration"), item.get("given")
    fits = isinstance(registration, str) and 0 < len(registration) <= 40 and isinstance(given, bool)
    if mark_id is None or not fits or not isinstance(tick, str) or clean(tick, TICK_LIMIT) != tick:
        return Malformed(told if isinstance(told, str) and len(told) <= 100 else None)
    return Mark(mark_id, str(registration), tick, given is True, item.get("at"))


def newest(marks: Iterable[tuple[dt.datetime, str, str, bool]]) -> dict[str, Standing]:
    """What a person's marks (time, id, tick, given) come to, by tick."""
    return {tick: Standing(given, at) for at, _, tick, given in sorted(marks)}
