"""The way back of an edited list: what stood there before it was brought in, kept as data and not as one more list, since
a list can't say "nothing" of a number, nor which entries of which rosters were touched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.domain.revising.comparing import Change, Fate, Fault, Line, Present, Preview
from app.domain.revising.parts import Part, same


@dataclass(frozen=True, slots=True)
class Entry:
    """What a roster said of somebody."""

    id: int
    cohort_id: int
    name: str
    certificate: str | None


@dataclass(frozen=True, slots=True)
class Stood:
    """One attendee before. `cells`: what stood there, and what was brought in; `addresses`: their keys."""

    reference: str
    cells: Mapping[Part, tuple[str, str]]
    entries: tuple[Entry, ...] = ()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WayBack:
    at: dt.datetime
    rows: tuple[Stood, ...]

    @cached_property
    def data(self) -> bytes:
        rows = [
            {
                "reference": row.reference,
                "cells": {part.value: pair for part, pair in row.cells.items()},
                "entries": [[each.id, each.cohort_id, each.name, each.certificate] for each in row.entries],
                "addresses": sorted(row.addresses),
            }
            for row in self.rows
        ]
        return json.dumps({"at": self.at.isoformat(), "rows": rows}, ensure_ascii=False).encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def of(self, done: Mapping[str, Iterable[Part]]) -> WayBack:
        """What is left of it when only these parts were changed, by reference."""
        rows = []
        for row in self.rows:
            parts = set(done.get(row.reference, ()))
            if cells := {part: pair for part, pair in row.cells.items() if part in parts}:
                rows.append(replace(row, cells=cells))
        return WayBack(self.at, tuple(rows))


def load(data: bytes) -> WayBack:
    found: dict[str, Any] = json.loads(data)
    rows = (
        Stood(
            row["reference"],
            {Part(part): (old, new) for part, (old, new) in row["cells"].items()},
            tuple(Entry(*each) for each in row["entries"]),
            frozenset(row["addresses"]),
        )
        for row in found["rows"]
    )
    return WayBack(dt.datetime.fromisoformat(found["at"]), tuple(rows))


def compare_back(way: WayBack, present: Mapping[str, Present]) -> Preview:
    """What would be taken back; a cell that says something else by now waits for a word, as in any edited list."""
    return Preview(tuple(_fate(number, row, present) for number, row in enumerate(way.rows, start=1)))


def _fate(number: int, row: Stood, present: Mapping[str, Present]) -> Fate:
    line, who = Line(number, row.reference, {}), present.get(row.reference)
    if who is None:
        return Fate(line, faults=(Fault(None, "row_of_nobody", row.reference),))
    if who.is_erased:
        return Fate(line, who, faults=(Fault(None, "row_of_erased"),))
    changes, conflicts = _changes(row, who)
    return Fate(line, who, tuple(changes), tuple(conflicts))


def _changes(row: Stood, who: Present) -> tuple[Sequence[Change], Sequence[Change]]:
    changes: list[Change] = []
    conflicts: list[Change] = []
    for part, (old, new) in row.cells.items():
        now = who.values.get(part, "")
        if same(part, now, old):
            continue
        (changes if same(part, now, new) else conflicts).append(Change(part, now, old))
    return changes, conflicts
