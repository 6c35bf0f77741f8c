"""Two people of a programme who are one, by an organizer's word: never by a name alone (rule 2).

What both had is then one person's: addresses, phones, roster entries, registrations, and all that hangs on them. Of two
places at one meetup one stays; the other ends with a line in its history, and its seat goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.clock import now
from app.db import Model, db, transaction
from app.domain.errors import DomainError
from app.domain.registering.joining import Place, keeps_first, require_decidable
from app.domain.registering.registrations import Status
from app.domain.writing.names import search_key
from app.models import IS_ACTIVE, TAKES_PLACE, Cohort, Meetup, Person, Registration, RosterEntry, Source
from app.services import audit
from app.services.alumni import people_search
from app.services.alumni.roster_writing import rename
from app.services.inviting import reaching
from app.services.mails import opt_outs
from app.services.races import once_more
from app.services.registering import consents, eligibility, tickets
from app.services.registering.registration_changes import change, owe
from app.services.registering.registrations import MAIL
from app.services.seating import draw_entries, reserved_seats
from app.services.seating.promotion import promote

ACT = "people.joined"
_WITH_ALL = (selectinload(Person.addresses), selectinload(Person.phones))


@dataclass(frozen=True)
class Double:
    """Two places of one human being at one meetup."""

    stays: Registration
    ends: Registration


@dataclass(frozen=True)
class Outlook:
    """What joining would do. `refusal`: why it can't be done yet. `name`: what they are called then, and `entries` their
    lists. `shared`: cohorts whose list had both, and has one of them no more."""

    kept: Person
    gone: Person
    doubles: Sequence[Double]
    refusal: DomainError | None
    name: str
    entries: Sequence[RosterEntry]
    shared: Sequence[Cohort]


def candidates(program_id: int, person_id: int, text: str, limit: int) -> Sequence[Person]:
    """Others of the programme whom `text` may mean, the newest last."""
    condition = people_search.matching(text, Person.id)
    if condition is None:
        return []
    rows = select(Person).where(
        Person.program_id == program_id, Person.id != person_id, Person.erased_at.is_(None), condition
    )
    return db.session.scalars(rows.options(*_WITH_ALL).order_by(Person.id).limit(limit)).all()


def entries_of(people: Sequence[int]) -> dict[int, list[RosterEntry]]:
    """Their roster entries, by person."""
    query = select(RosterEntry).join(RosterEntry.cohort).where(RosterEntry.person_id.in_(people))
    found: dict[int, list[RosterEntry]] = {person: [] for person in people}
    for entry in db.session.scalars(query.options(joinedload(RosterEntry.cohort)).order_by(Cohort.ordinal)):
        found[entry.person_id].append(entry)
    return found


def registrations_of(people: Sequence[int]) -> dict[int, list[Registration]]:
    """Their registrations with meetups, by person, the newest first."""
    query = select(Registration).where(Registration.person_id.in_(people)).order_by(Registration.id.desc())
    found: dict[int, list[Registration]] = {person: [] for person in people}
    for row in db.session.scalars(query.options(joinedload(Registration.meetup))):
        found[row.person_id].append(row)
    return found


def outlook(program_id: int, kept_id: int, gone_id: int) -> Outlook:
    """Refused as `no_such_person` where they are not two people of this programme."""
    session = db.session()
    kept, gone = _two(session, program_id, kept_id, gone_id)
    refusal, doubles = None, []
    listed, shared = entries_of([kept.id, gone.id]), _shared(session, kept.id, gone.id, current=False)
    stay = [each for each in listed[gone.id] if each.cohort not in shared]
    entries = sorted([*listed[kept.id], *stay], key=lambda each: each.cohort.ordinal)
    try:
        _require_apart(session, kept.id, gone.id, knows=True)
        doubles = _doubles(session, kept.id, gone.id)
    except DomainError as found:
        refusal = found
    name = entries[-1].name if entries else kept.name
    return Outlook(kept, gone, doubles, refusal, name, entries, shared)


@once_more
def join(
    program_id: int, kept_id: int, gone_id: int, actor: str, reason: str, *, knows: bool = False
) -> Person:
    """`gone` is `kept`. It can't be undone; the histories keep what was whose. `knows`: also where one list had both.

    Refused where a list has both in one cohort, where both came in at one meetup, and where one of two places is an
    open list check.
    """
    with transaction() as session:
        named = reserved_seats.meetups_of(session, (kept_id, gone_id))
        both = {*_meetups_of_both(session, kept_id, gone_id), *named, *_lacking(session, kept_id, gone_id)}
        meetups = [Meetup.locked(session, number) for number in sorted(both)]  # seats before people
        kept, gone = _two(session, program_id, kept_id, gone_id, held=True)
        _require_apart(session, kept.id, gone.id, knows=knows)
        doubles = _doubles(session, kept.id, gone.id)
        ended = [_end(session, double, actor, reason) for double in doubles]
        opt_outs.spread(
            session, program_id, {each.address_key for who in (kept, gone) for each in who.addresses}
        )
        session.flush()
        consents.are_one(session, (kept.id, gone.id), actor)
        names = {gone.name}
        _hand_over(session, kept.id, gone.id)
        session.expire_all()
        _complete(session, kept.id, meetups, {row.meetup_id: row for row in ended})
        kept.search_key = search_key(kept.name, names)
        session.flush()
        rename(session, program_id, {kept.id})
        session.refresh(kept)
        audit.record(
            session,
            ACT,
            kept,
            actor,
            program_id=program_id,
            reason=reason,
            person=gone_id,
            ended=[row.id for row in ended],
            stay=[double.stays.id for double in doubles],
        )
        for meetup in meetups:
            if meetup.id in named and _is_ahead(meetup):
                reserved_seats.seat_named(session, meetup, kept.id, actor)
            promote(session, meetup)
        return kept


def _two(
    session: Session, program_id: int, kept_id: int, gone_id: int, *, held: bool = False
) -> tuple[Person, Person]:
    query = (
        select(Person)
        .where(Person.id.in_({kept_id, gone_id}), Person.program_id == program_id, Person.erased_at.is_(None))
        .options(*_WITH_ALL)
        .order_by(Person.id)
    )
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = {person.id: person for person in session.scalars(query)}
    if len(found) != 2:
        raise DomainError("no_such_person")
    return found[kept_id], found[gone_id]


def _require_apart(session: Session, kept_id: int, gone_id: int, *, knows: bool) -> None:
    """Of one cohort's list one entry is theirs. Whoever the latest file lacks may be somebody else all the same: that they
    aren't, somebody has to know."""
    if current := _shared(session, kept_id, gone_id, current=True):
        raise DomainError("join_same_cohort", ordinal=current[0].ordinal)
    if not knows and (former := _shared(session, kept_id, gone_id, current=False)):
        raise DomainError("join_same_cohort_once", ordinal=former[0].ordinal)


