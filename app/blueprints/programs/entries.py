"""A cohort's roster as a list: searched, filtered, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.models import Person, RosterEntry
from app.services.alumni import people_search

A_PAGE = 50
FILTERS = ("all", "completed", "not_completed", "gone")
LONGEST_QUERY = 100


@dataclass(frozen=True)
class Page:
    """Entries `start` + 1 to `end` of `total`."""

    entries: Sequence[RosterEntry]
    number: int
    total: int

    @property
    def start(self) -> int:
        return (self.number - 1) * A_PAGE

    @property
    def end(self) -> int:
        return self.start + len(self.entries)

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.end < self.total else None


def page(cohort_id: int, *, typed: str, kind: str, number: int) -> Page:
    """Three queries, whatever the cohort's size."""
    wanted = _wanted(cohort_id, typed[:LONGEST_QUERY], kind)
    total = db.session.scalar(_of_roster(select(func.count()), wanted)) or 0
    number = max(1, min(number, -(-total // A_PAGE)))
    query = (
        _of_roster(select(RosterEntry), wanted)
        .options(
            joinedload(RosterEntry.person, innerjoin=True).selectinload(Person.addresses),
        )
        .order_by(RosterEntry.name, RosterEntry.id)
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    )
    return Page(db.session.scalars(query).all(), number, total)


def _of_roster(query: Select[Any], wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return query.select_from(RosterEntry).join(RosterEntry.person).where(*wanted)


def _wanted(cohort_id: int, typed: str, kind: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [RosterEntry.cohort_id == cohort_id]
    if kind == "completed":
        wanted.append(RosterEntry.completed.is_(True))
    elif kind == "not_completed":
        wanted.append(RosterEntry.completed.is_(False))
    elif kind == "gone":
        wanted.append(RosterEntry.gone_since_id.is_not(None))
    meant = people_search.matching(typed, RosterEntry.person_id)
    return wanted if meant is None else [*wanted, meant]
