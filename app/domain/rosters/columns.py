"""Where the table stands in a workbook, and which column says what.

Words in the heading decide, the cells confirm. What neither says is asked for, not guessed:
a form's "참석 여부" (will you come?) is not "수료 여부" (did you complete it?).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.rosters.fields import WEAK, Field, heading_score, heads_surname
from app.domain.rosters.workbook import Hints, Row, Sheet, Workbook
from app.domain.writing.cohorts import parse_cohort, parse_completed

_HEADER_WITHIN = 50  # rows from the top
_SAMPLE_ROWS = 200
_ENOUGH = 3  # cells, before they may contradict a heading
_MOSTLY = 0.5
_PHONE_DIGITS = 7
_REQUIRED = (Field.ADDRESS, Field.NAME, Field.COMPLETED)
_NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Layout:
    """The table as it will be read. `missing` says what must be asked before it can be."""

    sheet: int
    header_row: int
    header: Row
    columns: Mapping[Field, int]
    completed_for_all: bool | None
    missing: frozenset[Field]
    header_found: bool
    other_sheets: tuple[int, ...]

    @property
    def ready(self) -> bool:
        return self.header_found and not self.missing

    @property
    def questions(self) -> tuple[str, ...]:
        asked = [f"missing_{field}_column" for field in (*_REQUIRED, Field.COHORT) if field in self.missing]
        return tuple(asked if self.header_found else ["no_header", *asked])


def _header_score(row: Row) -> int:
    """How much a row looks like the header: its fields count, then how exactly they are named."""
    best: dict[Field, int] = {}
    for cell in row:
        for field in Field:
            best[field] = max(best.get(field, 0), heading_score(cell, field))
    found = {field: score for field, score in best.items() if score}
    if len(found) < 2 or not {Field.NAME, Field.ADDRESS} & found.keys():
        return 0
    return len(found) * 10 + sum(found.values())


def _header_row(sheet: Sheet) -> tuple[int, int]:
    """The score and the 1-based number of the best header row; (0, 0) where there is none."""
    scores = [
        (_header_score(row), -number) for number, row in enumerate(sheet.rows[:_HEADER_WITHIN], start=1)
    ]
    score, number = max(scores, default=(0, 0))
    return (score, -number) if score else (0, 0)


def _choose_sheet(book: Workbook, hints: Hints) -> int:
    if hints.sheet is not None:
        if hints.sheet >= len(book.sheets):
            raise DomainError("no_such_sheet")
        return hints.sheet

    def rank(index: int) -> tuple[bool, bool, int, int]:
        sheet = book.sheets[index]
        score, _ = _header_row(sheet)
        return (score > 0 and not sheet.hidden, score > 0, score // 10, len(sheet.rows) if not score else 0)

    return max(range(len(book.sheets)), key=rank)


def _samples(rows: Sequence[Row], column: int) -> list[str]:
    cells = (row[column].strip() for row in rows[:_SAMPLE_ROWS] if column < len(row))
    return [cell for cell in cells if cell]


_FITS: Mapping[Field, Callable[[str], bool]] = {
    Field.ADDRESS: lambda cell: "@" in cell,
    Field.COHORT: lambda cell: parse_cohort(cell) is not None,
    Field.COMPLETED: lambda cell: parse_completed(cell) is not None,
    Field.PHONE: lambda cell: sum(c.isdigit() for c in cell) >= _PHONE_DIGITS,
    Field.CERTIFICATE: lambda cell: parse_completed(cell) is None,
}


def _agreement(field: Field, cells: list[str]) -> float:
    """The share of cells that the field could hold; 1 where any text would do."""
    fits = _FITS.get(field)
    return sum(map(fits, cells)) / len(cells) if fits and cells else 1


def _certainty(heading: str, field: Field, cells: list[str]) -> float:
    score = heading_score(heading, field)
    agreement = _agreement(field, cells)
    if score == WEAK and (not cells or agreement < _MOSTLY):
        return 0
    if len(cells) >= _ENOUGH and agreement == 0:
        return 0
    return score + agreement if score else 0


def _by_heading(header: Row, rows: Sequence[Row]) -> dict[Field, int]:
    """Each field's column: the surest pairs first, a column for one field only."""
    pairs = [
        (-certainty, column, field)
        for column, heading in enumerate(header)
        for field in Field
        if (certainty := _certainty(heading, field, _samples(rows, column)))
    ]
    columns: dict[Field, int] = {}
    for _, column, field in sorted(pairs):
        if field not in columns and column not in columns.values():
            columns[field] = column
    if any(map(heads_surname, header)) and not _is_whole_name(header, columns):
        columns.pop(Field.NAME, None)
    return columns


