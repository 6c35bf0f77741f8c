"""Pages of the attendee list in any order, by the row where one ended: a page costs the same wherever it is.

First the ids, in order and narrow, then what the page shows of these few. The order's own value is read anew from the
row that a page ended with, so that no address of a page has a name in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, String, case, func, literal, select, tuple_, type_coerce, union_all

from app.db import db
from app.domain.registering.registrations import Status
from app.models import Cohort, Meetup, Person, Registration
from app.reading import among, planned_anew
from app.services.organizing import attendees
from app.services.organizing.filters import Filter

COUNTED = 1_000
_LINE = [
    Status.CONFIRMED,
    Status.OFFERED,
    Status.WAITLISTED,
    Status.APPLIED,
    Status.PENDING,
    Status.CANCELLED,
    Status.DECLINED,
    Status.EXPIRED,
]
_WAITS = Registration.status == Status.WAITLISTED


@dataclass(frozen=True)
class Sort:
    """By what; equal ones by their number, and those of whom it is `empty` last, whichever way it runs."""

    value: Any
    joins: Any = None  # what the query needs besides the registration
    empty: Any = None

    def keys(self, *, falls: bool) -> list[Any]:
        if self.joins is Person:
            return [self.value, Person.id, Registration.id]
        if self.empty is None:
            return [self.value, Registration.id]
        last, first = (0, 1) if falls else (1, 0)
        return [case((self.empty, last), else_=first), self.value, Registration.id]


def _at(column: Any) -> Sort:
    return Sort(func.coalesce(column, Registration.created_at), empty=column.is_(None))


def _text(column: Any) -> Sort:
    return Sort(func.coalesce(column, ""), empty=column.is_(None))


def _of_cohort(column: Any) -> Sort:
    return Sort(func.coalesce(column, 0), Cohort, empty=Cohort.id.is_(None))


SORTS: Mapping[str, Sort] = {
    "name": Sort(Person.name, Person),
    "cohort": _of_cohort(Cohort.ordinal),
    "year": _of_cohort(Cohort.year),
    "status": Sort(case({state: n for n, state in enumerate(_LINE)}, value=Registration.status, else_=9)),
    "companions": Sort(Registration.companions),
    "place": Sort(Registration.rank, empty=~_WAITS),
    "address": Sort(Registration.address),
    "registered_at": Sort(Registration.created_at),
    "checked_in_at": _at(Registration.admitted_at),
    "left_at": _at(Registration.left_at),
    "coming_at": _at(Registration.coming_at),
    "host_entry": _text(type_coerce(Registration.host_entry, String)),
    "host_listed": _text(type_coerce(Registration.host_listed, String)),
    "walk_in": Sort(Registration.source),
    "reference": Sort(Registration.reference),
}
"""By the keys of their columns. Not by phone: the one that is shown may be that of a list."""


@dataclass(frozen=True)
class Order:
    by: str = "name"
    falls: bool = False

    @classmethod
    def read(cls, text: str) -> Order:
        """ "name" or "-name"; what is unknown is the usual order."""
        by = text.removeprefix("-")
        return cls(by, text.startswith("-")) if by in SORTS else cls()

    def __str__(self) -> str:
        return f"-{self.by}" if self.falls else self.by


@dataclass(frozen=True)
class Edge:
    """Where a page begins: after this registration (by its reference), or before it."""

    reference: str
    before: bool = False


@dataclass(frozen=True)
class Page:
    """`earlier`, `later`: whether there are others on that side. `total`: of all pages; None: more than `COUNTED`."""

    rows: Sequence[Row[Any]]
    earlier: bool
    later: bool
    total: int | None


def searched(meetup_id: int, wanted: Filter) -> Sequence[int] | None:
    """Whom the search means, in whatever state: for `page` and for whom it leaves out, as a search is dear. None where nothing
    is searched for, or it means many."""
    if not wanted.search:
        return None
    anybody = Filter(frozenset(Status), search=wanted.search, given_only=wanted.given_only)
    with planned_anew():
        query = attendees.ids(meetup_id, anybody).limit(COUNTED + 1)
        found: Sequence[int] = db.session.scalars(query).all()
    return found if len(found) <= COUNTED else None


def page(
    meetup_id: int,
    wanted: Filter,
    order: Order | None = None,
    *,
    size: int,
    edge: Edge | None = None,
    meant: Sequence[int] | None = None,
) -> Page:
    """At most four queries. From the start where the edge's registration is gone. `meant`: as `searched` says it.

    Who is meant is looked for once where they are few; of many nobody is counted, and the order is walked along.
    """
    order = order or Order()
    bound = _bound(meetup_id, order, edge)
    backwards = bound is not None and edge is not None and edge.before
    with planned_anew():
        few: Sequence[int] = db.session.scalars(ids_of(meetup_id, wanted, meant).limit(COUNTED + 1)).all()
        total = len(few) if len(few) <= COUNTED else None
        listed = _these(few) if total is not None else _walked(meetup_id, wanted, order)
        page = _ids(listed, order, bound, backwards=backwards).limit(size + 1)
        found: Sequence[int] = db.session.scalars(page).all()
    ids, more = found[:size], len(found) > size
    rows = attendees.rows_of(ids[::-1] if backwards else ids)
    earlier, later = (more, True) if backwards else (bound is not None, more)
    return Page(rows, earlier, later, total)


def places(meetup_id: int, rows: Sequence[Any]) -> dict[int, int]:
    """Places on the waitlist of those of the rows that wait, from 1: the line is counted through once, up to the last."""
    waiting = sorted((row.rank, row.id) for row in rows if row.status is Status.WAITLISTED)
    if not waiting:
        return {}
    line = select(func.count()).where(Registration.meetup_id == meetup_id, _WAITS)
    steps, below = [], -1
    for rank, _ in waiting:
        steps.append(
            line.add_columns(literal(rank)).where(Registration.rank > below, Registration.rank <= rank)
        )
        below = rank
    numbers = {rank: number for number, rank in db.session.execute(union_all(*steps)).all()}
    found, place = {}, 0
    for rank, registration in waiting:
        place += numbers[rank]
        found[registration] = place
    return found


def ids_of(meetup_id: int, wanted: Filter, meant: Sequence[int] | None) -> Select[Any]:
    """`meant`: whom its search means, where that is known."""
    if meant is None:
        return attendees.ids(meetup_id, wanted)
    return attendees.ids(meetup_id, replace(wanted, search="")).where(among(Registration.id, meant))


def _these(ids: Sequence[int]) -> Select[Any]:
    return select(Registration.id).where(among(Registration.id, ids))


def _walked(meetup_id: int, wanted: Filter, order: Order) -> Select[Any]:
    """The registrations that are meant, for an order that is walked along until a page is full."""
    if SORTS[order.by].joins is not Person:
        return attendees.ids(meetup_id, wanted, each=True)
    program = select(Meetup.program_id).where(Meetup.id == meetup_id).scalar_subquery()
    by_name = attendees.ids(meetup_id, wanted, each=True, walks_people=db.engine.dialect.name == "sqlite")
    return by_name.where(Person.program_id == program)


def _ids(meant: Select[Any], order: Order, bound: Any, *, backwards: bool) -> Select[Any]:
    sort, falls = SORTS[order.by], order.falls != backwards
    keys = sort.keys(falls=order.falls)
    query: Select[Any] = _joined(meant, sort)
    if bound is not None:
        here, edge = tuple_(*keys), tuple(bound)
        query = query.where(here < edge if falls else here > edge)
        if sort.joins is Person:  # said of the people alone too: their index is walked from there
            person, its = tuple_(*keys[:2]), edge[:2]
            query = query.where(person <= its if falls else person >= its)
    return query.order_by(*(key.desc() if falls else key for key in keys))


def _bound(meetup_id: int, order: Order, edge: Edge | None) -> Any:
    """The edge's own place in the order."""
    if edge is None:
        return None
    sort = SORTS[order.by]
    query = _joined(select(*sort.keys(falls=order.falls)).select_from(Registration), sort)
    here = Registration.meetup_id == meetup_id, Registration.reference == edge.reference
    return db.session.execute(query.where(*here)).one_or_none()


def _joined(query: Any, sort: Sort) -> Any:
    if sort.joins is Person:
        return query.join(Person, Person.id == Registration.person_id)
    if sort.joins is Cohort:
        return query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    return query
