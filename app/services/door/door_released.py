"""Whose seat was released at the door, and when: for the words to whoever comes late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, case, func, select

from app.domain.door.admission import Verdict
from app.domain.registering.registrations import Status
from app.models import Registration, RegistrationEvent
from app.prepared import KeyedSelect

_registration, _event = Registration.__table__, RegistrationEvent.__table__
_RELEASED = (
    _event.c.before == Status.CONFIRMED,
    _event.c.after == Status.WAITLISTED,  # nothing else leads from a seat to the waitlist
)
_RELEASES = KeyedSelect(
    select(_event.c.registration_id, _event.c.at).where(*_RELEASED), _event.c.registration_id
)
# In a statement about registrations: since when somebody who waits has lost their seat at the door.
RELEASED_AT = case(
    (
        _registration.c.status == Status.WAITLISTED,
        select(func.max(_event.c.at))
        .where(_event.c.registration_id == _registration.c.id, *_RELEASED)
        .correlate(_registration)
        .scalar_subquery(),
    )
).label("released_at")


def of(connection: Connection, ids: Collection[int]) -> dict[int, list[dt.datetime]]:
    """When the seats of these registrations were released."""
    found: dict[int, list[dt.datetime]] = {}
    for row in _RELEASES.rows(connection, ids):
        found.setdefault(row.registration_id, []).append(row.at)
    return found


def last(verdict: Verdict, at: dt.datetime, releases: Collection[dt.datetime]) -> dt.datetime | None:
    """Why somebody who had a seat was on the waitlist `at` that time, where they were."""
    past = [each for each in releases if each <= at]
    return max(past) if past and verdict is Verdict.WAITLISTED else None
