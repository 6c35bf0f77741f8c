"""Whom a search of the attendee list means, but the list does not show: so that nobody who exists is said not to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.registering.registrations import ENDED, Status
from app.models import Person, Registration
from app.reading import planned_anew
from app.services.organizing.filters import Filter
from app.services.organizing.people_pages import Page, ids_of

NAMED = 5


@dataclass(frozen=True)
class Hidden:
    """The first of them by name. `ended`: the list would show them, had their registration not ended."""

    number: int
    names: Sequence[str]
    ended: bool


def hidden(meetup_id: int, wanted: Filter, found: Page, meant: Sequence[int] | None) -> Hidden | None:
    """At most one query, and none where the list has several pages or the search means many (`people_pages.searched`). Of an
    empty list that is filtered besides, whomever the search means; otherwise those whose registration has ended."""
    if not meant or found.earlier or found.later:
        return None
    searched = Filter(search=wanted.search, given_only=wanted.given_only)
    if not found.rows and wanted != searched:
        return _named(meetup_id, replace(searched, statuses=frozenset(Status)), meant, ended=False)
    if wanted.statuses or wanted.reply:
        return None
    return _named(meetup_id, replace(wanted, statuses=ENDED), meant, ended=True)


def _named(meetup_id: int, wanted: Filter, meant: Sequence[int], *, ended: bool) -> Hidden | None:
    query = (
        select(Person.name, func.count().over())
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.id.in_(ids_of(meetup_id, wanted, meant)))
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    if ended:
        place = aliased(Registration)
        here = place.meetup_id == meetup_id, place.person_id == Person.id, place.status.not_in(ENDED)
        query = query.where(~select(place.id).where(*here).exists())
    with planned_anew():
        rows = db.session.execute(query.limit(NAMED)).all()
    return Hidden(rows[0][1], [name for name, _ in rows], ended) if rows else None
