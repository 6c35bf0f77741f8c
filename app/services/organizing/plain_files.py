"""Lists of people that are no registrations, as files: spooled in constant memory, and noted in the audit trail before
they leave."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from app.db import end_reading, transaction
from app.domain.writing.spreadsheet_cells import guard
from app.services import audit
from app.services.organizing.exports import MARK, csv_cell
from app.workbooks import Value, Workbook

KINDS = ("xlsx", "csv")


@dataclass(frozen=True)
class Table:
    """`title` names an XLSX file's sheet. `rows` are read once, while the file is written."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True)
class Note:
    """What the trail keeps of a download besides the number of rows: `details` are codes and counts, nobody's name."""

    act: str
    subject: str
    program_id: int
    actor: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


def as_file(kind: str, table: Table, note: Note) -> IO[bytes]:
    """`kind`: one of `KINDS`. Both open in a Korean Excel by double click, as lists of attendees do."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = _csv(table, file) if kind == "csv" else _xlsx(table, file)
    end_reading()
    with transaction() as session:
        audit.record(
            session,
            note.act,
            note.subject,
            note.actor,
            program_id=note.program_id,
            reason=note.reason,
            kind=kind,
            rows=rows,
            **note.details,
        )
    file.seek(0)
    return file


def _csv(table: Table, file: IO[bytes]) -> int:
    text, rows = io.TextIOWrapper(file, encoding="utf-8", newline=""), 0
    text.write(MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guard(heading) for heading in table.headings])
    for rows, row in enumerate(table.rows, start=1):  # noqa: B007 - the count is used below
        writer.writerow([csv_cell(cell) for cell in row])
    text.flush()
    text.detach()
    return rows


def _xlsx(table: Table, file: IO[bytes]) -> int:
    with Workbook(file) as book:
        sheet = book.add_sheet(table.title, table.headings)
        for row in table.rows:
            sheet.write(row)
    return sheet.rows
