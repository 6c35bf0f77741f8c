"""What an edited list would change: every row's fate, cell by cell; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.revising.cells import Vocabulary, folded
from app.domain.revising.comparing import Line, Present, Preview, compare, references
from app.domain.revising.parts import Part
from app.domain.revising.way_back import WayBack, compare_back
from app.domain.rosters import Hints, Row, Sheet
from app.models import Cohort, Meetup, Person, Registration, RosterEntry
from app.services.alumni.phones import Phones
from app.services.alumni.rosters import Source, known_cohorts, read
from app.services.organizing import desk_notes, tags
from app.services.revising.row_values import secret, values_of

HEADER_WITHIN, BATCH = 50, 500


@dataclass(frozen=True)
class Words:
    """How files of ours head their columns and name states, in every language; folded as `cells.folded` does."""

    reference: frozenset[str]
    marks: frozenset[str]
    parts: Mapping[str, Part]
    states: Mapping[str, Status]


@dataclass(frozen=True)
class Draft:
    """`ignored`: headings of columns that nothing is taken from; `double`: those of two columns, hence of none."""

    preview: Preview
    parts: Sequence[Part]
    ignored: Sequence[str]
    double: Sequence[str]
    has_marks: bool


@dataclass(frozen=True)
class _Table:
    sheet: Sheet
    header_row: int
    reference: int
    marks: int | None
    parts: Mapping[Part, int]
    ignored: Sequence[str]
    double: Sequence[str]

    def lines(self, name: str) -> Iterator[Line]:
        """`name`: of the sheet, where there are several."""
        for number, row in enumerate(self.sheet.rows[self.header_row :], start=self.header_row + 1):
            if any(cell.strip() for cell in row):
                cells = {part: _cell(row, column) for part, column in self.parts.items()}
                marks = "" if self.marks is None else _cell(row, self.marks)
                yield Line(number, _cell(row, self.reference).strip().upper(), cells, marks, name)


def draft(meetup: Meetup, source: Source | WayBack, words: Words) -> Draft:
    """Raises `DomainError` for a file that can't be read, or in which no row can be told."""
    if isinstance(source, WayBack):
        return _back(meetup, source)
    tables = [table for sheet in read(source, Hints()).sheets if (table := _table(sheet, words))]
    if not tables:
        raise DomainError("no_reference_column")
    if not any(table.parts for table in tables):
        raise DomainError("nothing_to_revise")
    several = len(tables) > 1
    lines = [line for table in tables for line in table.lines(table.sheet.name if several else "")]
    vocabulary = Vocabulary(words.states, known_cohorts(db.session(), meetup.program_id))
    return Draft(
        compare(lines, present(meetup.id, references(lines)), vocabulary, secret()),
        [part for part in Part if any(part in table.parts for table in tables)],
        list(dict.fromkeys(heading for table in tables for heading in table.ignored)),
        list(dict.fromkeys(heading for table in tables for heading in table.double)),
        has_marks=all(table.marks is not None for table in tables),
    )


def _back(meetup: Meetup, way: WayBack) -> Draft:
    preview = compare_back(way, present(meetup.id, sorted(row.reference for row in way.rows)))
    parts = [part for part in Part if any(part in row.cells for row in way.rows)]
    return Draft(preview, parts, (), (), has_marks=True)


def present(meetup_id: int, wanted: Sequence[str]) -> dict[str, Present]:
    """Whom these references name at the meetup, as they are now."""
    found: dict[str, Present] = {}
    phones = Phones(of_lists=True)
    for start in range(0, len(wanted), BATCH):
        rows = db.session.execute(_of(meetup_id, wanted[start : start + BATCH])).all()
        ids = [row.id for row in rows]
        phones.prepare(rows)
        called, noted = tags.of_registrations(ids), desk_notes.of_registrations(ids)
        for row in rows:
            values = values_of(row, phones.of(row), called.get(row.id, ()), noted.get(row.id, ""))
            erased = row.erased_at is not None
            found[row.reference] = Present(row.id, row.reference, row.name, values, erased)
    return found


def _of(meetup_id: int, wanted: Sequence[str]) -> Select[Any]:
    entry_of_cohort = (RosterEntry.person_id == Registration.person_id) & (
        RosterEntry.cohort_id == Registration.cohort_id
    )
    columns: tuple[Any, ...] = (
        Registration.id,
        Registration.person_id,
        Registration.reference,
        Registration.status,
        Registration.address,
        Registration.phone,
        Person.name,
        Person.erased_at,
        Cohort.ordinal,
        RosterEntry.certificate,
    )
    query: Select[Any] = select(*columns).select_from(Registration)
    query = query.join(Person, Person.id == Registration.person_id)
    query = query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    query = query.outerjoin(RosterEntry, entry_of_cohort)
    return query.where(Registration.meetup_id == meetup_id, Registration.reference.in_(wanted))


def _table(sheet: Sheet, words: Words) -> _Table | None:
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN], start=1):
        headings = [folded(cell) for cell in row]
        for column, heading in enumerate(headings):
            if heading in words.reference:
                return _headed(sheet, number, column, headings, words)
    return None


def _headed(sheet: Sheet, number: int, reference: int, headings: Sequence[str], words: Words) -> _Table:
    columns: dict[Part, list[int]] = {}
    ignored, marks = [], None
    row = sheet.rows[number - 1]
    for column, heading in enumerate(headings):
        if heading in words.marks:
            marks = column
        elif part := words.parts.get(heading):
            columns.setdefault(part, []).append(column)
        elif heading and column != reference:
            ignored.append(row[column].strip())
    once = {part: found[0] for part, found in columns.items() if len(found) == 1}
    double = [row[found[0]].strip() for found in columns.values() if len(found) > 1]
    return _Table(sheet, number, reference, marks, once, ignored, double)


def _cell(row: Row, column: int) -> str:
    return row[column] if column < len(row) else ""