def _shared(session: Session, kept_id: int, gone_id: int, *, current: bool) -> Sequence[Cohort]:
    """Cohorts of both; `current`: whose latest file has the one that goes, or lacks them."""
    other = aliased(RosterEntry)
    is_there = other.gone_since_id.is_(None) if current else other.gone_since_id.is_not(None)
    return session.scalars(
        select(Cohort)
        .join(RosterEntry, RosterEntry.cohort_id == Cohort.id)
        .join(other, other.cohort_id == Cohort.id)
        .where(RosterEntry.person_id == kept_id, other.person_id == gone_id, is_there)
        .order_by(Cohort.ordinal)
    ).all()


def _meetups_of_both(session: Session, kept_id: int, gone_id: int) -> Sequence[int]:
    other = aliased(Registration)
    both = (
        select(Registration.meetup_id)
        .join(other, other.meetup_id == Registration.meetup_id)
        .where(Registration.person_id == kept_id, other.person_id == gone_id)
    )
    return session.scalars(both.distinct().order_by(Registration.meetup_id)).all()


def _lacking(session: Session, kept_id: int, gone_id: int) -> Sequence[int]:
    """The meetups at which one of them has a place that lacks an address or a cohort, as a new guest's does."""
    lacks = (Registration.address == "") | Registration.cohort_id.is_(None)
    query = select(Registration.meetup_id).where(Registration.person_id.in_((kept_id, gone_id)), IS_ACTIVE)
    return session.scalars(query.where(lacks)).all()


