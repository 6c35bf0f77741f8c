"""Write a compared roster: a bounded number of statements, whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.domain.door.phones import digits_of, last_four
from app.domain.rosters import Fate, FateKind, Preview, RosterRow
from app.domain.writing.names import search_key
from app.models import Cohort, Person, PersonAddress, PersonPhone, RosterEntry

BATCH = 2_000


def write(session: Session, program_id: int, preview: Preview, import_id: int) -> None:
    """Insert, update and mark what `preview` says, in the caller's transaction."""
    cohorts = dict(
        session.execute(select(Cohort.ordinal, Cohort.id).where(Cohort.program_id == program_id)).all()
    )
    new = [fate.row for fate in preview.fates if fate.kind is FateKind.NEW and fate.row]
    changed = [fate for fate in preview.fates if fate.kind is FateKind.CHANGED]
    people = _people_for(session, program_id, new)
    _insert_entries(session, cohorts, people, new, import_id)
    ids = _entry_ids(session, program_id) if changed or preview.gone or _seen(preview) else {}
    _update_entries(session, ids, changed, import_id)
    _mark(session, ids, preview, import_id)
    touched = set(people.values()) | _people_of(session, [_id(ids, f.row)[0] for f in changed if f.row])
    rename(session, program_id, touched)
    add_phones(session, touched)


def _people_for(session: Session, program_id: int, rows: Sequence[RosterRow]) -> dict[str, int]:
    """address key → person id for every row; who has the address already is that person."""
    known = dict(
        session.execute(
            select(PersonAddress.address_key, PersonAddress.person_id).where(
                PersonAddress.program_id == program_id
            )
        ).all()
    )
    fresh = {row.address_key: row for row in rows if row.address_key not in known}
    if fresh:
        # The rows come back in any order: until they are named, the search key tells whose each is.
        made = session.execute(
            insert(Person).returning(Person.search_key, Person.id),
            [{"program_id": program_id, "name": row.name, "search_key": key} for key, row in fresh.items()],
        )
        ids: dict[str, int] = dict(made.all())
        session.execute(
            insert(PersonAddress),
            [
                {"program_id": program_id, "person_id": ids[key], "address": row.address, "address_key": key}
                for key, row in fresh.items()
            ],
        )
        known |= ids
    return {row.address_key: known[row.address_key] for row in rows}


def _insert_entries(
    session: Session,
    cohorts: dict[int, int],
    people: dict[str, int],
    rows: Sequence[RosterRow],
    import_id: int,
) -> None:
    if rows:
        session.execute(
            insert(RosterEntry),
            [
                {
                    "cohort_id": cohorts[row.cohort],
                    "person_id": people[row.address_key],
                    "address_key": row.address_key,
                    "import_id": import_id,
                    **_said(row),
                }
                for row in rows
            ],
        )


def _said(row: RosterRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "completed": row.completed,
        "phone": row.phone or None,
        "certificate": row.certificate or None,
        "note": row.note or None,
        "other_name": row.other_name or None,
    }


def _update_entries(
    session: Session, ids: dict[tuple[int, str], tuple[int, bool]], fates: Iterable[Fate], import_id: int
) -> None:
    """Change the fields that differ. An empty cell never erases what is stored, so only named changes apply."""
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for fate in fates:
        if fate.row is None:
            continue
        values = {change.field.value: change.new for change in fate.changes}
        by_fields[tuple(sorted(values))].append({"entry": _id(ids, fate.row)[0], **values})
    entry = cast("Table", RosterEntry.__table__)
    for fields, rows in by_fields.items():
        statement = update(entry).where(entry.c.id == bindparam("entry"))
        session.connection().execute(
            statement.values({name: bindparam(name) for name in fields} | {"import_id": import_id}), rows
        )


