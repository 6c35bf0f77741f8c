"""Each row of a roster: somebody to import, a problem with its reason, or nobody at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.errors import DomainError
from app.domain.rosters.columns import Layout
from app.domain.rosters.fields import MAX_LENGTH, Field, compact
from app.domain.rosters.outcomes import Ignored, Outcome, Problem, RosterRow
from app.domain.rosters.workbook import Row, Workbook
from app.domain.writing.addresses import address_key, clean_address, valid_key
from app.domain.writing.cohorts import KnownCohort, find_cohort, parse_completed
from app.domain.writing.kept_texts import several_lines
from app.domain.writing.names import clean_name, name_key
from app.domain.writing.resident_numbers import holds_resident_number

_SUMMARY = re.compile(
    r"(?:총)?(?:합계|소계|총계|누계|총원|총인원|인원|계|total|subtotal|grandtotal|sum)(?:인원|명수)?\d*명?|총\d+명?"
)
_LONGEST_VALUE = 200  # of a cell repeated in a problem


class _Wrong(Exception):
    """Why the row at hand cannot be imported."""

    def __init__(
        self, code: str, where: Field | None = None, value: str = "", params: dict[str, object] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = where
        self.value = value[:_LONGEST_VALUE]
        self.params = params or {}


@dataclass(slots=True)
class _Reader:
    """Reads one table; remembers who stood in it already."""

    layout: Layout
    known: Sequence[KnownCohort]
    fixed_cohort: int | None
    seen: dict[tuple[int, str], RosterRow] = field(default_factory=dict)

    def outcome(self, number: int, row: Row) -> Outcome:
        if ignored := self._about_nobody(number, row):
            return ignored
        try:
            if holds_resident_number("\n\n".join(row)):
                raise _Wrong("resident_number")
            return self._first_of_its_key(self._row(number, row))
        except _Wrong as wrong:
            return self._problem(number, row, wrong)

    def _problem(self, number: int, row: Row, wrong: _Wrong) -> Problem:
        """The problem with whom the row seems to mean, so that a faulty row does not make its
        person look gone."""
        address = self._cell(row, Field.ADDRESS)
        key = address_key(address) if address and not holds_resident_number(address) else None
        try:
            cohort = self._cohort(row)
        except _Wrong:
            cohort = None
        return Problem(number, wrong.code, wrong.field, wrong.value, wrong.params, cohort, key)

    def _cell(self, row: Row, which: Field) -> str:
        column = self.layout.columns.get(which)
        return row[column] if column is not None and column < len(row) else ""

    def _about_nobody(self, number: int, row: Row) -> Ignored | None:
        if "@" in "".join(row):
            return None
        header = tuple(map(compact, self.layout.header))
        words = tuple(map(compact, row))
        if any(words) and words == header[: len(words)] and not any(header[len(words) :]):
            return Ignored(number, "repeated_header")
        filled = [word for word in words if word]
        if any(_SUMMARY.fullmatch(word) for word in filled[:2]):
            return Ignored(number, "summary_row")
        return None

    def _row(self, number: int, row: Row) -> RosterRow:
        self._require_readable(row)
        address, key = self._address(row)
        return RosterRow(
            number=number,
            address=address,
            address_key=key,
            name=self._name(row),
            cohort=self._cohort(row),
            completed=self._completed(row),
            phone=self._text(row, Field.PHONE),
            certificate=self._text(row, Field.CERTIFICATE),
            note=self._text(row, Field.NOTE),
            other_name=self._text(row, Field.OTHER_NAME),
        )

    def _require_readable(self, row: Row) -> None:
        for which in self.layout.columns:
            if "\ufffd" in (cell := self._cell(row, which)):
                raise _Wrong("broken_text", which, cell)

    def _address(self, row: Row) -> tuple[str, str]:
        address = clean_address(self._cell(row, Field.ADDRESS))
        if not address:
            raise _Wrong("missing_email", Field.ADDRESS)
        self._require_short(Field.ADDRESS, address)
        if (key := valid_key(address)) is None:
            raise _Wrong("invalid_email", Field.ADDRESS, address)
        return address, key

    def _name(self, row: Row) -> str:
        name = clean_name(self._cell(row, Field.NAME))
        if not name:
            raise _Wrong("missing_name", Field.NAME)
        self._require_short(Field.NAME, name)
        return name

    def _cohort(self, row: Row) -> int:
        cell = self._cell(row, Field.COHORT).strip()
        if self.fixed_cohort is not None and not cell:
            return self.fixed_cohort
        try:
            cohort = find_cohort(cell, self.known)
        except DomainError as refusal:
            raise _Wrong(refusal.code, Field.COHORT, cell) from refusal
        if self.fixed_cohort not in (None, cohort):
            raise _Wrong("cohort_mismatch", Field.COHORT, cell, {"expected": self.fixed_cohort})
        return cohort

    def _completed(self, row: Row) -> bool:
        if self.layout.completed_for_all is not None:
            return self.layout.completed_for_all
        cell = self._cell(row, Field.COMPLETED).strip()
        if not cell:
            raise _Wrong("missing_status", Field.COMPLETED)
        completed = parse_completed(cell)
        if completed is None:
            raise _Wrong("unknown_status", Field.COMPLETED, cell)
        return completed

    def _text(self, row: Row, which: Field) -> str | None:
        if which not in self.layout.columns:
            return None
        clean = clean_name if which is Field.OTHER_NAME else several_lines
        text = clean(self._cell(row, which))
        self._require_short(which, text)
        return text

    def _require_short(self, which: Field, text: str) -> None:
        if len(text) > MAX_LENGTH[which]:
            raise _Wrong("too_long", which, text, {"limit": MAX_LENGTH[which]})

    def _first_of_its_key(self, row: RosterRow) -> RosterRow:
        first = self.seen.setdefault((row.cohort, row.address_key), row)
        if first is row:
            return row
        if name_key(first.name) == name_key(row.name):
            raise _Wrong("duplicate_in_file", Field.ADDRESS, row.address, {"first_row": first.number})
        params: dict[str, object] = {"first_row": first.number, "first_name": first.name}
        raise _Wrong("address_shared", Field.ADDRESS, row.address, params)


def read_rows(
    book: Workbook, layout: Layout, known: Sequence[KnownCohort], *, fixed_cohort: int | None = None
) -> tuple[Outcome, ...]:
    """Every row below the header that is not blank, in the file's order and by its row number.

    `fixed_cohort` is the ordinal of the cohort from whose page the import started; a cell that
    names another one is a problem of its row.
    """
    if not layout.header_found or layout.missing - ({Field.COHORT} if fixed_cohort is not None else set()):
        raise DomainError("not_a_roster", missing=sorted(layout.missing))
    reader = _Reader(layout, known, fixed_cohort)
    rows = book.sheets[layout.sheet].rows[layout.header_row :]
    numbered = enumerate(rows, start=layout.header_row + 1)
    return tuple(reader.outcome(number, row) for number, row in numbered if any(map(clean_name, row)))
