"""Roster imports: look at a file, compare it with what is stored, apply it in one transaction.

The key of an entry is its cohort and address. A person is found by any address that they have in
the programme and never by name; rows that a newer file lacks are reported and kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, end_reading, transaction
from app.domain import rosters as reader
from app.domain.errors import DomainError
from app.domain.rosters import (
    ExistingEntry,
    Hints,
    Layout,
    Limits,
    Outcome,
    Preview,
    Problem,
    RosterRow,
    Workbook,
)
from app.domain.writing.cohorts import KnownCohort
from app.models import Cohort, PersonAddress, Program, RosterEntry, RosterImport
from app.services import audit
from app.services.alumni import roster_writing
from app.services.personal import erased_addresses

Key = tuple[int, str]  # cohort ordinal, address key


@dataclass(frozen=True)
class Source:
    """A file, or a paste (`is_paste`), as it came in."""

    data: bytes
    file_name: str
    is_paste: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Draft:
    """What a file looks like under some hints. `preview` is None while questions are open."""

    source: Source
    workbook: Workbook
    layout: Layout
    preview: Preview | None


def draft(program_id: int, source: Source, hints: Hints, *, fixed_cohort: int | None) -> Draft:
    """Read and compare; changes nothing. Raises `DomainError` for a file that cannot be read."""
    session = db.session()
    taken = _take_in(source, hints, known_cohorts(session, program_id), fixed_cohort)
    return _compared(session, program_id, taken)


def apply(
    program_id: int,
    source: Source,
    hints: Hints,
    *,
    fixed_cohort: int | None,
    actor: str,
    provenance: str,
    account_id: int | None = None,
) -> RosterImport:
    """Write every importable row and keep a record of the import. Applying twice changes nothing more.
    Raises `DomainError`, and keeps no record, where no row can be imported.

    The file is read before the lock, as nothing slow belongs inside; it is compared again under the
    programme's lock, so that what is applied is what is true now, not what a preview showed an hour ago.
    """
    known = known_cohorts(db.session(), program_id)
    end_reading()
    taken = _take_in(source, hints, known, fixed_cohort)
    with transaction() as session:
        session.execute(select(Program.id).where(Program.id == program_id).with_for_update())
        if known_cohorts(session, program_id) != known:
            raise DomainError("cohorts_changed")
        seen = _compared(session, program_id, taken)
        preview = seen.preview
        if preview is None:
            raise DomainError("not_a_roster", missing=sorted(field.value for field in seen.layout.missing))
        if not preview.cohorts:
            raise DomainError("nothing_to_import")
        record = _record(session, program_id, seen, preview, provenance, fixed_cohort)
        record.account_id = account_id
        session.add(record)
        session.flush()
        roster_writing.write(session, program_id, preview, record.id)
        audit.record(
            session,
            "roster.imported",
            record,
            actor,
            program_id=program_id,
            counts=dict(preview.counts),
            whole=preview.is_whole,
        )
        return record


def known_cohorts(session: Session, program_id: int) -> list[KnownCohort]:
    """The programme's cohorts as the reader wants them."""
    rows = session.execute(
        select(Cohort.ordinal, Cohort.year, Cohort.name_ko, Cohort.name_en)
        .where(Cohort.program_id == program_id)
        .order_by(Cohort.ordinal)
    )
    return [
        KnownCohort(row.ordinal, row.year, tuple(name for name in (row.name_ko, row.name_en) if name))
        for row in rows
    ]


@dataclass(frozen=True)
class _Taken:
    """A file taken in: read, understood, judged row by row. `outcomes` is None while questions are open."""

    source: Source
    workbook: Workbook
    layout: Layout
    outcomes: Sequence[Outcome] | None
    whole: bool | None = None


def _take_in(source: Source, hints: Hints, known: Sequence[KnownCohort], fixed_cohort: int | None) -> _Taken:
    """The slow part, seconds for a long file: touches no database."""
    workbook = read(source, hints)
    layout = reader.detect_layout(workbook, hints, cohort_given=fixed_cohort is not None)
    if not layout.ready:
        return _Taken(source, workbook, layout, None)
    outcomes = reader.read_rows(workbook, layout, known, fixed_cohort=fixed_cohort)
    return _Taken(source, workbook, layout, outcomes, hints.whole)


