"""That a staff phone is alive, and what it says of itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, update

from app.clock import now
from app.db import transaction
from app.models import Device
from app.services.devices import DoorPass

SEEN_EVERY = dt.timedelta(minutes=1)
TOLD_EVERY = dt.timedelta(seconds=10)  # where another number of scans waits on the phone
_SEEN = update(Device).where(Device.id == bindparam("device"))


def note_contact(connection: Connection, door: DoorPass, at: dt.datetime) -> None:
    """Remember that the phone is alive; written at most once a minute."""
    if door.last_seen_at is None or at - door.last_seen_at >= SEEN_EVERY:
        connection.execute(_SEEN.values(last_seen_at=at), {"device": door.device_id})


@dataclass(frozen=True, slots=True)
class Report:
    """What a phone says of itself: as of when its list is, and how many scans it has not sent yet."""

    list_made_at: dt.datetime | None = None
    scans_waiting: int | None = None


def seen(door: DoorPass, report: Report | None = None) -> None:
    """`note_contact` for a phone that only looks, and what it reports of itself.

    Written at most once a minute; every ten seconds while the number of its waiting scans changes, and at once
    when nothing waits any more: that ends somebody's worry, and every upload counts as a contact.
    """
    at, told = now(), report or Report()
    news = told.scans_waiting is not None and told.scans_waiting != door.scans_waiting
    relief = news and told.scans_waiting == 0 and bool(door.scans_waiting)
    since = dt.timedelta(0) if relief else TOLD_EVERY if news else SEEN_EVERY
    if door.last_seen_at is None or at - door.last_seen_at >= since:
        said = {"list_made_at": told.list_made_at, "scans_waiting": told.scans_waiting}
        values = {"last_seen_at": at} | {key: value for key, value in said.items() if value is not None}
        with transaction() as session:
            session.connection().execute(_SEEN.values(**values), {"device": door.device_id})
