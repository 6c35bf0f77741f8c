"""XLSX to rows of text: what a person sees in the cell, without Excel's guesses."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import python_calamine as calamine

from app.domain.errors import DomainError
from app.domain.rosters.delimited import trimmed
from app.domain.rosters.limits import Limits
from app.domain.rosters.measuring import measure, shared_text_size
from app.domain.rosters.unzipping import PROPERTIES, packed_again, workbook_parts
from app.domain.rosters.workbook import Row, Sheet
from app.domain.writing.spreadsheet_cells import WORKBOOK_MARK

_SHOWN_TEXT = 4  # the text of all cells may be this many times the uncompressed cap


def cell_text(value: Any) -> str:
    """2022.0 is "2022", a date is ISO, TRUE stays TRUE, and text is left as it is."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _number(value) if isinstance(value, int | float) else _moment(value)


def _moment(value: object) -> str:
    match value:
        case dt.datetime():
            midnight = value.time() == dt.time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return ""


def _number(value: float) -> str:
    whole = int(value) if abs(value) < 1e18 else None
    if whole is not None and whole == value:
        return str(whole)
    return format(Decimal(repr(value)), "f")


def _require_room(parts: dict[str, bytes], limits: Limits) -> None:
    sheets = [
        xml
        for name, xml in parts.items()
        if name.endswith(".xml") and (b"sheetData" in xml or "/worksheets/" in name)
    ]
    if sum(measure(xml, limits) for xml in sheets) > limits.cells:
        raise DomainError("too_many_rows", limit=limits.rows)
    shared = b"".join(
        xml for name, xml in parts.items() if (name.endswith(".xml") and b":sst" in xml) or b"<sst" in xml
    )
    cap = limits.unzipped_bytes * _SHOWN_TEXT
    if shared_text_size(shared, sheets, cap) > cap:
        raise DomainError("unzipped_too_large", limit_bytes=limits.unzipped_bytes)


def _rows(book: calamine.CalamineWorkbook, name: str, *, ours: bool) -> tuple[Row, ...]:
    cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows = [trimmed([cell_text(value) for value in row], guarded=not ours) for row in cells]
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


def _sheets(archive: bytes, *, ours: bool) -> tuple[Sheet, ...]:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(archive))
    return tuple(
        Sheet(m.name, _rows(book, m.name, ours=ours), hidden=m.visible != calamine.SheetVisibleEnum.Visible)
        for m in book.sheets_metadata
        if m.typ == calamine.SheetTypeEnum.WorkSheet
    )


def _is_ours(parts: dict[str, bytes]) -> bool:
    """Whether we wrote the workbook: an apostrophe in it is then the text's own. In any other it may have come
    from a CSV file of ours that Excel opened and saved as a workbook."""
    return f'name="{WORKBOOK_MARK}"'.encode() in parts.get(PROPERTIES, b"")


def read_xlsx(data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Every worksheet; row 1 of a sheet is Excel's row 1, also when it is blank."""
    parts = workbook_parts(data, limits.unzipped_bytes)
    _require_room(parts, limits)
    try:
        return _sheets(packed_again(parts), ours=_is_ours(parts))
    except calamine.PasswordError as locked:
        raise DomainError("password_protected") from locked
    except DomainError:
        raise
    except BaseException as wrong:
        # A reader in Rust reports a bug as PanicException, which is no Exception.
        if isinstance(wrong, (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)):
            raise
        raise DomainError("damaged_file") from wrong