def _compared(session: Session, program_id: int, taken: _Taken) -> Draft:
    if taken.outcomes is None:
        return Draft(taken.source, taken.workbook, taken.layout, None)
    existing = _existing(session, program_id)
    wanted = erased_addresses.withheld(session, program_id, taken.outcomes)
    merged = _by_person(session, program_id, wanted, existing)
    preview = reader.compare(merged, existing, whole=taken.whole)
    return Draft(taken.source, taken.workbook, taken.layout, preview)


def read(source: Source, hints: Hints) -> Workbook:
    """The sheets, read within the limits of this installation. Raises `DomainError` for what is no list."""
    limits = Limits(file_bytes=current_app.config["SETTINGS"].upload_bytes)
    if source.is_paste:
        return reader.read_paste(source.data.decode("utf-8"), hints, limits)
    return reader.read_file(source.data, source.file_name, hints, limits)


def _existing(session: Session, program_id: int) -> dict[Key, ExistingEntry]:
    rows = session.execute(
        select(
            Cohort.ordinal,
            RosterEntry.address_key,
            RosterEntry.name,
            RosterEntry.completed,
            RosterEntry.phone,
            RosterEntry.certificate,
            RosterEntry.note,
            RosterEntry.other_name,
            RosterEntry.gone_since_id,
        )
        .join(Cohort)
        .where(Cohort.program_id == program_id)
    )
    return {
        (row.ordinal, row.address_key): ExistingEntry(
            name=row.name,
            completed=row.completed,
            phone=row.phone or "",
            certificate=row.certificate or "",
            note=row.note or "",
            other_name=row.other_name or "",
            is_gone=row.gone_since_id is not None,
        )
        for row in rows
    }


def _by_person(
    session: Session, program_id: int, outcomes: Sequence[Outcome], existing: Mapping[Key, Any]
) -> list[Outcome]:
    """Give a row that names a person by another of their addresses the key of the entry they have."""
    aliases = _aliases(session, program_id, existing)
    if not aliases:
        return list(outcomes)
    taken: dict[Key, int] = {
        (row.cohort, row.address_key): row.number for row in outcomes if isinstance(row, RosterRow)
    }
    return [_under_alias(outcome, aliases, taken) for outcome in outcomes]


def _under_alias(outcome: Outcome, aliases: Mapping[Key, str], taken: dict[Key, int]) -> Outcome:
    if not isinstance(outcome, RosterRow):
        return outcome
    key = aliases.get((outcome.cohort, outcome.address_key))
    if key is None:
        return outcome
    if first := taken.get((outcome.cohort, key)):
        return Problem(
            outcome.number,
            "same_person",
            reader.Field.ADDRESS,
            outcome.address,
            {"first_row": first},
            outcome.cohort,
            outcome.address_key,
        )
    taken[(outcome.cohort, key)] = outcome.number
    return replace(outcome, address_key=key)


def _aliases(session: Session, program_id: int, existing: Mapping[Key, Any]) -> dict[Key, str]:
    """(cohort, another address of a person) → the address under which that cohort lists them."""
    rows = session.execute(
        select(Cohort.ordinal, PersonAddress.address_key, RosterEntry.address_key.label("listed"))
        .join(RosterEntry, RosterEntry.person_id == PersonAddress.person_id)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .where(PersonAddress.program_id == program_id, PersonAddress.address_key != RosterEntry.address_key)
    )
    return {
        (row.ordinal, row.address_key): row.listed
        for row in rows
        if (row.ordinal, row.address_key) not in existing
    }


def _record(
    session: Session,
    program_id: int,
    seen: Draft,
    preview: Preview,
    provenance: str,
    fixed_cohort: int | None,
) -> RosterImport:
    layout, book = seen.layout, seen.workbook
    cohort_id = session.scalar(
        select(Cohort.id).where(Cohort.program_id == program_id, Cohort.ordinal == fixed_cohort)
    )
    return RosterImport(
        program_id=program_id,
        cohort_id=cohort_id,
        file_name=seen.source.file_name[:255],
        file_sha256=seen.source.sha256,
        provenance=provenance,
        encoding=book.encoding or "",
        sheet=book.sheets[layout.sheet].name[:255],
        header_row=layout.header_row,
        mapping={field.value: column for field, column in layout.columns.items()},
        counts=dict(preview.counts),
        problems=[_noted(fate.problem) for fate in preview.fates if fate.problem],
    )


def _noted(problem: Problem) -> dict[str, Any]:
    """A problem as the record keeps it: where and why, but nobody's name."""
    params = {name: value for name, value in problem.params.items() if name != "first_name"}
    return {"row": problem.number, "reason": problem.code, "params": params}
