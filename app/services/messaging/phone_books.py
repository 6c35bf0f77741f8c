"""Phones and texts as a workbook for the office's SMS service."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

from app.domain.writing.messages import Size
from app.workbooks import Workbook

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
    with Workbook(file) as book:
        sheet = book.add_sheet(headings[0], headings[1:], widths=WIDTHS)
        for line in lines:
            if line.phone:
                sheet.write((line.name, line.phone, line.text, line.number, sizes[line.size]))
    return file, sheet.rows
