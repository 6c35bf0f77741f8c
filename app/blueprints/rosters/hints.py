"""The user's choices about a file, as they travel in the page's address and in its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.rosters import Field, Hints, Layout, Workbook

NONE = "-"
PLAIN = ("encoding", "delimiter", "sheet", "header_row", "all", "basis", *(f"col_{field}" for field in Field))
TAB = "tab"


def from_query(query: Mapping[str, str]) -> Hints:
    """The hints in a page's address. Columns chosen for another sheet or header row are dropped."""
    sheet, header_row = _number(query.get("sheet")), _number(query.get("header_row"))
    basis = f"{query.get('sheet', '')}:{query.get('header_row', '')}:{query.get('delimiter', '')}"
    columns = _columns(query) if query.get("basis") == basis else {}
    return Hints(
        encoding=query.get("encoding") or None,
        delimiter=_delimiter(query.get("delimiter")),
        sheet=sheet,
        header_row=header_row,
        columns=columns or None,
        completed_for_all={"yes": True, "no": False}.get(query.get("all", "")),
    )


def for_a_meetup(query: Mapping[str, str]) -> Hints:
    """Of a list for a meetup, where nobody asks who completed what."""
    return replace(from_query(query), completed_for_all=True)


def basis_of(workbook: Workbook, layout: Layout) -> str:
    """What the columns of a form belong to; see `from_query`."""
    return f"{layout.sheet}:{layout.header_row}:{TAB if workbook.delimiter == chr(9) else workbook.delimiter or ''}"


def to_query(query: Mapping[str, str]) -> dict[str, str]:
    """Only the choices of a page's address, for links and hidden fields."""
    return {name: query[name] for name in PLAIN if query.get(name)}


def _columns(query: Mapping[str, str]) -> dict[Field, int | None]:
    said = {field: query.get(f"col_{field}") for field in Field}
    return {field: None if text == NONE else _number(text) for field, text in said.items() if text}


def _delimiter(text: str | None) -> str | None:
    return "\t" if text == TAB else text or None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 7 else None
