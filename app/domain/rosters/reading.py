"""A file, or a paste from Excel, to sheets of text."""

from __future__ import annotations

from pathlib import PurePath

from app.domain.errors import DomainError
from app.domain.rosters.containers import container, looks_like_html, looks_like_mhtml
from app.domain.rosters.decoding import decode
from app.domain.rosters.delimited import read_delimited
from app.domain.rosters.excel import read_xlsx
from app.domain.rosters.html_tables import read_html_tables
from app.domain.rosters.limits import MIB, Limits, too_large
from app.domain.rosters.workbook import Hints, Kind, Row, Sheet, Workbook

_HTML_NAMES = (".xls", ".xlsx", ".html", ".htm")
_LARGEST_PAGE = 5 * MIB
_DEFAULT_HINTS = Hints()
_DEFAULT_LIMITS = Limits()


def read_file(
    data: bytes, file_name: str, hints: Hints = _DEFAULT_HINTS, limits: Limits = _DEFAULT_LIMITS
) -> Workbook:
    """The sheets of an uploaded file. Its content decides what it is; the name only tells a
    web page saved as .xls (read) from one called .csv (refused)."""
    limits.require_size(len(data))
    if not data.strip():
        raise DomainError("empty_file")
    if container(data) == "zip":
        return _with_rows(Workbook(Kind.XLSX, read_xlsx(data, limits)))
    text, encoding = decode(data, hints.encoding)
    if looks_like_mhtml(text):
        raise DomainError("html_file")
    if looks_like_html(text):
        return _with_rows(_page(text, encoding, file_name, limits))
    return _with_rows(_delimited(text, PurePath(file_name).stem, hints, limits, encoding))


def read_paste(text: str, hints: Hints = _DEFAULT_HINTS, limits: Limits = _DEFAULT_LIMITS) -> Workbook:
    """Cells copied in Excel or Google Sheets and pasted into a form: tab text."""
    limits.require_size(len(text.encode("utf-8", "replace")))
    if not text.strip():
        raise DomainError("empty_file")
    rows, delimiter = read_delimited(text.replace("\x00", ""), hints.delimiter, limits)
    return _with_rows(Workbook(Kind.PASTE, (Sheet("", _to_last(rows)),), None, delimiter))


def _delimited(text: str, name: str, hints: Hints, limits: Limits, encoding: str) -> Workbook:
    rows, delimiter = read_delimited(text, hints.delimiter, limits)
    kind = Kind.TSV if delimiter == "\t" else Kind.CSV
    return Workbook(kind, (Sheet(name, _to_last(rows)),), encoding, delimiter)


def _page(text: str, encoding: str, file_name: str, limits: Limits) -> Workbook:
    if not file_name.casefold().endswith(_HTML_NAMES):
        raise DomainError("html_file")
    if len(text) > _LARGEST_PAGE:
        raise too_large(_LARGEST_PAGE)
    return Workbook(Kind.HTML, read_html_tables(text, limits), encoding)


def _to_last(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    end = len(rows)
    while end and not rows[end - 1]:
        end -= 1
    return rows[:end]


def _with_rows(book: Workbook) -> Workbook:
    if not any(sheet.rows for sheet in book.sheets):
        raise DomainError("no_rows")
    return book
