"""Phones and texts as a workbook for the office's SMS service."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

import xlsxwriter

from app.domain.writing.messages import Size
from app.domain.writing.spreadsheet_cells import WORKBOOK_MARK
from app.services.organizing.exports import BOOK

WIDTHS = (14, 18, 60, 8, 8)
NAMED = 200


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    phone: str
    text: str
    number: int  # of bytes
    size: Size
    reference: str = ""  # of their registration


@dataclass
class Outlook:
    """How many texts of which size there would be, how many have no phone, and the first text. `phoneless`: the
    registrations of the first without a phone."""

    sizes: Counter[Size] = field(default_factory=Counter)
    without_phone: int = 0
    phoneless: list[str] = field(default_factory=list)
    example: Line | None = None


def outlook(lines: Iterable[Line]) -> Outlook:
    found = Outlook()
    for line in lines:
        if line.phone:
            found.sizes[line.size] += 1
            found.example = found.example or line
            continue
        found.without_phone += 1
        if line.reference and len(found.phoneless) < NAMED:
            found.phoneless.append(line.reference)
    return found


def write(
    lines: Iterable[Line], headings: tuple[str, ...], sizes: Mapping[Size, str]
) -> tuple[IO[bytes], int]:
    """A workbook of those who have a phone, and how many they are; phones are text. `headings`: the sheet's first."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, BOOK)
    book.set_custom_property(WORKBOOK_MARK, 1)
    sheet, rows = book.add_worksheet(headings[0]), 0
    for column, (heading, width) in enumerate(zip(headings[1:], WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, book.add_format({"bold": True}))
    for line in lines:
        if line.phone:
            rows += 1
            for column, cell in enumerate((line.name, line.phone, line.text)):
                sheet.write_string(rows, column, cell)
            sheet.write_number(rows, 3, line.number)
            sheet.write_string(rows, 4, sizes[line.size])
    book.close()
    return file, rows
