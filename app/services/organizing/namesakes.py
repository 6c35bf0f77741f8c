"""Some people of a meetup, named so that nobody takes one for another: as lists on paper tell namesakes apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db
from app.domain.registering.registrations import ENDED
from app.models import Cohort, Person, Registration
from app.reading import among
from app.services.organizing.paper_lists import hints


@dataclass(frozen=True, slots=True)
class Named:
    """`hint`: "" unless another at the meetup has the name and the cohort."""

    name: str
    ordinal: int | None
    hint: str


def named(meetup_id: int, ids: Sequence[int]) -> list[Named]:
    """These, in this order; told apart from namesakes who are not among them, too. Two queries."""
    theirs = _rows(among(Registration.id, ids))
    names = {row.name for row in theirs}
    others = _rows(
        Registration.meetup_id == meetup_id, Registration.status.not_in(ENDED), Person.name.in_(names)
    )
    rows = list({row.id: row for row in (*theirs, *others)}.values())
    known = {row.id: Named(row.name, row.ordinal, hint) for row, hint in zip(rows, hints(rows), strict=True)}
    return [known[number] for number in ids if number in known]


def _rows(*which: Any) -> Sequence[Any]:
    columns = Registration.id, Registration.reference, Registration.phone, Person.name, Cohort.ordinal
    query = select(*columns).join(Person, Person.id == Registration.person_id)
    query = query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    return db.session.execute(query.where(*which)).all()
