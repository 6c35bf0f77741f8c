"""Which seats a meetup keeps at an instant, of all that its organizers ever set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.seating.modes import Mode


@dataclass(frozen=True)
class Promises:
    """What is promised at an instant: reserved seats in all, and seats by a cohort's id."""

    reserved: int = 0
    quotas: Mapping[int, int] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return self.reserved > 0 or bool(self.quotas)

    @property
    def total(self) -> int:
        return self.reserved + sum(self.quotas.values())


def promises(
    reserved: int, quotas: Mapping[str, int], until: dt.datetime | None, *, mode: Mode, at: dt.datetime
) -> Promises:
    """What holds at `at`. Quotas (as stored, by a cohort's id) end at `until`, and don't hold where seats are drawn."""
    holds = until is not None and at < until and mode is not Mode.DRAW
    return Promises(reserved, {int(cohort): seats for cohort, seats in quotas.items()} if holds else {})
