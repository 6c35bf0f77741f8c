"""How large a sheet is, found from its XML before the reader makes room for it.

The reader allocates the whole rectangle from A1 to the last filled cell, and a copy of each
shared text for every cell that shows it. One cell at XFD1048576 asks for half a terabyte and
ends the process, so both are measured here first.
"""

from __future__ import annotations

import re

from app.domain.errors import DomainError
from app.domain.rosters.limits import Limits

_ATTRIBUTES = rb"((?:\s(?:[^>\"'/]|/(?!>)|\"[^\"]*\"|'[^']*')*)?)(/?)>"
_ROW_OR_CELL = re.compile(rb"<(?:[\w.-]+:)?(row|c)" + _ATTRIBUTES)
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([^\"']*)[\"']")
_CELL_NAME = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})\Z")
_SHARED = re.compile(rb"<(?:[\w.-]+:)?si[\s>].*?</(?:[\w.-]+:)?si>", re.DOTALL)
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*(\d{1,9})\s*</")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _row_number(attributes: bytes, current: int) -> int:
    said = _REFERENCE.search(attributes)
    if said is None:
        return current + 1
    if not said[1].isdigit() or len(said[1]) > 7:
        raise DomainError("damaged_file")
    return int(said[1])


def _cell_place(attributes: bytes, row: int, column: int) -> tuple[int, int]:
    said = _REFERENCE.search(attributes)
    if said is None:
        return row, column + 1
    name = _CELL_NAME.match(said[1])
    if name is None:
        raise DomainError("damaged_file")
    return int(name[2]), _column(name[1])


def measure(xml: bytes, limits: Limits) -> int:
    """The number of cells in the rectangle that holds every filled cell; over a limit: refused.

    Cells that are only formatted (<c …/>) do not count: whole columns often are.
    """
    row = column = last_row = last_column = 0
    for match in _ROW_OR_CELL.finditer(xml):
        if match[1] == b"row":
            row, column = _row_number(match[2], row), 0
            continue
        row, column = _cell_place(match[2], row, column)
        if not match[3]:
            last_row, last_column = max(last_row, row), max(last_column, column)
    if last_row > limits.rows + 100:  # titles and totals are no people
        raise DomainError("too_many_rows", limit=limits.rows)
    if last_column > limits.columns:
        raise DomainError("too_many_columns", limit=limits.columns)
    return last_row * last_column


def shared_text_size(shared: bytes, sheets: list[bytes], cap: int) -> int:
    """An upper bound on the text that all cells show together, in bytes."""
    lengths = [len(entry[0]) for entry in _SHARED.finditer(shared)]
    longest = max(lengths, default=0)
    cells = sum(sheet.count(b"</") for sheet in sheets)
    if longest * cells <= cap:
        return longest * cells
    shown = (int(value[1]) for sheet in sheets for value in _VALUE.finditer(sheet))
    return sum(lengths[index] for index in shown if index < len(lengths))
