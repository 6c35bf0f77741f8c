"""The columns that an attendee list can have, with headings in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app import host_words
from app.blueprints.exports import answer_columns, fee_columns, mail_columns
from app.blueprints.exports.wording import WALK_INS
from app.domain.registering import still_coming
from app.domain.registering.companion_names import CompanionNames
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import Answer, Reply, answer
from app.domain.registering.tags import written
from app.domain.revising.cells import folded
from app.i18n import LOCALES
from app.models import Meetup
from app.people_choice import consent_names
from app.services.alumni import attendance
from app.services.alumni.phones import Phones
from app.services.door import door_ticks
from app.services.meeting import tables
from app.services.organizing import desk_notes, tags
from app.services.organizing.attendees import Places, local, walk_in
from app.services.organizing.exports import ByRegistration, Column
from app.services.registering import consents
from app.services.revising.row_values import Marks

DEFAULT = (
    "name",
    "cohort",
    "status",
    "place",
    "address",
    "phone",
    "registered_at",
    "checked_in_at",
    "mark",
)
ALWAYS = frozenset({"reference"})
"""By which a row is known, whatever else a file has of it."""


def offered(meetup: Meetup, *, of_lists: bool) -> dict[str, Column]:
    """Every column by its key, in the usual order. Times are in the meetup's own zone.

    `of_lists`: also what only the programme's lists say of a person.
    """
    phones = Phones(of_lists=of_lists)
    names, places, zone, heads = status_names(), Places(meetup.id), meetup.timezone, _read_back()
    cohort = cache(cohort_name)  # translated once, not for every row
    listed = Column("certificate", heads["certificate"], lambda row: row.certificate, is_text=True)
    columns = (
        Column("reference", heads["reference"], lambda row: row.reference, is_text=True),
        Column("name", heads["name"], lambda row: row.name, is_text=True),
        Column(
            "cohort",
            heads["cohort"],
            lambda row: cohort(row.ordinal),
            code=lambda row: row.ordinal,
            is_text=True,
        ),
        Column("year", _("Year"), lambda row: row.year),
        Column(
            "status",
            heads["status"],
            lambda row: names[row.status],
            code=lambda row: row.status.value,
            is_text=True,
        ),
        Column("companions", _("Companions"), lambda row: row.companions or None),
        *_names_of_companions(meetup),
        Column("place", _("Place on the waitlist"), places.of, (places,)),
        Column("address", heads["address"], lambda row: row.address, is_text=True),
        Column("phone", heads["phone"], phones.of, (phones,), is_text=True),
        *((listed,) if of_lists else ()),
        Column("registered_at", _("Registered at"), lambda row: local(row.created_at, zone)),
        Column("walk_in", _("Walk-in"), partial(_walk_in, meetup)),
        Column("checked_in_at", _("Checked in at"), lambda row: local(row.admitted_at, zone)),
    )
    exits = (
        Column("in_now", _("In now"), _in_now),
        Column("left_at", _("Left at"), lambda row: local(row.left_at, zone)),
    )
    coming = Column("coming_at", _("Said “still coming” at"), partial(_said_coming, meetup))
    replied = Column("reply", _("Still coming?"), _reply(meetup))
    handed = ByRegistration(door_ticks.given_to)
    ticks = (
        Column(f"tick:{tick}", _("Given: %(tick)s", tick=tick), _handed(handed, tick, zone), (handed,))
        for tick in meetup.door_ticks
    )
    agreed = ByRegistration(consents.given_by)
    called, noted = ByRegistration(tags.of_registrations), ByRegistration(desk_notes.of_registrations)
    marks = Marks(phones, called, noted)
    own = (
        Column(
            "tags",
            heads["tags"],
            lambda row: written(called.of(row) or ()) or None,
            (called,),
            called.of,
            is_text=True,
        ),
        Column("note", heads["note"], noted.of, (noted,), is_text=True),
        Column("mark", heads["mark"], marks.of, marks.of_these, is_text=True),
    )
    boxes = (
        Column(f"consent:{key}", _("Consent: %(label)s", label=label), _agreed(agreed, key), (agreed,))
        for key, label in consent_names(meetup).items()
    )
    entry = Column("host_entry", _("Larger event"), _host_entry, code=lambda row: row.host_entry)
    listed = Column("host_listed", _("On the host's list"), _host_listed, code=lambda row: row.host_listed)
    hosted = (entry, listed) if meetup.has_host_event else ()
    table = ByRegistration(tables.numbers_of)
    sits = (Column("table", _("Table"), table.of, (table,)),) if tables.of_meetup(meetup.id) else ()
    came = exits if meetup.door_tracks_exits else ()
    attended = Column("attendance", _("Attendance"), _attended())
    known = (attended,) if attendance.no_shows(meetup) is not None else ()
    asked = (replied, coming) if meetup.asks_who_comes else ()
    of_desk = (
        *columns,
        *known,
        *sits,
        *hosted,
        *asked,
        *came,
        *fee_columns.offered(meetup),
        mail_columns.offered(),
        *ticks,
        *boxes,
    )
    taken = _taken() | {folded(column.heading) for column in (*of_desk, *own)}
    return {column.key: column for column in (*of_desk, *answer_columns.offered(meetup, taken), *own)}


def _read_back() -> dict[str, str]:
    """The headings by which an edited list is read again."""
    return {
        "reference": _("Registration number"),
        "name": _("Name"),
        "cohort": _("Cohort"),
        "status": _("Status"),
        "address": _("E-mail address"),
        "phone": _("Phone"),
        "certificate": _("Certificate or student number"),
        "tags": _("Tags"),
        "note": _("Note"),
        "mark": _("For bringing back (leave as it is)"),
    }


def _taken() -> set[str]:
    """The same, folded, in every language: no other column may be headed so."""
    found: set[str] = set()
    for locale in LOCALES:
        with force_locale(locale):
            found |= {folded(heading) for heading in _read_back().values()}
    return found


def _said_coming(meetup: Meetup, row: Any) -> dt.datetime | None:
    """When they said yes to the time and place as they are now."""
    return local(row.coming_at, meetup.timezone) if row.coming_for == meetup.appointment else None


def answer_of(meetup: Meetup, row: Any) -> Answer:
    """What they said about the time and place as they are now."""
    asks = meetup.asks_who_comes
    return answer(meetup.appointment, asks=asks, asked_for=row.asked_for, coming_for=row.coming_for)


def released_at(meetup: Meetup, row: Any) -> dt.datetime | None:
    """When this person's seat is released unless they answer."""
    if row.status is not Status.CONFIRMED or row.admitted_at:
        return None
    kept = row.kept_for == meetup.appointment
    return still_coming.released_at(
        answer_of(meetup, row),
        releases=meetup.release_hours is not None,
        answer_by=row.answer_by,
        kept=kept,
    )


