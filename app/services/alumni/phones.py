"""By which phone somebody is reached: the one that they gave the meetup, else the latest that the programme knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.db import db
from app.models import PersonPhone
from app.reading import among


def known(person_ids: Collection[int]) -> dict[int, str]:
    """The latest of each that has any; one query."""
    query = select(PersonPhone.person_id, PersonPhone.number).order_by(PersonPhone.id)
    rows = db.session.execute(query.where(among(PersonPhone.person_id, sorted(person_ids))))
    return dict(rows.all())


class Phones:
    """A look-up for rows of registrations. `of_lists`: also what only the programme's lists know."""

    def __init__(self, *, of_lists: bool) -> None:
        self._of_lists = of_lists
        self._known: Mapping[int, str] = {}

    def prepare(self, rows: Sequence[Any], /) -> None:
        asked = {row.person_id for row in rows if not row.phone} if self._of_lists else set()
        self._known = known(asked) if asked else {}

    def of(self, row: Any) -> str | None:
        return row.phone or self._known.get(row.person_id)
