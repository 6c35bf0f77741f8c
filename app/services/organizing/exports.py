"""Attendee lists as files that a Korean Excel opens by double click.

A file is spooled to disk first, in constant memory, and handed out after: no read transaction waits
for a slow client. Every download has a reason, and both go to the audit log.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, Generic, Protocol, TypeVar

from app.db import end_reading, transaction
from app.domain.writing.spreadsheet_cells import guard
from app.models import Cohort
from app.services import audit
from app.services.organizing import attendees, people_pages
from app.services.organizing.filters import Filter
from app.services.organizing.stored_filters import kinds
from app.workbooks import Sheet, Value, Workbook

MARK = "\ufeff"  # Excel reads UTF-8 only behind this mark
Found = TypeVar("Found")


class Lookup(Protocol):
    """What columns need beside their rows. A file asks for it once a chunk, before the chunk's first cell.

    `prepare` reads it for these rows, at most `attendees.CHUNK`, in a bounded number of queries, and forgets
    what the chunk before had: so a file's memory doesn't grow with its length. Columns may share one look-up.
    """

    def prepare(self, rows: Sequence[Any], /) -> None: ...


@dataclass(frozen=True)
class Column:
    """One column of a file: its key, its heading in the file's language, and how a row fills it.

    `value` sees one row and asks the database nothing; what isn't in the row comes from `lookups`.
    """

    key: str
    heading: str
    value: Callable[[Any], Value]
    lookups: tuple[Lookup, ...] = ()
    code: Callable[[Any], Any] | None = None  # for JSON: a code, a number or a list, in no language
    is_text: bool = False  # what is typed into a workbook's cells of it stays as it is typed: "0012"


class ByRegistration(Generic[Found]):
    """The usual look-up: `read` says what these registrations have, by their ids."""

    def __init__(self, read: Callable[[Sequence[int]], Mapping[int, Found]]) -> None:
        self._read = read
        self._found: Mapping[int, Found] = {}

    def prepare(self, rows: Sequence[Any], /) -> None:
        self._found = self._read([row.id for row in rows])

    def of(self, row: Any) -> Found | None:
        """What this row's registration has."""
        return self._found.get(row.id)


@dataclass(frozen=True)
class Order:
    """What to export and why. `columns` are in the file's order."""

    meetup_id: int
    program_id: int
    wanted: Filter
    columns: Sequence[Column]
    actor: str
    reason: str
    sheet: str = "Attendees"  # the name of an XLSX file's only sheet
    by_cohort: Callable[[int | None], str] | None = (
        None  # a sheet for each cohort, and its name by the ordinal
    )
    rows: people_pages.Order | None = None  # how they follow each other; None: by cohort, then by name


def as_csv(order: Order) -> IO[bytes]:
    """UTF-8 with a mark, CRLF, cells that Excel would execute or mangle behind the documented prefix."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    text.write(MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guard(column.heading) for column in order.columns])
    count = 0
    for listed in _listed(order):
        rows = [row for _cohort, row in listed]
        cells = [map(csv_cell, map(column.value, rows)) for column in order.columns]
        writer.writerows(zip(*cells, strict=True))
        count += len(rows)
    text.flush()
    text.detach()
    return finished(order, file, "csv", count)


def as_xlsx(order: Order) -> IO[bytes]:
    """A workbook, made while somebody waits for it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    return finished(order, file, "xlsx", write_xlsx(order, file))


def write_xlsx(
    order: Order,
    file: IO[bytes],
    *,
    tell: Callable[[int], object] = int,
    folder: Path | None = None,
) -> int:
    """How many rows it has; `tell` hears how many are written, after each thousand and at the end. `folder`: as of
    `Workbook`."""
    rows = 0
    readers = [column.value for column in order.columns]
    with Workbook(file, folder) as book:
        sheets = _Sheets(book, order)
        for rows, (cohort, row) in enumerate(chain.from_iterable(_listed(order)), start=1):
            sheets.of(cohort).write([read(row) for read in readers])
            if rows % attendees.CHUNK == 0:
                tell(rows)
        tell(rows)
        if not rows:
            sheets.add(order.sheet)
    return rows


class _Sheets:
    """The sheets of a workbook: one, or one for each cohort. Rows come by cohort, so one sheet is written at a time."""

    def __init__(self, book: Workbook, order: Order) -> None:
        self._book, self._order = book, order
        self._texts = {index for index, column in enumerate(order.columns) if column.is_text}
        self._last: tuple[int | None, Sheet] | None = None

    def of(self, cohort: int | None) -> Sheet:
        by_cohort = self._order.by_cohort
        if self._last is None or (by_cohort and cohort != self._last[0]):
            self._last = cohort, self.add(by_cohort(cohort) if by_cohort else self._order.sheet)
        return self._last[1]

    def add(self, name: str) -> Sheet:
        headings = [column.heading for column in self._order.columns]
        return self._book.add_sheet(name, headings, texts=self._texts)


def rows_of(order: Order) -> Iterator[Any]:
    """Every row, when all that its columns look up is ready."""
    return (row for listed in _listed(order) for _cohort, row in listed)


def _listed(order: Order) -> Iterator[Sequence[tuple[int | None, Any]]]:
    """The same a chunk at a time, each row with its cohort when the order was read."""
    lookups = dict.fromkeys(lookup for column in order.columns for lookup in column.lookups)
    for listed in attendees.chunks(order.meetup_id, order.wanted, _sorted_by(order)):
        rows = [row for _cohort, row in listed]
        for lookup in lookups:
            lookup.prepare(rows)
        yield listed


def _sorted_by(order: Order) -> Sequence[Any]:
    """As the list would have them; within their sheet where each cohort has one."""
    if order.rows is None:
        return attendees.BY_COHORT
    falls = order.rows.falls
    keys = people_pages.SORTS[order.rows.by].keys(falls=falls)
    sorted_by = [key.desc() if falls else key for key in keys]
    return [Cohort.ordinal, *sorted_by] if order.by_cohort else sorted_by


def csv_cell(cell: Value) -> str:
    if isinstance(cell, str):
        return guard(cell) if cell else ""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)


def finished(order: Order, file: IO[bytes], kind: str, rows: int) -> IO[bytes]:
    """Note the download and rewind the file. The file leaves only if the note was written."""
    end_reading()
    with transaction() as session:
        audit.record(
            session,
            "attendees.exported",
            f"meetup:{order.meetup_id}",
            order.actor,
            program_id=order.program_id,
            reason=order.reason,
            **details(order, kind, rows),
        )
    file.seek(0)
    return file


TOLD_IN_FULL = frozenset({"statuses", "cohorts", "consents"})


def details(order: Order, kind: str, rows: int) -> dict[str, Any]:
    """What the audit trail keeps of a file: how much and of what kind, and nobody's name."""
    return {
        "kind": kind,
        "rows": rows,
        "columns": [column.key for column in order.columns],
        "statuses": sorted(order.wanted.states),
        "cohorts": sorted(order.wanted.cohorts),
        "consents": sorted(order.wanted.consents),
        "restricted_by": kinds(order.wanted, besides=TOLD_IN_FULL),
    }
