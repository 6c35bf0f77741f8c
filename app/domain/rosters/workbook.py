"""A roster file once read, and what the user may say about reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
