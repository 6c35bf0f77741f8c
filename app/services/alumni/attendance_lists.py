"""How often each of a programme's people registered, came and did not come: counted from the registrations that are kept,
each time, and never stored (docs/decisions/0017-no-shows.md)."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select, true

from app.clock import now
from app.db import db
from app.domain.writing.cohort_words import cohort_in
from app.models import TAKES_PLACE, Cohort, Destruction, Meetup, Person, Registration, RosterEntry
from app.reading import among, in_chunks
from app.services.alumni import attendance, people_search


class By(enum.StrEnum):
    """In which order: the most first, equal ones by name."""

    NAME = "name"
    REGISTERED = "registered"
    CAME = "came"
    MISSED = "missed"


@dataclass(frozen=True)
class Wanted:
    """`cohort`: by its ordinal. `never_came`: to none of the meetups that are counted."""

    cohort: int | None = None
    never_came: bool = False
    search: str = ""
    by: By = By.NAME


@dataclass(frozen=True)
class Over:
    """The programme's meetups that are over, the latest first. `counted`: those of which everything is kept and whose door
    let somebody in; of the `unrecorded` nobody knows who came, and of the `destroyed` who it was."""

    counted: Sequence[Meetup]
    unrecorded: Sequence[Meetup]
    destroyed: Sequence[Meetup]


@dataclass(frozen=True)
class Line:
    """Of the meetups that are counted. Who registered and neither came nor missed it cancelled, or had no seat."""

    person_id: int
    name: str
    cohorts: Sequence[int]
    registered: int = 0
    came: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Page:
    lines: Sequence[Line]
    start: int
    has_more: bool


def over(program_id: int) -> Over:
    """One query. A meetup of which a part is destroyed by now is not counted: for some it would be, for others not."""
    gone = exists(Destruction.id).where(Destruction.meetup_id == Meetup.id).label("gone")
    rows = db.session.execute(
        select(Meetup, gone, attendance.recorded(Meetup.id).label("recorded"))
        .where(Meetup.program_id == program_id, Meetup.ends_at <= now(), Meetup.state.in_(TAKES_PLACE))
        .order_by(Meetup.starts_at.desc(), Meetup.id.desc())
    ).all()
    return Over(
        [row.Meetup for row in rows if row.recorded and not row.gone],
        [row.Meetup for row in rows if not row.recorded and not row.gone],
        [row.Meetup for row in rows if row.gone],
    )


def page(program_id: int, meetups: Sequence[Meetup], wanted: Wanted, *, start: int, size: int) -> Page:
    """Four queries. Nobody is counted who is not on the page, unless counts make the order."""
    ids = [meetup.id for meetup in meetups]
    found = db.session.scalars(_ordered(program_id, ids, wanted).offset(start).limit(size + 1)).all()
    return Page(_lines(program_id, ids, found[:size]), start, len(found) > size)


def chunks(program_id: int, meetups: Sequence[Meetup], wanted: Wanted) -> Iterator[list[Line]]:
    """All of them, a thousand at a time."""
    ids = [meetup.id for meetup in meetups]
    for people in in_chunks(_ordered(program_id, ids, wanted)):
        yield _lines(program_id, ids, people)


def _ordered(program_id: int, meetups: Collection[int], wanted: Wanted) -> Select[int]:
    ordinal, name = cohort_in(wanted.search)
    here = [Person.program_id == program_id, Person.erased_at.is_(None)]
    here += [_of_cohort(program_id, each) for each in (wanted.cohort, ordinal) if each is not None]
    if (meant := people_search.people(name, program_id)) is not None:
        here.append(Person.id.in_(meant))
    if wanted.never_came:
        came = Registration.meetup_id.in_(meetups), Registration.admitted_at.is_not(None)
        here.append(Person.id.not_in(select(Registration.person_id).where(*came)))
    query = select(Person.id).where(*here)
    if wanted.by is By.NAME:
        return query.order_by(Person.name, Person.id)
    counted = _number(meetups, wanted.by).subquery()
    query = query.outerjoin(counted, counted.c.person_id == Person.id)
    return query.order_by(func.coalesce(counted.c.number, 0).desc(), Person.name, Person.id)


def _number(meetups: Collection[int], by: By) -> Select[*tuple[Any, ...]]:
    """By person, what the order is made by, and nothing else: of whoever has it. A meetup counts once, however often
    somebody registered for it."""
    meant = {By.CAME: Registration.admitted_at.is_not(None), By.MISSED: attendance.did_not_come()}
    return (
        select(Registration.person_id, func.count(Registration.meetup_id.distinct()).label("number"))
        .where(Registration.meetup_id.in_(meetups), meant.get(by, true()))
        .group_by(Registration.person_id)
    )


def _counted(meetups: Collection[int], people: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Of these people all three numbers, likewise: found by the person, of whom there are few."""
    meetup = Registration.meetup_id
    came = case((Registration.admitted_at.is_not(None), meetup))
    missed = case((attendance.did_not_come(), meetup))
    return (
        select(
            Registration.person_id,
            func.count(meetup.distinct()).label(By.REGISTERED.value),
            func.count(came.distinct()).label(By.CAME.value),
            func.count(missed.distinct()).label(By.MISSED.value),
        )
        .where(among(Registration.person_id, people), (meetup + 0).in_(meetups))
        .group_by(Registration.person_id)
    )


def _lines(program_id: int, meetups: Collection[int], people: Sequence[int]) -> list[Line]:
    named = select(Person.id, Person.name).where(among(Person.id, people))
    names = {row.id: row.name for row in db.session.execute(named)}
    cohorts: dict[int, list[int]] = defaultdict(list)
    entries = select(RosterEntry.person_id, Cohort.ordinal).join(Cohort, Cohort.id == RosterEntry.cohort_id)
    theirs = among(RosterEntry.person_id, people), Cohort.program_id == program_id
    for person, ordinal in db.session.execute(entries.where(*theirs).order_by(Cohort.ordinal)):
        cohorts[person].append(ordinal)
    numbers = db.session.execute(_counted(meetups, people))
    counts = {row.person_id: (row.registered, row.came, row.missed) for row in numbers}
    return [
        Line(each, names[each], cohorts[each], *counts.get(each, (0, 0, 0)))
        for each in people
        if each in names
    ]


def _of_cohort(program_id: int, ordinal: int) -> ColumnElement[bool]:
    entries = select(RosterEntry.person_id).join(Cohort, Cohort.id == RosterEntry.cohort_id)
    return Person.id.in_(entries.where(Cohort.program_id == program_id, Cohort.ordinal == ordinal))
