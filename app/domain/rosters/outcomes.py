"""What a row of a roster file can turn out to be."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.rosters.fields import Field


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row that can be imported. None: the file has no such column; "": the cell is empty."""

    number: int
    name: str
    address: str
    address_key: str
    cohort: int
    completed: bool
    phone: str | None = None
    certificate: str | None = None
    note: str | None = None
    other_name: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot, and why. `cohort` and `address_key` are whom it seems to be about."""

    number: int
    code: str
    field: Field | None = None
    value: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    cohort: int | None = None
    address_key: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is about nobody: a total, the header once more."""

    number: int
    code: str


Outcome = RosterRow | Problem | Ignored