def _reply(meetup: Meetup) -> Callable[[Any], str | None]:
    """What they said to the question if they still come, in words that are looked up once for a file."""
    words = {Reply.YES: _("yes"), Reply.NO: _("no"), Reply.NONE: _("no answer")}

    def told(row: Any) -> str | None:
        if row.status not in {Status.CONFIRMED, Status.CANCELLED}:
            return None
        found = still_coming.reply(
            answer_of(meetup, row),
            cancelled=row.status is Status.CANCELLED,
            asked=row.asked_for == meetup.appointment,
        )
        return None if found is None else words[found]

    return told


def _attended() -> Callable[[Any], str | None]:
    """Came or not, for who had a seat to the end."""
    came, absent = _("came"), _("did not come")
    return lambda row: came if row.admitted_at else absent if row.no_show else None


def _walk_in(meetup: Meetup, row: Any) -> str | None:
    """How a walk-in stands; empty for whoever registered."""
    check = walk_in(meetup, row)
    return str(WALK_INS[check][0]) if check else None


def _names_of_companions(meetup: Meetup) -> tuple[Column, ...]:
    if meetup.companion_names is CompanionNames.NONE:
        return ()
    names = Column(
        "companion_names",
        _("Names of companions"),
        lambda row: ", ".join(filter(None, row.companion_names)) or None,
    )
    return (names,)


def _host_entry(row: Any) -> str | None:
    """What they said of their place at the larger event."""
    return str(host_words.TOLD[row.host_entry]) if row.host_entry else None


def _host_listed(row: Any) -> str | None:
    return str(host_words.LISTED[row.host_listed]) if row.host_listed else None


def _in_now(row: Any) -> int | None:
    """How many people of a registration that came are in."""
    return row.admitted_count - row.left_count if row.admitted_at else None


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


def _agreed(looked_up: ByRegistration[dict[str, bool]], key: str) -> Callable[[Any], str | None]:
    """Whether they consent; empty for whoever was never asked."""
    words = {True: _("yes"), False: _("no"), None: None}
    return lambda row: words[(looked_up.of(row) or {}).get(key)]


def _handed(
    looked_up: ByRegistration[door_ticks.Given], tick: str, zone: dt.tzinfo
) -> Callable[[Any], dt.datetime | None]:
    """When they got what the door gives out."""
    return lambda row: local((looked_up.of(row) or {}).get(tick), zone)
