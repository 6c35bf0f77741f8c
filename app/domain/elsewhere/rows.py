"""Each row of a form's answers: somebody who answered, or a problem with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.elsewhere.columns import Columns, says_coming
from app.domain.elsewhere.times import read_time
from app.domain.errors import DomainError
from app.domain.rosters import MAX_LENGTH, Field, Problem, Row
from app.domain.writing.addresses import clean_address, valid_key
from app.domain.writing.cohorts import KnownCohort, find_cohort
from app.domain.writing.names import clean_name
from app.domain.writing.resident_numbers import holds_resident_number

_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class FormRow:
    """What one person sent. `cohort`: its ordinal, None where the row names none; `cells`: by question."""

    number: int
    at: dt.datetime
    name: str
    address: str
    address_key: str
    cohort: int | None
    coming: bool
    cells: Mapping[str, str]


class _Wrong(Exception):
    def __init__(self, code: str, where: Field | None = None, value: str = "", **params: object) -> None:
        super().__init__(code)
        self.code, self.where, self.value, self.params = code, where, value[:_LONGEST_VALUE], params


def read_form(
    rows: Sequence[Row],
    first: int,
    columns: Columns,
    known: Sequence[KnownCohort],
    zone: ZoneInfo,
    at: dt.datetime,
) -> list[FormRow | Problem]:
    """Every row that is not blank; `first` is the number of the first one, `at` the present."""
    found: list[FormRow | Problem] = []
    for number, row in enumerate(rows, start=first):
        if any(map(clean_name, row)):
            found.append(_outcome(number, row, columns, known, zone, at))
    return found


def _outcome(
    number: int, row: Row, columns: Columns, known: Sequence[KnownCohort], zone: ZoneInfo, at: dt.datetime
) -> FormRow | Problem:
    try:
        if holds_resident_number("\n\n".join(row)):
            raise _Wrong("resident_number")
        address, key = _address(_cell(row, columns.address))
        return FormRow(
            number=number,
            at=_time(_cell(row, columns.time), columns, zone, at),
            name=_name(_cell(row, columns.name)),
            address=address,
            address_key=key,
            cohort=_cohort(_cell(row, columns.cohort), known),
            coming=columns.coming is None or _coming(_cell(row, columns.coming)),
            cells={
                question: cell for question, column in columns.answers.items() if (cell := _cell(row, column))
            },
        )
    except _Wrong as wrong:
        return Problem(number, wrong.code, wrong.where, wrong.value, wrong.params)


def _cell(row: Row, column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _address(cell: str) -> tuple[str, str]:
    address = clean_address(cell)
    if not address:
        raise _Wrong("missing_email", Field.ADDRESS)
    if len(address) > MAX_LENGTH[Field.ADDRESS]:
        raise _Wrong("too_long", Field.ADDRESS, address, limit=MAX_LENGTH[Field.ADDRESS])
    if (key := valid_key(address)) is None:
        raise _Wrong("invalid_email", Field.ADDRESS, address)
    return address, key


def _name(cell: str) -> str:
    """As typed; "" where nothing is, which only a list check minds."""
    if "\ufffd" in cell:
        raise _Wrong("broken_text", Field.NAME, cell)
    name = clean_name(cell)
    if len(name) > MAX_LENGTH[Field.NAME]:
        raise _Wrong("too_long", Field.NAME, name, limit=MAX_LENGTH[Field.NAME])
    return name


def _time(cell: str, columns: Columns, zone: ZoneInfo, present: dt.datetime) -> dt.datetime:
    if not cell:
        raise _Wrong("form_time_missing")
    at = read_time(cell, zone, day_first=columns.day_first)
    if at is None:
        raise _Wrong("form_time_unreadable", None, cell)
    if at > present:
        raise _Wrong("form_time_ahead", None, cell)
    return at


def _cohort(cell: str, known: Sequence[KnownCohort]) -> int | None:
    """What they said of themselves; the roster knows better, so that nothing unclear is a problem."""
    try:
        return find_cohort(cell, known)
    except DomainError:
        return None


def _coming(cell: str) -> bool:
    coming = says_coming(cell)
    if coming is None:
        raise _Wrong("form_coming_unclear", None, cell)
    return coming
