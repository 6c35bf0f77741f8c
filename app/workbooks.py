"""Workbooks (XLSX) in which text stays text: Hangul, leading zeros, "+82"; nothing becomes a formula or a link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import xlsxwriter

from app.domain.writing.spreadsheet_cells import WORKBOOK_MARK

WIDTH = 18  # of a column
LONGEST_NAME = 31  # of a sheet: Excel opens no longer one
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
Value = str | int | dt.datetime | None


class Workbook:
    """A context in which sheets are added and filled one after another, in constant memory, whatever their length.

    `file` has the workbook after it, or nothing where it ended by an exception. What is written on the way lies in
    `folder`.
    """

    def __init__(self, file: IO[bytes], folder: Path | None = None) -> None:
        self._book = xlsxwriter.Workbook(file, _OPTIONS | ({"tmpdir": str(folder)} if folder else {}))
        self._book.set_custom_property(WORKBOOK_MARK, 1)  # keeps its cells as they are when they come back
        self._bold, self._text = (
            self._book.add_format({"bold": True}),
            self._book.add_format({"num_format": "@"}),
        )
        self._sheets: list[Sheet] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for page in self._book.worksheets():
                page.row_data_fh.close()  # the book is never closed, and with it what it keeps its rows in
            return
        for sheet in self._sheets:
            sheet.end()
        self._book.close()

    def add_sheet(
        self,
        name: str,
        headings: Sequence[str],
        *,
        widths: Sequence[int] | None = None,
        texts: Collection[int] = (),
    ) -> Sheet:
        """`texts`: the columns, from 0, in which what somebody types later stays as it is typed: "0012"."""
        page = self._book.add_worksheet(name[:LONGEST_NAME])
        page.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            width = WIDTH if widths is None else widths[column]
            page.set_column(column, column, width, self._text if column in texts else None)
            page.write_string(0, column, heading, self._bold)
        self._sheets.append(Sheet(page, len(headings)))
        return self._sheets[-1]


class Sheet:
    """Its headings stay in sight, and where there are `rows` below them it can be filtered."""

    def __init__(self, page: Any, columns: int) -> None:
        self._page, self._columns = page, columns
        self.rows = 0

    def write(self, cells: Iterable[Value]) -> None:
        """The next row."""
        self.rows += 1
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    self._page.write_string(self.rows, column, cell)
            elif isinstance(cell, dt.datetime):
                self._page.write_datetime(self.rows, column, cell)
            elif cell is not None:
                self._page.write_number(self.rows, column, cell)

    def end(self) -> None:
        if self.rows:
            self._page.autofilter(0, 0, self.rows, self._columns - 1)
