"""What the page's address asks of the trail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app, request
from sqlalchemy import select

from app.db import db
from app.models import Meetup, Program
from app.services.auditing.trail import Wanted
from app.trail_areas import Area
from app.trail_words import acts_of

LONGEST = 100
KEYS = ("q", "what", "who", "meetup", "since", "until")


@dataclass(frozen=True)
class Asked:
    """What was asked, as typed and as the trail understands it. `faults`: dates that are none."""

    wanted: Wanted
    typed: dict[str, str]
    faults: frozenset[str]


def zone() -> ZoneInfo:
    """The installation's: days at the desk begin in it."""
    return ZoneInfo(current_app.config["SETTINGS"].DEFAULT_ZONE)


def asked_of(program: Program) -> Asked:
    """What is unknown restricts nothing; a date that is none is named in `faults`."""
    typed = {key: text for key in KEYS if (text := request.values.get(key, "").strip()[:LONGEST])}
    days = {key: _day(typed[key]) for key in ("since", "until") if key in typed}
    what = typed.get("what", "")
    return Asked(
        wanted=Wanted(
            actor=typed.get("who", ""),
            acts=acts_of(Area(what)) if what in set(Area) else frozenset(),
            search=typed.get("q", ""),
            meetup_id=_meetup_id(program, typed.get("meetup", "")),
            since=_begins(days.get("since")),
            until=_begins(days.get("until"), after=1),
        ),
        typed=typed,
        faults=frozenset(key for key, day in days.items() if day is None),
    )


def _meetup_id(program: Program, slug: str) -> int | None:
    query = select(Meetup.id).where(Meetup.program_id == program.id, Meetup.slug == slug)
    return db.session.scalar(query) if slug else None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _begins(day: dt.date | None, after: int = 0) -> dt.datetime | None:
    """When the day begins, or the one after it; a year far out is no bound."""
    if day is None or not 1970 < day.year < 9999:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=after), dt.time(), zone())
