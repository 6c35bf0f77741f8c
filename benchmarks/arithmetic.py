"""The arithmetic of the bench: ratios to a ceiling, floors that figures must hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measurement. `ceiling` is what the bare application did right before and after it."""

    what: str
    database: str
    clients: int
    value: float
    unit: str
    ceiling: float | None = None
    ceiling_spread: float | None = None  # how far apart the ceilings lay: the machine's noise
    p50_ms: float | None = None
    p99_ms: float | None = None
    generator_cores: float | None = None  # what the load generator itself used of the processors
    others_cores: float | None = None  # what other programs of the machine used meanwhile
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.ceiling if self.ceiling else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio}


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What a figure must hold: `measure` is "value" or "ratio"; `least` and `most` are its bounds."""

    what: str
    measure: str = "value"
    least: float | None = None
    most: float | None = None
    clients: frozenset[int] | None = None  # where it applies; everywhere if None

    def binds(self, figure: Figure) -> bool:
        return figure.what == self.what and (self.clients is None or figure.clients in self.clients)

    def held_by(self, figure: Figure) -> bool:
        value = getattr(figure, self.measure)
        if value is None:
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        sign, bound = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return f"{sign} {bound:g}{' of the ceiling' if self.measure == 'ratio' else ''}"


def middle_of(before: float, after: float) -> tuple[float, float]:
    """The mean of two ceilings, and how far apart they lay as a share of it."""
    mean = (before + after) / 2
    return mean, abs(before - after) / mean if mean else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed; the nearest rank, 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def judged(figures: Iterable[Figure], floors: Iterable[Floor]) -> list[tuple[Floor, Figure, bool]]:
    """Every floor with every figure that it binds, and whether it held."""
    listed = list(floors)
    return [(floor, each, floor.held_by(each)) for each in figures for floor in listed if floor.binds(each)]


def unmeasured(figures: Iterable[Figure], floors: Iterable[Floor]) -> list[Floor]:
    """Floors that bind nothing that was measured: a bench that measures nothing holds nothing."""
    listed = list(figures)
    return [floor for floor in floors if not any(floor.binds(each) for each in listed)]
