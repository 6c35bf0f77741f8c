"""Searching a programme's audit trail: by who, what, when, and to whom or what it was done."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, cast, false, literal, or_, select

from app.db import db, streaming
from app.models import (
    Account,
    AuditEntry,
    Meetup,
    MeetupMembership,
    Membership,
    Person,
    Registration,
)
from app.reading import among
from app.services.alumni import people_search
from app.services.auditing import kinds

MOST_PEOPLE = 50  # whom a name may mean
CHUNK, FEW = 1_000, 5
OF_EVERYTHING = ("backup", "mail_server")  # what is done with these concerns every programme
DEVICES = "devices"


@dataclass(frozen=True)
class Wanted:
    """What to find. `actor`: as the trail has it, or all staff phones by `DEVICES`; `acts` empty: any; `search`: a person, in
    every way that people are searched; `since` and `until`: instants, the second excluded."""

    actor: str = ""
    acts: frozenset[str] = frozenset()
    search: str = ""
    meetup_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def page(program_id: int, wanted: Wanted, *, before: int | None, size: int) -> Sequence[AuditEntry]:
    """The newest entries, older than the entry `before`; one more than `size` when there are more."""
    conditions = _conditions(program_id, wanted)
    if before is not None:
        conditions.append(AuditEntry.id < before)
    if wanted.search.strip():
        conditions += _about(_meant(program_id, wanted.search), conditions, size + 1)
    return db.session.scalars(_newest(AuditEntry, conditions).limit(size + 1)).all()


def stream(program_id: int, wanted: Wanted) -> Iterator[Sequence[Row[Any]]]:
    """All of them, the oldest first, a thousand at a time. Spool them: it holds a read transaction open."""
    conditions = _conditions(program_id, wanted)
    if wanted.search.strip():
        conditions += _about(_meant(program_id, wanted.search), conditions, None)
    query = select(AuditEntry.__table__).where(*conditions).order_by(AuditEntry.id)
    with streaming() as connection:
        yield from connection.execute(query.execution_options(yield_per=CHUNK)).partitions()


def _newest(what: Any, conditions: Sequence[ColumnElement[bool]]) -> Any:
    return select(what).where(*conditions).order_by(AuditEntry.id.desc())


def _conditions(program_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    """All but the search."""
    found = [_of_program(program_id)]
    if wanted.actor == DEVICES:
        found.append(AuditEntry.actor.startswith("device:"))
    elif wanted.actor:
        found.append(AuditEntry.actor == wanted.actor)
    if wanted.acts:
        found.append(AuditEntry.act.in_(sorted(wanted.acts)))
    if wanted.since is not None:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.at < wanted.until)
    if wanted.meetup_id is not None:
        found.append(AuditEntry.meetup_id == wanted.meetup_id)
    return found


def _of_program(program_id: int) -> ColumnElement[bool]:
    """The programme's own entries, what its members did to their accounts, and what was done with everything that there is."""
    of_program = select(Membership.account_id).where(Membership.program_id == program_id)
    at_meetups = (
        select(MeetupMembership.account_id)
        .join(MeetupMembership.meetup)
        .where(Meetup.program_id == program_id)
    )
    members = select(literal("account:") + cast(Account.id, String)).where(
        Account.id.in_(of_program.union(at_meetups))
    )
    of_everything = or_(*(AuditEntry.act.startswith(f"{kind}.", autoescape=True) for kind in OF_EVERYTHING))
    above = and_(AuditEntry.program_id.is_(None), or_(AuditEntry.actor.in_(members), of_everything))
    return or_(AuditEntry.program_id == program_id, above)


def _meant(program_id: int, text: str) -> list[int]:
    """The people whom a search means, the first so many."""
    matching = people_search.matching(text, Person.id)
    if matching is None:
        return []
    query = select(Person.id).where(Person.program_id == program_id, matching)
    return list(db.session.scalars(query.order_by(Person.id).limit(MOST_PEOPLE)))


def _about(
    people: Sequence[int], others: Sequence[ColumnElement[bool]], most: int | None
) -> list[ColumnElement[bool]]:
    """What was done to these people, to what hangs on them, and to many among whom they were. `others`: what holds besides;
    `most`: so many of the newest are enough."""
    if not people:
        return [false()]
    own = AuditEntry.subject.in_(sorted(kinds.of_people(db.session.connection(), people)))
    oldest = None
    if most is not None:
        oldest = db.session.scalar(_newest(AuditEntry.id, [*others, own]).offset(most - 1).limit(1))
    bounds = [] if oldest is None else [AuditEntry.id >= oldest]
    return [*bounds, or_(own, AuditEntry.id.in_(_among_many(people, [*others, *bounds], most)))]


def _among_many(people: Sequence[int], others: Sequence[ColumnElement[bool]], most: int | None) -> list[int]:
    """Entries of their meetups that name one of their registrations among their details, the newest first.

    Each may name a hundred thousand: a few are read at a time, and none once there are enough.
    """
    rows = db.session.execute(
        select(Registration.id, Registration.meetup_id).where(Registration.person_id.in_(people))
    ).all()
    ids, meetups = {row.id for row in rows}, {row.meetup_id for row in rows}
    of_many = AuditEntry.meetup_id.in_(sorted(meetups)), AuditEntry.act.in_(sorted(kinds.NAMING))
    asked = array("q", db.session.scalars(_newest(AuditEntry.id, [*others, *of_many])))
    found: list[int] = []
    with streaming() as connection:
        for start in range(0, len(asked), CHUNK):
            some = among(AuditEntry.id, asked[start : start + CHUNK])
            query = select(AuditEntry.id, AuditEntry.act, AuditEntry.details).where(some)
            ordered = query.order_by(AuditEntry.id.desc()).execution_options(yield_per=FEW)
            with connection.execute(ordered) as entries:
                for number, act, details in entries:
                    if not ids.isdisjoint(details.get(kinds.NAMING[act], ())):
                        found.append(number)
                    if len(found) == most:
                        return found
    return found