def _mark(
    session: Session, ids: dict[tuple[int, str], tuple[int, bool]], preview: Preview, import_id: int
) -> None:
    """Note which entries this file lacks, and which it has again."""
    missing = [ids[(gone.cohort, gone.address_key)] for gone in preview.gone]
    _set_gone(session, [entry for entry, was_gone in missing if not was_gone], import_id)
    back = [_id(ids, row) for row in _seen(preview)]
    _set_gone(session, [entry for entry, was_gone in back if was_gone], None)


def _set_gone(session: Session, entries: Sequence[int], import_id: int | None) -> None:
    for batch in _batches(entries):
        session.execute(
            update(RosterEntry)
            .where(RosterEntry.id.in_(batch))
            .values(gone_since_id=import_id)
            .execution_options(synchronize_session=False)
        )


def rename(session: Session, program_id: int, people: set[int]) -> None:
    """Give each person the name of their latest cohort, and a search key over all names they had."""
    names: dict[int, list[str]] = defaultdict(list)
    latest: dict[int, str] = {}
    for batch in _batches(sorted(people)):
        rows = session.execute(
            select(RosterEntry.person_id, RosterEntry.name, RosterEntry.other_name)
            .join(Cohort)
            .where(RosterEntry.person_id.in_(batch), Cohort.program_id == program_id)
            .order_by(Cohort.ordinal)
        )
        for person, name, other in rows:
            names[person] += [text for text in (name, other) if text]
            latest[person] = name
    person_table = cast("Table", Person.__table__)
    if latest:
        session.connection().execute(
            update(person_table)
            .where(person_table.c.id == bindparam("person"))
            .values(name=bindparam("new_name"), search_key=bindparam("new_key")),
            [
                {
                    "person": person,
                    "new_name": name,
                    "new_key": search_key(name, set(names[person]) - {name})[:1000],
                }
                for person, name in latest.items()
            ],
        )


def add_phones(session: Session, people: set[int]) -> None:
    """Those of their roster entries, where they are not known yet."""
    for batch in _batches(sorted(people)):
        listed = session.execute(
            select(RosterEntry.person_id, RosterEntry.phone).where(
                RosterEntry.person_id.in_(batch), RosterEntry.phone.is_not(None)
            )
        )
        wanted = {(person, digits_of(phone)): phone for person, phone in listed if phone and digits_of(phone)}
        held = set(
            session.execute(
                select(PersonPhone.person_id, PersonPhone.digits).where(PersonPhone.person_id.in_(batch))
            ).all()
        )
        rows = [
            {"person_id": person, "number": phone[:64], "digits": digits[:64], "last_four": last_four(phone)}
            for (person, digits), phone in wanted.items()
            if (person, digits) not in held
        ]
        if rows:
            session.execute(insert(PersonPhone), rows)


def _entry_ids(session: Session, program_id: int) -> dict[tuple[int, str], tuple[int, bool]]:
    """(cohort ordinal, address key) → entry id, and whether an earlier file lacked it."""
    rows = session.execute(
        select(Cohort.ordinal, RosterEntry.address_key, RosterEntry.id, RosterEntry.gone_since_id)
        .join(Cohort)
        .where(Cohort.program_id == program_id)
    )
    return {(ordinal, key): (entry, gone is not None) for ordinal, key, entry, gone in rows}


def _people_of(session: Session, entries: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for batch in _batches(entries):
        found |= set(session.scalars(select(RosterEntry.person_id).where(RosterEntry.id.in_(batch))))
    return found


def _seen(preview: Preview) -> list[RosterRow]:
    kept = {FateKind.CHANGED, FateKind.UNCHANGED}
    return [fate.row for fate in preview.fates if fate.kind in kept and fate.row]


def _id(ids: dict[tuple[int, str], tuple[int, bool]], row: RosterRow | None) -> tuple[int, bool]:
    if row is None:
        raise LookupError("a fate without a row has no entry")
    return ids[(row.cohort, row.address_key)]


def _batches(items: Sequence[int]) -> Iterable[Sequence[int]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
