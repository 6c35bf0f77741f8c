"""Our registrations beside the list of whoever hosts the larger event: looked at, then noted on each registration.

Of the host's list nothing is kept but the answer for each of ours. Those who are on theirs alone stand on the page, and in
its files, as long as the upload is here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.db import db, end_reading, transaction
from app.domain import rosters as reader
from app.domain.errors import DomainError
from app.domain.hosting.matching import HostListed, Matched, Ours, Theirs, match
from app.domain.rosters import Field, Hints, Layout, Workbook
from app.domain.writing.addresses import address_key, clean_address, valid_key
from app.domain.writing.names import clean_name
from app.models import IS_ACTIVE, Cohort, HostList, Meetup, Person, PersonAddress, Registration
from app.services import audit
from app.services.alumni.rosters import Source, read

BATCH = 500
_WITHOUT_HEADER = 0


@dataclass(frozen=True)
class Draft:
    """`matched` is None while it is open which column says what. `unreadable`: rows with neither address nor name."""

    workbook: Workbook
    layout: Layout
    matched: Matched | None
    unreadable: Sequence[int] = ()


def draft(meetup: Meetup, source: Source, hints: Hints) -> Draft:
    """Raises `DomainError` for a file that can't be read."""
    workbook = read(source, hints)
    layout = _layout(workbook, hints)
    if not layout.header_found or not {Field.ADDRESS, Field.NAME} & layout.columns.keys():
        return Draft(workbook, layout, None)
    rows, unreadable = _theirs(workbook, layout)
    return Draft(workbook, layout, match(ours_of(db.session(), meetup.id), rows), unreadable)


def apply(meetup_id: int, source: Source, hints: Hints, confirmed: frozenset[str], actor: str) -> None:
    """Note it on everybody who is registered. `confirmed`: references of those whose name alone fits, and who they are."""
    found = draft(db.session.get_one(Meetup, meetup_id), source, hints).matched
    end_reading()
    if found is None:
        raise DomainError("form_columns_open")
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        listed = found.listed(confirmed)
        before = _note(session, meetup_id, listed)
        counts = _counted(found, listed)
        session.add(HostList(meetup_id=meetup_id, actor=actor, counts=counts, before=before))
        audit.record(
            session, "host_list.compared", meetup, actor, program_id=meetup.program_id, counts=counts
        )


def take_back(meetup_id: int, comparison: int, actor: str) -> None:
    """As it was before the newest comparison, which `comparison` has to be: pressed twice, one is taken back."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        row: HostList | None = session.scalars(_newest(meetup_id)).first()
        if row is None or row.id != comparison:
            raise DomainError("no_host_list")
        known = {int(number or 0): HostListed(str(value)) if value else None for number, value in row.before}
        _note(session, meetup_id, known)
        session.delete(row)
        audit.record(session, "host_list.taken_back", meetup, actor, program_id=meetup.program_id)


def newest(meetup_id: int) -> HostList | None:
    found: HostList | None = db.session.scalars(_newest(meetup_id)).first()
    return found


def known(meetup_id: int, value: HostListed | None, limit: int) -> Sequence[Registration]:
    """Those who are registered and of whom that is known; None: who registered since."""
    here = Registration.host_listed.is_(None) if value is None else Registration.host_listed == value
    query = select(Registration).join(Person, Person.id == Registration.person_id)
    query = query.where(Registration.meetup_id == meetup_id, IS_ACTIVE, here)
    return db.session.scalars(query.order_by(Person.name, Registration.id).limit(limit)).all()


def ours_of(session: Session, meetup_id: int) -> list[Ours]:
    """Everybody who is registered, with all addresses that are known of them; two statements."""
    here = Registration.meetup_id == meetup_id, IS_ACTIVE, Person.erased_at.is_(None)
    addresses: dict[int, set[str]] = defaultdict(set)
    people = select(Registration.person_id).join(Person, Person.id == Registration.person_id).where(*here)
    theirs = select(PersonAddress.person_id, PersonAddress.address_key)
    for person, key in session.execute(theirs.where(PersonAddress.person_id.in_(people))):
        addresses[person].add(key)
    rows = session.execute(
        select(
            Registration.id,
            Registration.reference,
            Registration.person_id,
            Registration.address,
            Registration.host_listed,
            Person.name,
            Cohort.ordinal,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .where(*here)
        .order_by(Person.name, Registration.id)
    )
    return [
        Ours(
            row.id,
            row.reference,
            row.name,
            row.ordinal,
            row.address,
            frozenset({*addresses[row.person_id], address_key(row.address)}),
            row.host_listed,
        )
        for row in rows
    ]


def _layout(workbook: Workbook, hints: Hints) -> Layout:
    """A bare column of addresses has no header."""
    found = reader.detect_layout(workbook, hints, cohort_given=True)
    if found.header_found or hints.header_row is not None:
        return found
    bare = reader.detect_layout(workbook, replace(hints, header_row=_WITHOUT_HEADER), cohort_given=True)
    return bare if Field.ADDRESS in bare.columns else found


def _theirs(workbook: Workbook, layout: Layout) -> tuple[list[Theirs], list[int]]:
    rows: list[Theirs] = []
    unreadable: list[int] = []
    cells = workbook.sheets[layout.sheet].rows[layout.header_row :]
    for number, row in enumerate(cells, start=layout.header_row + 1):
        said = {
            field: row[column] if column < len(row) else ""
            for field, column in layout.columns.items()
            if field in {Field.ADDRESS, Field.NAME}
        }
        name, address = clean_name(said.get(Field.NAME, "")), clean_address(said.get(Field.ADDRESS, ""))
        key = valid_key(address) if address else None
        if name or key:
            rows.append(Theirs(number, name, address, key))
        elif any(cell.strip() for cell in row):
            unreadable.append(number)
    return rows, unreadable


def _counted(found: Matched, listed: Mapping[int, HostListed]) -> dict[str, int]:
    values = list(listed.values())
    return {each.value: values.count(each) for each in HostListed} | {"theirs_only": len(found.theirs_only)}


def _note(
    session: Session, meetup_id: int, wanted: Mapping[int, HostListed | None]
) -> list[list[int | str | None]]:
    """Write what differs, and nothing on those who were erased since; what stood there before."""
    now = dict(
        session.execute(
            select(Registration.id, Registration.host_listed)
            .join(Person, Person.id == Registration.person_id)
            .where(Registration.meetup_id == meetup_id, Person.erased_at.is_(None))
        ).all()
    )
    changed = {number: value for number, value in wanted.items() if number in now and now[number] != value}
    by_value: dict[HostListed | None, list[int]] = defaultdict(list)
    for number, value in changed.items():
        by_value[value].append(number)
    for value, numbers in by_value.items():
        for start in range(0, len(numbers), BATCH):
            some = update(Registration).where(Registration.id.in_(numbers[start : start + BATCH]))
            session.execute(some.values(host_listed=value).execution_options(synchronize_session=False))
    return [[number, now[number]] for number in changed]


def _newest(meetup_id: int) -> Select[Any]:
    return select(HostList).where(HostList.meetup_id == meetup_id).order_by(HostList.id.desc()).limit(1)
