"""The table plan of a meetup: filled from a seed, put right by hand, published to those who sit there.

Whoever loses the seat at the meetup loses the one at the table without anything being written: a plan is read together with
the registrations as they are now, and so are companions who joined later.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.tables import LONGEST_MARK, Party, Plan, Seating, parse_sizes, plan
from app.models import Cohort, Meetup, Person, Registration, TablePlan, TableSeat
from app.reading import among
from app.services import audit

AnyRow = Row[Any]


@dataclass(frozen=True)
class Wanted:
    """What an organizer asked for. `anew`: another order than the last time."""

    sizes: str
    how: Seating
    anew: bool = False


_registration, _plan, _seat = Registration.__table__, TablePlan.__table__, TableSeat.__table__
SHOWN_TABLE = (
    select(_seat.c.number)
    .join_from(_seat, _plan, _plan.c.meetup_id == _registration.c.meetup_id)
    .where(
        _seat.c.registration_id == _registration.c.id,
        _registration.c.status == Status.CONFIRMED,
        _plan.c.published_at.is_not(None),
    )
    .correlate(_registration)
    .scalar_subquery()
    .label("table")
)
"""A column of a query of registrations: the table that people, and the door, are told; None where none is shown."""


def of_meetup(meetup_id: int) -> TablePlan | None:
    return db.session.scalars(select(TablePlan).where(TablePlan.meetup_id == meetup_id)).one_or_none()


def people(meetup_id: int) -> Sequence[AnyRow]:
    """Everybody who has a seat at the meetup, with their table, by table, cohort and name. One query."""
    return db.session.execute(
        _people(meetup_id).order_by(TableSeat.number, Cohort.ordinal, Person.name, Registration.id)
    ).all()


def person(meetup_id: int, reference: str) -> AnyRow | None:
    return db.session.execute(_people(meetup_id).where(Registration.reference == reference)).one_or_none()


def number_of(registration: Registration) -> int | None:
    """The table that somebody with a seat is told; None while none is published."""
    if registration.status is not Status.CONFIRMED:
        return None
    return numbers_by_reference(registration.meetup_id, [registration.reference]).get(registration.reference)


def numbers_by_reference(meetup_id: int, references: Iterable[str]) -> Mapping[str, int]:
    """The published tables of these registrations; one query."""
    query = (
        select(Registration.reference, TableSeat.number)
        .join(TableSeat, TableSeat.registration_id == Registration.id)
        .join(TablePlan, TablePlan.meetup_id == Registration.meetup_id)
        .where(
            Registration.reference.in_(list(references)),
            Registration.meetup_id == meetup_id,
            Registration.status == Status.CONFIRMED,
            TablePlan.published_at.is_not(None),
            TableSeat.number.is_not(None),
        )
    )
    return {key: number for key, number in db.session.execute(query) if number}


def numbers_of(registrations: Sequence[int]) -> Mapping[int, int]:
    """The tables of these registrations, by their ids, shown or not; for files."""
    query = (
        select(TableSeat.registration_id, TableSeat.number)
        .join(Registration, Registration.id == TableSeat.registration_id)
        .where(
            among(TableSeat.registration_id, registrations),
            TableSeat.number.is_not(None),
            Registration.status == Status.CONFIRMED,
        )
    )
    return {key: number for key, number in db.session.execute(query) if number}


def lay(meetup_id: int, wanted: Wanted, actor: str) -> Plan:
    """Fill the tables; whoever was put somewhere by hand and still fits stays there. The same wishes give the same plan."""
    sizes = parse_sizes(wanted.sizes)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        found = of_meetup(meetup.id)
        if found is None:
            found = TablePlan(meetup_id=meetup.id, seed=secrets.token_hex(4))
            session.add(found)
        elif wanted.anew:
            found.seed = secrets.token_hex(4)
        found.sizes, found.how, found.changed_at = list(sizes), wanted.how, now()
        rows = people(meetup.id)
        made = plan(_parties(rows), sizes, wanted.how, found.seed, _kept(rows, sizes))
        _write(session, rows, made)
        audit.record(
            session,
            "tables.laid",
            meetup,
            actor,
            program_id=meetup.program_id,
            tables=len(sizes),
            left=len(made.left),
        )
        return made


def seat_late(meetup_id: int, actor: str) -> Plan:
    """Give a free seat to whoever has none, and move nobody."""
    with transaction() as session:
        meetup, found = _held(session, meetup_id)
        rows = people(meetup.id)
        seated = {row.id: row.number for row in rows if row.number and row.number <= len(found.sizes)}
        made = plan(_parties(rows), found.sizes, found.how, found.seed, seated)
        _write(session, [row for row in rows if row.id not in seated], made)
        audit.record(
            session, "tables.late_seated", meetup, actor, program_id=meetup.program_id,
            seated=len(made.tables) - len(seated), left=len(made.left),
        )  # fmt: skip
        return made


def move(meetup_id: int, registration_id: int, number: int | None, beside: str, actor: str) -> None:
    """Put somebody at a table by hand, where they stay when the tables are filled anew; None: wherever the plan puts them.

    Raises `table_full` with how many are free.
    """
    with transaction() as session:
        meetup, found = _held(session, meetup_id)
        rows = {row.id: row for row in people(meetup.id)}
        row = rows.get(registration_id)
        if row is None:
            raise DomainError("no_such_seat")
        if number is not None:
            _require_room(found.sizes, [each for each in rows.values() if each.id != row.id], row, number)
        mark = beside.strip()[:LONGEST_MARK]
        _put(session, row, number=number or row.number, fixed=number is not None, beside=mark)
        found.changed_at = now()
        audit.record(
            session,
            "tables.moved",
            f"registration:{row.id}",
            actor,
            program_id=meetup.program_id,
            table=number,
        )


def sit_again(meetup_id: int, registration_id: int, session: Session) -> None:
    """Whoever has a seat at the meetup again sits where they sat, or nowhere where others took the room meanwhile.

    In the caller's transaction and under its seat lock.
    """
    found, rows = of_meetup(meetup_id), {row.id: row for row in people(meetup_id)}
    row = rows.pop(registration_id)
    if found is None or row.number is None:
        return
    try:
        _require_room(found.sizes, rows.values(), row, row.number)
    except DomainError:
        _put(session, row, number=None, fixed=False)


def publish(meetup_id: int, shown: bool, actor: str) -> None:
    """Let people, and the door, see their table, or no more; twice changes nothing."""
    with transaction() as session:
        meetup, found = _held(session, meetup_id)
        if (found.published_at is not None) is shown:
            return
        found.published_at = now() if shown else None
        act = "tables.published" if shown else "tables.hidden"
        audit.record(session, act, meetup, actor, program_id=meetup.program_id)


def _people(meetup_id: int) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Registration.id,
        Registration.reference,
        Registration.companions,
        Registration.companion_names,
        Registration.cohort_id,
        Registration.phone,
        Registration.admitted_at,
        Person.name,
        Cohort.ordinal,
        TableSeat.id.label("seat_id"),
        TableSeat.number,
        TableSeat.fixed,
        TableSeat.beside,
    )
    query: Select[Any] = select(*columns).select_from(Registration)
    query = query.join(Person, Person.id == Registration.person_id)
    query = query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    query = query.outerjoin(TableSeat, TableSeat.registration_id == Registration.id)
    return query.where(Registration.meetup_id == meetup_id, Registration.status == Status.CONFIRMED)


def _held(session: Session, meetup_id: int) -> tuple[Meetup, TablePlan]:
    meetup = Meetup.locked(session, meetup_id)
    found = of_meetup(meetup.id)
    if found is None:
        raise DomainError("no_table_plan")
    return meetup, found


def _parties(rows: Iterable[AnyRow]) -> list[Party]:
    return [Party(row.id, 1 + row.companions, row.cohort_id, row.beside or "") for row in rows]


def _kept(rows: Iterable[AnyRow], sizes: Sequence[int]) -> dict[int, int]:
    """Those whom an organizer put somewhere, as far as the table is still there and large enough."""
    kept, free = {}, dict(enumerate(sizes, start=1))
    for row in rows:
        if row.fixed and free.get(row.number, 0) > row.companions:
            kept[row.id] = row.number
            free[row.number] -= 1 + row.companions
    return kept


def _require_room(sizes: Sequence[int], others: Iterable[AnyRow], row: AnyRow, number: int) -> None:
    if not 1 <= number <= len(sizes):
        raise DomainError("no_such_table", most=len(sizes))
    free = sizes[number - 1] - sum(1 + each.companions for each in others if each.number == number)
    if free < 1 + row.companions:
        raise DomainError("table_full", table=number, free=max(free, 0), wanted=1 + row.companions)


def _write(session: Session, rows: Sequence[AnyRow], made: Plan) -> None:
    """The tables of these, in two statements however many they are."""
    known = [{"id": row.seat_id, "number": made.tables.get(row.id)} for row in rows if row.seat_id]
    new = [
        {"registration_id": row.id, "number": made.tables[row.id]}
        for row in rows
        if not row.seat_id and row.id in made.tables
    ]
    if known:
        session.execute(update(TableSeat), known)
    if new:
        session.execute(insert(TableSeat), new)


def _put(session: Session, row: AnyRow, **values: Any) -> None:
    if row.seat_id is None:
        session.add(TableSeat(registration_id=row.id, **values))
    else:
        session.execute(update(TableSeat).where(TableSeat.id == row.seat_id).values(**values))


def discard(meetup_id: int, actor: str) -> None:
    """Take the whole plan away, with everything that was put right by hand."""
    with transaction() as session:
        meetup, found = _held(session, meetup_id)
        of_it = select(Registration.id).where(Registration.meetup_id == meetup.id)
        session.execute(
            delete(TableSeat)
            .where(TableSeat.registration_id.in_(of_it))
            .execution_options(synchronize_session=False)
        )
        session.delete(found)
        audit.record(session, "tables.discarded", meetup, actor, program_id=meetup.program_id)
