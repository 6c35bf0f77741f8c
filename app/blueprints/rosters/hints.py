"""The user's choices about a file, as they travel in the page's address and in its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.rosters import Field, Hints, Layout, Workbook
from app.numbers import number

NONE = "-"
COLUMNS = tuple(f"col_{field}" for field in Field)
PLAIN = ("encoding", "delimiter", "sheet", "header_row", "all", "basis", "list", "cohort", *COLUMNS)
OF_BASIS = "sheet", "header_row", "delimiter"
WHOLE, ADDITIONS = "all", "additions"
TAB = "tab"


def from_query(query: Mapping[str, str]) -> Hints:
    """The hints in a page's address. What was chosen for another sheet or header row is dropped: columns, and whether it
    is the whole list."""
    sheet, header_row = number(query.get("sheet")), number(query.get("header_row"))
    is_about_this = _is_of_basis(query)
    columns = _columns(query) if is_about_this else {}
    said = query.get("list", "") if is_about_this else ""
    return Hints(
        encoding=query.get("encoding") or None,
        delimiter=_delimiter(query.get("delimiter")),
        sheet=sheet,
        header_row=header_row,
        columns=columns or None,
        completed_for_all={"yes": True, "no": False}.get(query.get("all", "")),
        whole={WHOLE: True, ADDITIONS: False}.get(said),
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


def settled(chosen: Mapping[str, str], basis: str, *, whole: bool) -> dict[str, str]:
    """The choices with what was proposed, so that what is applied is what was shown."""
    kept = chosen if _is_of_basis(chosen) else {name: chosen[name] for name in chosen if name not in COLUMNS}
    return {**kept, "basis": basis, "list": WHOLE if whole else ADDITIONS}


def _is_of_basis(query: Mapping[str, str]) -> bool:
    """A file with one sheet has none to choose, and one of Excel no separator: these say nothing."""
    parts = query.get("basis", "").split(":", len(OF_BASIS) - 1)
    return len(parts) == len(OF_BASIS) and all(
        query.get(name, part) == part for name, part in zip(OF_BASIS, parts, strict=True)
    )


def _columns(query: Mapping[str, str]) -> dict[Field, int | None]:
    said = {field: query.get(f"col_{field}") for field in Field}
    return {field: None if text == NONE else number(text) for field, text in said.items() if text}


def _delimiter(text: str | None) -> str | None:
    return "\t" if text == TAB else text or None
