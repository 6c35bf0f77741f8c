"""That a staff phone is alive, and what it says of itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, update

from app.clock import now
from app.db import transaction
from app.models import Device
from app.services.door.devices import DoorPass

SEEN_EVERY = dt.timedelta(minutes=1)
TOLD_EVERY = dt.timedelta(seconds=10)  # where another number of scans waits on the phone
SILENT_AFTER = SEEN_EVERY + dt.timedelta(seconds=30)  # what a phone said longer ago may hold no more
_SEEN = update(Device).where(Device.id == bindparam("device"))


@dataclass(frozen=True, slots=True)
class Report:
    """What a phone says of itself: as of when its list is, and how many scans it has not sent yet."""

    list_made_at: dt.datetime | None = None
    scans_waiting: int | None = None


NOTHING = Report()


def note_contact(connection: Connection, door: DoorPass, at: dt.datetime, report: Report = NOTHING) -> None:
    """Remember that the phone is alive, and what it reports of itself.

    Written at most once a minute; every ten seconds while the number of its waiting scans changes, and at once
    when nothing waits any more: that ends somebody's worry, and every upload counts as a contact.
    """
    if _is_due(door, at, report):
        said = {"list_made_at": report.list_made_at, "scans_waiting": report.scans_waiting}
        values = {"last_seen_at": at} | {key: value for key, value in said.items() if value is not None}
        connection.execute(_SEEN.values(**values), {"device": door.device_id})


def seen(door: DoorPass, report: Report = NOTHING) -> None:
    """`note_contact` for a phone that only looks."""
    at = now()
    if _is_due(door, at, report):
        with transaction() as session:
            note_contact(session.connection(), door, at, report)


def is_silent(last_seen_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether nobody knows how the phone is now."""
    return last_seen_at is None or at - last_seen_at > SILENT_AFTER


def _is_due(door: DoorPass, at: dt.datetime, report: Report) -> bool:
    news = report.scans_waiting is not None and report.scans_waiting != door.scans_waiting
    relief = news and report.scans_waiting == 0 and bool(door.scans_waiting)
    since = dt.timedelta(0) if relief else TOLD_EVERY if news else SEEN_EVERY
    return door.last_seen_at is None or at - door.last_seen_at >= since
