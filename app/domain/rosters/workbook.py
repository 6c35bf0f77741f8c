"""A roster file once read, and what the user may say about reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError
from app.domain.rosters.fields import Field

Row = tuple[str, ...]


class Kind(StrEnum):
    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    HTML = "html"
    PASTE = "paste"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows[i]` is the row that a spreadsheet numbers i + 1; blank cells at its end are left off."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    kind: Kind
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user chose in place of what was detected; None leaves it to us.

    `header_row` counts from 1, and 0 says that there is none. `columns` count from 0, and None
    says that the file has no such column; a field left out is detected. `whole`: the file is all of its
    cohorts' lists, or additions to them.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: int | None = None
    header_row: int | None = None
    columns: Mapping[Field, int | None] | None = None
    completed_for_all: bool | None = None
    whole: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        columns = None if self.columns is None else {str(f): c for f, c in self.columns.items()}
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": columns,
            "completed_for_all": self.completed_for_all,
            "whole": self.whole,
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Hints:
        """The hints that `to_dict` wrote; anything else is refused as bad_hint."""
        try:
            hints = cls(**said)
            if hints.columns is None:
                return _checked(hints)
            return _checked(replace(hints, columns={Field(f): c for f, c in hints.columns.items()}))
        except (TypeError, ValueError, AttributeError) as wrong:
            raise DomainError("bad_hint") from wrong


def _checked(hints: Hints) -> Hints:
    numbers = [hints.sheet, hints.header_row, *(hints.columns or {}).values()]
    if any(n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 0) for n in numbers):
        raise ValueError("a number")
    if not all(text is None or isinstance(text, str) for text in (hints.encoding, hints.delimiter)):
        raise TypeError("a text")
    if not {hints.completed_for_all, hints.whole} <= {None, True, False}:
        raise TypeError("yes or no")
    return hints
