"""Comma, semicolon and tab text, as Excel, Google Sheets and forms write it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

from app.domain.errors import DomainError
from app.domain.rosters.limits import Limits
from app.domain.rosters.workbook import Row
from app.domain.writing.spreadsheet_cells import unguard

DELIMITERS = (",", "\t", ";")
_SAMPLE_ROWS = 100
_END = "\ue000end\ue000"  # a last line of ours: swallowed if a quotation mark was never closed


def trimmed(cells: list[str], *, guarded: bool = True) -> Row:
    """The row without the blank cells at its end; a cell of blanks only is blank. `guarded`: prefixes come off."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(map(unguard, cells[:end]) if guarded else cells[:end])


def _fit(text: str, delimiter: str) -> float:
    """How table-like the text is with this delimiter: columns of the commonest width, by its share."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SAMPLE_ROWS))
    except csv.Error:
        return 0
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (width - 1) * count / widths.total()


def detect_delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _without_declaration(text: str) -> tuple[str, str | None]:
    """Excel's own first line "sep=;" names the delimiter and is no row."""
    first, _, rest = text.partition("\n")
    declared = first.strip("\r\"' ")
    if declared.casefold().startswith("sep=") and declared[4:] in DELIMITERS:
        return rest, declared[4:]
    return text, None


def read_delimited(text: str, chosen: str | None, limits: Limits) -> tuple[tuple[Row, ...], str]:
    """The rows and the delimiter. A record is a row, however many line breaks its cells hold."""
    if chosen is not None and chosen not in DELIMITERS:
        raise DomainError("bad_hint")
    body, declared = _without_declaration(text.rstrip("\x1a"))
    delimiter = chosen or declared or detect_delimiter(body)
    rows: list[Row] = []
    gap = "" if body.endswith(("\n", "\r")) else "\n"
    reader = csv.reader(io.StringIO(f"{body}{gap}{_END}", newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            rows.append(trimmed(cells))
            if len(rows) > limits.rows + 1:
                raise DomainError("too_many_rows", limit=limits.rows)
            if len(rows[-1]) > limits.columns:
                raise DomainError("too_many_columns", limit=limits.columns)
    except csv.Error as wrong:
        raise DomainError("cell_too_long") from wrong
    if rows.pop() != (_END,):
        raise DomainError("unclosed_quote", row=len(rows) + 1)
    return tuple(rows), delimiter
