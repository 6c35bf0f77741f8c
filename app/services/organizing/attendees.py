"""A meetup's registrations: which of them a filter finds, and what lists and files show of each."""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, func, select

from app.db import db, streaming
from app.domain.door.walk_ins import Check, check_of
from app.domain.registering.registrations import Status
from app.models import Cohort, Meetup, Person, Registration, RosterEntry, Source, WalkInCheck
from app.reading import among, numbers
from app.services.alumni import attendance
from app.services.organizing.filters import NO_COHORT, Filter
from app.services.organizing.restrictions import restricted

CHUNK = 1_000
BY_COHORT = Cohort.ordinal, Person.name, Registration.rank, Registration.id


def ids(meetup_id: int, wanted: Filter, *, each: bool = False, walks_people: bool = False) -> Select[Any]:
    """A query for the ids of all of them, to be part of another.

    `each`: dear conditions are asked of each registration at hand, for an order that is walked until a page is full.
    `walks_people`: for SQLite, which would go by meetup and sort everybody; the signs keep it from that.
    """
    return restricted(select(Registration.id), meetup_id, wanted, "+" if walks_people else "", each=each)


def counts_by_status(meetup_id: int) -> dict[Status, int]:
    """How many registrations are in each state; one grouped query."""
    rows = db.session.execute(
        select(Registration.status, func.count())
        .where(Registration.meetup_id == meetup_id)
        .group_by(Registration.status)
    )
    return dict(rows.all())


def cohorts_of(meetup_id: int) -> Sequence[Cohort]:
    """The cohorts that occur among the registrations, for the filter."""
    held = select(Registration.id).where(
        Registration.meetup_id == meetup_id,
        Registration.status.in_(list(Status)),  # as the index has it
        Registration.cohort_id == Cohort.id,
    )
    program = select(Meetup.program_id).where(Meetup.id == meetup_id).scalar_subquery()
    query = select(Cohort).where(Cohort.program_id == program, held.exists())
    return db.session.scalars(query.order_by(Cohort.ordinal)).all()


def has_without_cohort(meetup_id: int) -> bool:
    """Whether anybody among the registrations has no cohort."""
    some = Registration.meetup_id == meetup_id, Registration.status.in_(list(Status))
    query = select(Registration.id).where(*some, Registration.cohort_id.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def number(meetup_id: int, wanted: Filter) -> int:
    """How many, however many they are."""
    query = restricted(select(func.count()).select_from(Registration), meetup_id, wanted)
    return db.session.scalar(query) or 0


def rows_of(ids: Sequence[int]) -> Sequence[Row[Any]]:
    """What the list shows of these registrations, in this order."""
    found = {row.id: row for row in db.session.execute(_shown().where(among(Registration.id, ids)))}
    return [found[number] for number in ids if number in found]


def chunks(
    meetup_id: int, wanted: Filter, by: Sequence[Any] = BY_COHORT
) -> Iterator[Sequence[tuple[int | None, Row[Any]]]]:
    """Every row in the order of `by`, a thousand at a time, in constant memory: sixteen bytes for each, and a thousand rows.

    With each the ordinal of its cohort as the order has it: those of one stand together, even where somebody's changes
    meanwhile.

    Who they are is read at once, what they say as their turn comes: no read transaction lasts as long as the file.
    Whoever is no longer meant by then is left out.
    """
    listed, ordinals = array("q"), array("q")
    for number, ordinal in _in_order(meetup_id, wanted, by):
        listed.append(number)
        ordinals.append(NO_COHORT if ordinal is None else ordinal)
    still = replace(wanted, search="")  # a search is dear, and finds the same people
    for start in range(0, len(listed), CHUNK):
        some = listed[start : start + CHUNK]
        query = restricted(_shown(), meetup_id, still, "+", each=True).where(among(Registration.id, some))
        rows = db.session.execute(query).all()
        places = {number: place for place, number in enumerate(some)}
        found = ((ordinals[start + places[row.id]], row) for row in sorted(rows, key=lambda r: places[r.id]))
        yield [(None if ordinal == NO_COHORT else ordinal, row) for ordinal, row in found]


def _in_order(meetup_id: int, wanted: Filter, by: Sequence[Any]) -> Iterator[Row[int, int | None]]:
    query = restricted(_shown(), meetup_id, wanted).order_by(*by)
    ids = query.with_only_columns(Registration.id, Cohort.ordinal, maintain_column_froms=True)
    with streaming() as connection:
        yield from connection.execute(ids.execution_options(yield_per=CHUNK))


class Places:
    """Places on the waitlist, from 1: a look-up for a file, of all who wait. Eight bytes for each of them."""

    def __init__(self, meetup_id: int) -> None:
        self._meetup_id = meetup_id
        self._ranks: array[int] | None = None

    def prepare(self, rows: Sequence[Any], /) -> None:
        if self._ranks is None and any(row.status is Status.WAITLISTED for row in rows):
            self._ranks = numbers(self._line())

    def of(self, row: Any) -> int | None:
        """None for whoever doesn't wait."""
        if row.status is not Status.WAITLISTED or self._ranks is None:
            return None
        return bisect_left(self._ranks, row.rank) + 1

    def _line(self) -> Select[int]:
        waiting = Registration.meetup_id == self._meetup_id, Registration.status == Status.WAITLISTED
        return select(Registration.rank).where(*waiting).order_by(Registration.rank)


def _shown() -> Select[Any]:
    certificate = (
        select(RosterEntry.certificate)
        .where(
            RosterEntry.person_id == Registration.person_id, RosterEntry.cohort_id == Registration.cohort_id
        )
        .limit(1)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Registration.id,
        Registration.person_id,
        Registration.reference,
        Registration.status,
        Registration.rank,
        Registration.address,
        Registration.phone,
        Registration.created_at,
        Registration.admitted_at,
        Registration.admitted_count,
        Registration.left_at,
        Registration.left_count,
        Registration.source,
        Person.erased_at,
        WalkInCheck.id.label("check_id"),
        WalkInCheck.person_id.label("check_person_id"),
        Registration.companions,
        Registration.companion_names,
        Registration.host_entry,
        Registration.host_listed,
        Registration.asked_for,
        Registration.coming_for,
        Registration.coming_at,
        Registration.answer_by,
        Registration.kept_for,
        Person.name,
        Cohort.ordinal,
        Cohort.year,
        certificate.label("certificate"),
        attendance.did_not_come().label("no_show"),
    )
    query: Select[Any] = select(*columns).select_from(Registration)
    query = query.join(Person, Person.id == Registration.person_id)
    query = query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    return query.outerjoin(WalkInCheck, WalkInCheck.registration_id == Registration.id)


def walk_in(meetup: Meetup, row: Any) -> Check | None:
    """Whether somebody stands behind a walk-in's word, of a row that `page` or `chunks` gave; None for all others."""
    if row.source is not Source.WALK_IN:
        return None
    decided, found = row.check_id is not None, row.check_person_id is not None
    return check_of(
        says_cohort=row.ordinal is not None and row.erased_at is None,
        verifies=meetup.door_verifies_walk_ins,
        decided=decided,
        found=found,
    )


def local(instant: dt.datetime | None, zone: dt.tzinfo) -> dt.datetime | None:
    """`instant` as wall-clock time in `zone`, without the zone: how a spreadsheet wants it."""
    return None if instant is None else instant.astimezone(zone).replace(tzinfo=None, microsecond=0)