def _complete(
    session: Session, person_id: int, meetups: Sequence[Meetup], ended: Mapping[int, Registration]
) -> None:
    """What their places lack, from the place that ended there, or else as the person is known now; and the mail of a seat
    that reached nobody. A walk-in has no cohort unless they said one."""
    query = select(Registration).where(
        Registration.person_id == person_id, IS_ACTIVE, Registration.status != Status.PENDING
    )
    newest = reaching.newest_of(session, person_id)
    of_meetup = {meetup.id: meetup for meetup in meetups}
    for row in session.scalars(query.where(Registration.meetup_id.in_(of_meetup))).all():
        meetup, twin = of_meetup[row.meetup_id], ended.get(row.meetup_id)
        if row.cohort_id is None and row.source is not Source.WALK_IN:
            may_come = eligibility.cohort_ids(session, meetup.id, person_id)
            row.cohort_id = (twin and twin.cohort_id) or (may_come[-1] if may_come else None)
        if row.address:
            continue
        row.address = (twin and twin.address) or newest
        owed = row.status in {Status.CONFIRMED, Status.OFFERED} and row.admitted_at is None
        if owed and _is_ahead(meetup):
            owe(session, MAIL[row.status], meetup, [row])
    session.flush()


def _doubles(session: Session, kept_id: int, gone_id: int) -> list[Double]:
    query = select(Registration).where(Registration.person_id.in_((kept_id, gone_id)), IS_ACTIVE)
    by_meetup: dict[int, list[Registration]] = {}
    for row in session.scalars(query.options(joinedload(Registration.meetup)).order_by(Registration.id)):
        by_meetup.setdefault(row.meetup_id, []).append(row)
    return [_judged(*rows) for rows in by_meetup.values() if len(rows) == 2]


def _judged(one: Registration, other: Registration) -> Double:
    places = _place(one), _place(other)
    require_decidable(*places)
    return Double(one, other) if keeps_first(*places) else Double(other, one)


def _place(row: Registration) -> Place:
    return Place(row.status, row.rank, row.admitted_at is not None)


def _end(session: Session, double: Double, actor: str, reason: str) -> Registration:
    row, meetup = double.ends, double.ends.meetup
    draw_entries.close_if_due(session, meetup)
    change(session, [row], Status.DECLINED, actor, reason)
    tickets.revoke(session, row.id)
    if _is_ahead(meetup):
        owe(session, "registration_joined", meetup, [row], other=double.stays.reference)
    return row


def _is_ahead(meetup: Meetup) -> bool:
    return meetup.state in TAKES_PLACE and now() < meetup.ends_at


def _hand_over(session: Session, kept_id: int, gone_id: int) -> None:
    """Every row that names the one names the other from now on; what both can only have once, the other has already."""
    for table, column in _naming_people():
        for unique in _once_a_person(table, column.name):
            kept = table.alias()
            same = [kept.c[name] == table.c[name] for name in unique]
            has = select(kept.c.id).where(kept.c[column.name] == kept_id, *same).exists()
            session.execute(delete(table).where(column == gone_id, has))
        session.execute(update(table).where(column == gone_id).values({column.name: kept_id}))
    session.execute(delete(Person).where(Person.id == gone_id))


def _naming_people() -> list[tuple[Table, Any]]:
    person = Person.__table__.c.id
    return [
        (table, column)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column is person for key in column.foreign_keys)
    ]


def _once_a_person(table: Table, person: str) -> list[list[str]]:
    """With what else each unique rule of the table knows a person."""
    names = [
        [column.name for column in rule.columns]
        for rule in table.constraints
        if isinstance(rule, UniqueConstraint)
    ]
    return [[name for name in rule if name != person] for rule in names if person in rule]
