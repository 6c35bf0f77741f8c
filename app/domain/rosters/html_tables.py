"""The tables of a web page that calls itself .xls, as many Korean systems export them."""

from __future__ import annotations

from html.parser import HTMLParser

from app.domain.errors import DomainError
from app.domain.rosters.delimited import trimmed
from app.domain.rosters.limits import Limits
from app.domain.rosters.workbook import Row, Sheet

_UNSEEN = ("script", "style", "title")


class _TableReader(HTMLParser):
    """Collects rows; a table inside a cell becomes a table of its own."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[list[list[str]]] = []
        self.open: list[int] = []
        self.in_cell = False
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.open.append(len(self.tables))
            self.tables.append([])
            self.in_cell = False
        elif tag in _UNSEEN:
            self.unseen += 1
        elif tag == "br":
            self.handle_data("\n")
        elif self.open and tag == "tr":
            self._start_row()
        elif self.open and tag in ("td", "th"):
            self._start_cell(dict(attrs).get("colspan"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.open:
            self.open.pop()
        elif tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag in ("td", "th", "tr", "table"):
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.open and self.in_cell and not self.unseen:
            self.tables[self.open[-1]][-1][self.column] += data

    def _start_row(self) -> None:
        table = self.tables[self.open[-1]]
        table.append([])
        self.in_cell = False
        if len(table) > self.limits.rows + 1:
            raise DomainError("too_many_rows", limit=self.limits.rows)

    def _start_cell(self, colspan: str | None) -> None:
        table = self.tables[self.open[-1]]
        if not table:
            self._start_row()
        span = min(int(colspan), self.limits.columns) if colspan and colspan.isdecimal() else 1
        row = table[-1]
        self.column = len(row)
        row.extend([""] * max(1, span))
        self.in_cell = True
        if len(row) > self.limits.columns:
            raise DomainError("too_many_columns", limit=self.limits.columns)


def _row(cells: list[str]) -> Row:
    return trimmed([cell.strip() for cell in cells])


def read_html_tables(text: str, limits: Limits) -> tuple[Sheet, ...]:
    """Each table as a sheet; a page without one is refused as html_file."""
    reader = _TableReader(limits)
    reader.feed(text)
    reader.close()
    tables = [tuple(map(_row, table)) for table in reader.tables if any(any(row) for row in table)]
    if not tables:
        raise DomainError("html_file")
    return tuple(Sheet(str(number), rows) for number, rows in enumerate(tables, start=1))
