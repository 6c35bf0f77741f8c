"""Lists of a meetup's people for paper: who has a seat, by name. Each print is noted with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from app.services.organizing.attendees import Filter
from app.services.organizing.attendees_search import hint_of
from app.services.organizing.stored_filters import kinds

ACT = "attendees.printed"
MOST = 20_000
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
    """Name, companions, cohort and entry of those who are meant; the print is noted before anything leaves. Address and phone
    are for `hints`, not for the paper."""
    wanted = order.filter
    found = select(Registration.id).where(
        Registration.id.in_(attendees.ids(meetup.id, wanted)), Registration.status.in_(sorted(ACTIVE))
    )
    number = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if number > MOST:
        raise DomainError("list_too_long", limit=MOST)
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
        Registration.address,
        Registration.phone,
        Cohort.ordinal,
        Cohort.name_ko,
        Cohort.name_en,
    )
    query = select(*columns).select_from(Registration).join(Person, Person.id == Registration.person_id)
    query = query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    return db.session.execute(query.where(Registration.id.in_(found), Person.erased_at.is_(None))).all()


def hints(rows: Sequence[Any]) -> list[str]:
    """For each row what tells it from others of its name and cohort, as at the door; empty where there is no other."""
    same = Counter(_called(row) for row in rows)
    return [(hint_of(row) or "") if same[_called(row)] > 1 else "" for row in rows]


def _called(row: Any) -> tuple[str, int | None]:
    return name_key(row.name), row.ordinal