def _is_whole_name(header: Row, columns: Mapping[Field, int]) -> bool:
    """A heading like "Full name" stands although there is a column of surnames too."""
    if Field.NAME not in columns:
        return False
    heading = header[columns[Field.NAME]].casefold().replace(" ", "")
    return heading in ("fullname", "성명", "성함")


def _by_content(columns: dict[Field, int], width: int, rows: Sequence[Row]) -> dict[Field, int]:
    """A column of e-mail addresses is one, whatever its heading."""
    if Field.ADDRESS in columns:
        return columns
    free = [c for c in range(width) if c not in columns.values() or columns.get(Field.PHONE) == c]
    shares = {c: _agreement(Field.ADDRESS, cells) for c in free if (cells := _samples(rows, c))}
    likely = max(shares, key=lambda c: (shares[c], -c), default=None)
    if likely is None or shares[likely] < _MOSTLY:
        return columns
    return {f: c for f, c in columns.items() if c != likely} | {Field.ADDRESS: likely}


def _chosen(columns: dict[Field, int], hints: Hints, width: int) -> dict[Field, int]:
    """The detected columns with the user's choices in place; a chosen column leaves its old field."""
    said = hints.columns or {}
    taken = {column for column in said.values() if column is not None}
    if any(column >= width for column in taken):
        raise DomainError("no_such_column")
    if len(taken) < sum(column is not None for column in said.values()):
        raise DomainError("column_twice")
    kept = {f: c for f, c in columns.items() if f not in said and c not in taken}
    return kept | {f: c for f, c in said.items() if c is not None}


def _missing(columns: Mapping[Field, int], hints: Hints, cohort_given: bool) -> frozenset[Field]:
    needed = {Field.NAME, Field.ADDRESS}
    if hints.completed_for_all is None:
        needed.add(Field.COMPLETED)
    if not cohort_given:
        needed.add(Field.COHORT)
    return frozenset(needed - columns.keys())


def _other_rosters(book: Workbook, chosen: int) -> tuple[int, ...]:
    return tuple(i for i, s in enumerate(book.sheets) if i != chosen and _header_row(s)[0])


def detect_layout(book: Workbook, hints: Hints = _NO_HINTS, *, cohort_given: bool = False) -> Layout:
    """Sheet, header row and columns, detected where the user did not choose them.

    `cohort_given` says that the import started from one cohort's page, so that no column
    need name it.
    """
    index = _choose_sheet(book, hints)
    sheet = book.sheets[index]
    number = _header_row(sheet)[1] if hints.header_row is None else hints.header_row
    if number > len(sheet.rows):
        raise DomainError("no_such_row")
    header, rows = (sheet.rows[number - 1] if number else ()), sheet.rows[number:]
    width = max((len(row) for row in sheet.rows[max(0, number - 1) :]), default=0)
    columns = _chosen(_by_content(_by_heading(header, rows), width, rows), hints, width)
    if hints.completed_for_all is not None:
        columns.pop(Field.COMPLETED, None)
    return Layout(
        sheet=index,
        header_row=number,
        header=header + ("",) * (width - len(header)),
        columns=columns,
        completed_for_all=hints.completed_for_all,
        missing=_missing(columns, hints, cohort_given),
        header_found=number > 0 or hints.header_row is not None,
        other_sheets=_other_rosters(book, index),
    )


def sample(book: Workbook, layout: Layout, count: int = 5) -> tuple[Row, ...]:
    """The first rows below the header that hold something, as wide as the header."""
    filled = [row for row in book.sheets[layout.sheet].rows[layout.header_row :] if row]
    width = len(layout.header)
    return tuple(row + ("",) * (width - len(row)) for row in filled[:count])
