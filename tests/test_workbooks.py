"""Workbooks: what one finds who opens one, and what is left of one that broke off."""

from __future__ import annotations

import datetime as dt
import gc
import io
from pathlib import Path

import openpyxl
import pytest

from app.workbooks import Workbook

EVENING = dt.datetime(2027, 7, 14, 19)  # noqa: DTZ001 - a cell has no zone


def made(name: str = "명단", rows: int = 1) -> openpyxl.Workbook:
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_sheet(name, ("이름", "번호", "등록"), widths=(14, 18, 20), texts={1})
        for _row in range(rows):
            sheet.write(("=김하나", "0012", EVENING))
    assert sheet.rows == rows
    return openpyxl.load_workbook(file)


def test_headings_are_bold_and_stay_in_sight_and_rows_can_be_filtered() -> None:
    sheet = made(rows=2)["명단"]

    assert [(cell.value, cell.font.bold) for cell in sheet[1]] == [
        ("이름", True),
        ("번호", True),
        ("등록", True),
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")
    assert [round(sheet.column_dimensions[each].width) for each in "ABC"] == [15, 19, 21]


def test_a_sheet_without_rows_has_nothing_to_filter() -> None:
    assert made(rows=0)["명단"].auto_filter.ref is None


def test_text_stays_text_also_where_somebody_types_later() -> None:
    sheet = made()["명단"]

    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [
        ("=김하나", "s"),
        ("0012", "s"),
        (EVENING, "d"),
    ]
    assert sheet.column_dimensions["B"].number_format == "@"


def test_a_name_that_excel_would_refuse_is_cut() -> None:
    assert made("아주 긴 이름 " * 10).sheetnames == [("아주 긴 이름 " * 10)[:31]]


def test_what_breaks_off_writes_no_file_and_leaves_nothing_open(tmp_path: Path) -> None:
    file = io.BytesIO()

    with pytest.raises(LookupError):
        break_off(file, tmp_path)
    gc.collect()  # says what was left open

    assert file.getvalue() == b""


def break_off(file: io.BytesIO, folder: Path) -> None:
    with Workbook(file, folder) as book:
        book.add_sheet("명단", ("이름",)).write(("김하나",))
        raise LookupError
