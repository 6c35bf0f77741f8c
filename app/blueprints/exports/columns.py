"""The columns that an attendee list can have, with headings in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel import gettext as _

from app.domain.registrations import Status
from app.models import Meetup
from app.services import door_ticks
from app.services.attendees import local, place_in_line
from app.services.exports import Column

DEFAULT = (
    "name",
    "cohort",
    "status",
    "place",
    "address",
    "phone",
    "registered_at",
    "checked_in_at",
    "reference",
)


def offered(meetup: Meetup) -> dict[str, Column]:
    """Every column by its key, in the usual order. Times are in the meetup's own zone."""
    names, places, zone = status_names(), _Places(meetup.id), meetup.timezone
    cohort = cache(cohort_name)  # translated once, not for every row
    columns = (
        Column("reference", _("Registration number"), lambda row: row.reference),
        Column("name", _("Name"), lambda row: row.name),
        Column("cohort", _("Cohort"), lambda row: cohort(row.ordinal)),
        Column("year", _("Year"), lambda row: row.year),
        Column("status", _("Status"), lambda row: names[row.status]),
        Column("companions", _("Companions"), lambda row: row.companions or None),
        Column("place", _("Place on the waitlist"), places.of),
        Column("address", _("E-mail address"), lambda row: row.address),
        Column("phone", _("Phone"), lambda row: row.phone),
        Column("certificate", _("Certificate or student number"), lambda row: row.certificate),
        Column("registered_at", _("Registered at"), lambda row: local(row.created_at, zone)),
        Column("checked_in_at", _("Checked in at"), lambda row: local(row.admitted_at, zone)),
    )
    handed = _Handed(meetup.id)
    ticks = (
        Column(f"tick:{tick}", _("Given: %(tick)s", tick=tick), handed.reader(tick, zone))
        for tick in meetup.door_ticks
    )
    return {column.key: column for column in (*columns, *ticks)}


def cohort_name(ordinal: int | None) -> str:
    return "" if ordinal is None else _("Cohort %(n)s", n=ordinal)


def status_names() -> dict[Status, str]:
    return {
        Status.CONFIRMED: _("Confirmed"),
        Status.WAITLISTED: _("Waitlisted"),
        Status.OFFERED: _("Seat offered"),
        Status.APPLIED: _("Applied"),
        Status.PENDING: _("Awaiting a list check"),
        Status.DECLINED: _("Cancelled by the organizer"),
        Status.CANCELLED: _("Cancelled"),
        Status.EXPIRED: _("Expired"),
    }


class _Handed:
    """When people got what the door gives out, looked up once and only if asked."""

    def __init__(self, meetup_id: int) -> None:
        self._meetup_id = meetup_id
        self._found: dict[int, door_ticks.Given] | None = None

    def reader(self, tick: str, zone: dt.tzinfo) -> Callable[[Any], dt.datetime | None]:
        def read(row: Any) -> dt.datetime | None:
            if self._found is None:
                self._found = door_ticks.given_of(self._meetup_id)
            return local(self._found.get(row.id, {}).get(tick), zone)

        return read


class _Places:
    """Places in line, looked up once and only if a waitlisted row comes by."""

    def __init__(self, meetup_id: int) -> None:
        self._meetup_id = meetup_id
        self._found: dict[int, int] | None = None

    def of(self, row: Any) -> int | None:
        if row.status is not Status.WAITLISTED:
            return None
        if self._found is None:
            self._found = place_in_line(self._meetup_id)
        return self._found.get(row.id)
