"""Lists of a meetup's people for paper: who has a seat, by name. Each print is noted with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, func, select

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.writing.names import name_key
from app.models import Cohort, Meetup, Person, Registration
from app.services import audit
from app.services.organizing import attendees
from app.services.organizing.attendees_search import phone_end
from app.services.organizing.filters import Filter
from app.services.organizing.stored_filters import kinds

ACT = "attendees.printed"
MOST = 20_000
SHORTEST_TAIL = 2
"""People on one list."""


@dataclass(frozen=True, slots=True)
class Order:
    """Whose lines, and why. `kind` is what the records say."""

    kind: str
    cohorts: frozenset[int]
    reason: str
    came_only: bool = False
    wanted: Filter | None = None  # what else restricts the list; None: everybody with a seat

    @property
    def filter(self) -> Filter:
        found = self.wanted or Filter(frozenset({Status.CONFIRMED}))
        arrived = True if self.came_only else found.arrived
        return replace(found, cohorts=found.cohorts or self.cohorts, arrived=arrived)


def people(meetup: Meetup, order: Order, actor: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Name, companions, cohort and entry of those who are meant; the print is noted before anything leaves. Who it is and
    their phone are for `hints`, not for the paper. Refused where a filter leaves nobody."""
    wanted = order.filter
    found = (
        select(Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.id.in_(attendees.ids(meetup.id, wanted)),
            Registration.status.in_(sorted(ACTIVE)),
            Person.erased_at.is_(None),
        )
    )
    number = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if number > MOST:
        raise DomainError("list_too_long", limit=MOST)
    if order.wanted is not None and not number:
        raise DomainError("nobody_on_list")
    with transaction() as session:
        audit.record(
            session,
            ACT,
            meetup,
            actor,
            program_id=meetup.program_id,
            kind=order.kind,
            rows=number,
            cohorts=sorted(wanted.cohorts),
            restricted_by=kinds(order.wanted, besides=("statuses", "cohorts")),
            reason=order.reason,
        )
    columns: tuple[Any, ...] = (
        Person.name,
        Registration.companions,
        Registration.companion_names,
        Registration.admitted_at,
        Registration.admitted_count,
        Registration.person_id,
        Registration.reference,
        Registration.phone,
        Cohort.ordinal,
        Cohort.name_ko,
        Cohort.name_en,
    )
    query = select(*columns).select_from(Registration).join(Person, Person.id == Registration.person_id)
    query = query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    return db.session.execute(query.where(Registration.id.in_(found))).all()


def hints(rows: Sequence[Any]) -> list[str]:
    """For each row what tells it from others of its name and cohort, empty where there is no other: the end of the phone
    number or, where that tells nothing apart, the registration number. The sheet is
    passed round: a phone that only the lists know is not for it."""
    same = Counter(_called(row) for row in rows)
    alike = [row for row in rows if same[_called(row)] > 1]
    ends = {row.reference: phone_end(row.phone) for row in alike}
    often = Counter((_called(row), ends[row.reference]) for row in alike)
    return [_hint(row, ends, often) for row in rows]


def hints_for_all_to_see(rows: Sequence[Any]) -> list[str]:
    """The same for a wall: no more of each than tells it from the others, two signs at least."""
    found = [hint.lstrip("·") for hint in hints(rows)]
    alike: dict[Any, list[str]] = defaultdict(list)
    for row, hint in zip(rows, found, strict=True):
        alike[_called(row)].append(hint)
    return [hint and f"···{_tail(hint, alike[_called(row)])}" for row, hint in zip(rows, found, strict=True)]


def _tail(hint: str, of: Sequence[str]) -> str:
    lengths = range(SHORTEST_TAIL, len(hint))
    enough = (length for length in lengths if sum(other.endswith(hint[-length:]) for other in of) == 1)
    return hint[-next(enough, len(hint)) :]


def _hint(row: Any, ends: Mapping[str, str], often: Mapping[Any, int]) -> str:
    if row.reference not in ends:
        return ""
    end = ends[row.reference]
    return end if end and often[_called(row), end] == 1 else str(row.reference)


def _called(row: Any) -> tuple[str, int | None]:
    return name_key(row.name), row.ordinal
