"""Makes roster files for the tests: the same table in every format, and hostile ones."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from pathlib import Path

from openpyxl import Workbook

from app.domain.writing.cohorts import KnownCohort

SAMPLES = Path(__file__).parents[1] / "data" / "rosters"
KNOWN = (KnownCohort(1, 2020), KnownCohort(2, 2021), KnownCohort(3, 2022))
HEADER = ["이름", "이메일", "기수", "수료여부"]
WORKSHEET = "xl/worksheets/sheet1.xml"


def delimited(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def xlsx(rows: list[list[object]], title: str = "명단") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet for cell in row if isinstance(cell.value, str)):
        cell.data_type = "s"  # openpyxl takes "=0" for a formula and "#N/A" for an error
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(archive: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part of it replaced."""
    source, out = zipfile.ZipFile(io.BytesIO(archive)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for other in source.namelist():
            if other != name:
                target.writestr(other, source.read(other))
        target.writestr(name, content)
    return out.getvalue()


def worksheet(rows_xml: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{namespace}"><sheetData>{rows_xml}</sheetData></worksheet>'.encode()


def lying_about_size(archive: bytes, name: str, claimed: int) -> bytes:
    """The archive with the named part's uncompressed size forged in both of its headers."""
    entry = zipfile.ZipFile(io.BytesIO(archive)).getinfo(name)
    forged = bytearray(archive)
    struct.pack_into("<I", forged, entry.header_offset + 22, claimed)
    at = archive.index(b"PK\x01\x02")
    while archive[at + 46 : at + 46 + len(name)] != name.encode():
        at = archive.index(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", forged, at + 24, claimed)
    return bytes(forged)


def ole(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + names
