"""Finding people at the door: by name in every way people type it, address, or the end of a phone number.

Only this meetup's registrations are ever looked at; those who can come in stand first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, case, or_, select

from app.db import db
from app.domain.registering.registrations import ENDED, Status
from app.domain.writing.cohort_words import cohort_in
from app.domain.writing.names import matches, name_key, query_key, search_key
from app.models import Cohort, Person, Registration
from app.services.alumni import people_search

FOUND = 30
LISTED = 500
_ORDER = {Status.CONFIRMED: 0, **dict.fromkeys(ENDED, 2)}
_RANKING = case(_ORDER, value=Registration.status, else_=1)


@dataclass(frozen=True, slots=True)
class Attendee:
    """A line of the door's list. `hint` tells people of one name apart, without telling who they are, or says by which
    companion somebody was found."""

    reference: str
    name: str
    cohort: int | None
    status: Status
    admitted_at: dt.datetime | None
    left_at: dt.datetime | None = None  # all who came in on this ticket are out again
    hint: str | None = None

    @property
    def is_in(self) -> bool:
        return self.admitted_at is not None and self.left_at is None


def search(meetup_id: int, text: str) -> tuple[list[Attendee], bool]:
    """At most 30 people, and whether there are more."""
    meant = people_search.registered(text, meetup_id)
    if meant is None:
        return [], False
    rows = once_each(db.session.execute(_base(meetup_id).where(meant).limit(4 * FOUND)).all())
    return _attendees(rows[:FOUND], text), len(rows) > FOUND


def of_cohort(meetup_id: int, ordinal: int | None) -> tuple[list[Attendee], bool]:
    """Everyone of a cohort (None: of none) who may come or has come, by name."""
    of_it = Cohort.ordinal.is_(None) if ordinal is None else Cohort.ordinal == ordinal
    there = or_(Registration.status.not_in(ENDED), Registration.admitted_at.is_not(None))
    rows = once_each(db.session.execute(_base(meetup_id).where(of_it, there).limit(LISTED + 1)).all())
    listed = sorted(rows[:LISTED], key=lambda row: row.name)
    return _attendees(listed), len(rows) > LISTED


def _base(meetup_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Registration.person_id,
            Registration.reference,
            Registration.status,
            Registration.admitted_at,
            Registration.admitted_count,
            Registration.left_at,
            Registration.left_count,
            Registration.address,
            Registration.phone,
            Registration.companion_names,
            Person.name,
            Cohort.ordinal,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .where(Registration.meetup_id == meetup_id)
        .order_by(_RANKING, Person.name, Registration.id.desc())
    )


def once_each(rows: Sequence[Any]) -> list[Any]:
    """One line a person: whoever cancelled and came back stands in the list once, as they are now."""
    lines: dict[int, Any] = {}
    for row in rows:
        lines.setdefault(row.person_id, row)
    return list(lines.values())


def _attendees(rows: Sequence[Any], text: str = "") -> list[Attendee]:
    namesakes = Counter(name_key(row.name) for row in rows)
    found = []
    for row in rows:
        hint = hint_of(row) if namesakes[name_key(row.name)] > 1 else None
        found.append(replace(_attendee(row), hint=companions_meant(row, text) or hint))
    return found


def companions_meant(row: Any, text: str) -> str | None:
    """The companions by whose names the search meant this row, "+ 박두리"; None where it meant the person."""
    asked = query_key(cohort_in(text)[1])
    if not row.companion_names or matches(asked, search_key(row.name)):
        return None
    meant = [name for name in row.companion_names if name and matches(asked, search_key(name))]
    return f"+ {', '.join(meant)}" if meant else None


def _attendee(row: Any) -> Attendee:
    left_at = row.left_at if row.left_count >= row.admitted_count else None
    return Attendee(row.reference, row.name, row.ordinal, row.status, row.admitted_at, left_at)


def hint_of(row: Any) -> str | None:
    """The end of the phone number, or the address with most of it hidden."""
    if end := phone_end(row.phone):
        return end
    if not row.address:
        return None
    local, _, domain = row.address.rpartition("@")
    return f"{local[:2]}···@{domain}"


def phone_end(phone: str | None) -> str:
    """Empty of what is too short to show a part of it."""
    digits = [c for c in phone or "" if c.isdigit()]
    return f"···{''.join(digits[-4:])}" if len(digits) >= 8 else ""
