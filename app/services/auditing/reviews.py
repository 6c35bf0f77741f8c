"""The month's looks at personal data and what was taken away, for the owners' review (safety standard for personal data, art. 8)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.db import db, transaction
from app.models import AuditEntry
from app.services import audit

LISTS = ("attendees.listed", "unregistered.listed", "attendance.listed", "roster.listed", "trail.viewed")
ONES = ("attendee.viewed", "person.viewed")
TAKEN = (
    "attendees.exported",
    "unregistered.exported",
    "attendance.exported",
    "unregistered.phones_taken",
    "host_list.exported",
    "attendees.printed",
    "badges.printed",
    "certificates.printed",
    "message.phones_taken",
    "survey.exported",
    "trail.exported",
    "door.list_taken",
)
OF_ALL = ("backup.downloaded",)  # holds every programme's data
REVIEWED = "trail.reviewed"


@dataclass
class Line:
    """What one account or phone did in the month."""

    actor: str
    lists: int = 0  # looks at whole lists, once an hour at most for each
    ones: int = 0  # looks at one person
    taken: int = 0  # files and lists taken away


def of_month(program_id: int, since: dt.datetime, until: dt.datetime) -> list[Line]:
    """Who did it, whoever did most first; one grouped query."""
    rows = db.session.execute(
        select(AuditEntry.actor, AuditEntry.act, func.count())
        .where(*_of(program_id, (*LISTS, *ONES, *TAKEN, *OF_ALL), since, until))
        .group_by(AuditEntry.actor, AuditEntry.act)
    )
    lines: dict[str, Line] = {}
    for actor, act, number in rows:
        line = lines.setdefault(actor, Line(actor))
        line.lists += number if act in LISTS else 0
        line.ones += number if act in ONES else 0
        line.taken += number if act in (*TAKEN, *OF_ALL) else 0
    return sorted(lines.values(), key=lambda line: (-line.taken, -line.ones, -line.lists, line.actor))


def taken_away(program_id: int, since: dt.datetime, until: dt.datetime, limit: int) -> Sequence[AuditEntry]:
    """What was taken away, the newest first."""
    query = select(AuditEntry).where(*_of(program_id, (*TAKEN, *OF_ALL), since, until))
    return db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def rows_of(entry: AuditEntry) -> int:
    """How many people or rows it took; of badges, how many. 0 where it was not noted."""
    said = entry.details
    return next(
        (int(said[each]) for each in ("rows", "people", "badges") if said.get(each)),
        0,
    )


def reviews(program_id: int) -> dict[str, list[AuditEntry]]:
    """Who reviewed a month ("2026-11"), and when."""
    query = select(AuditEntry).where(
        AuditEntry.subject == f"program:{program_id}", AuditEntry.act == REVIEWED
    )
    found: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in db.session.scalars(query.order_by(AuditEntry.at)):
        found[entry.details["month"]].append(entry)
    return found


def review(program_id: int, month: str, actor: str, note: str) -> None:
    """Note that the month was looked through, and what was found."""
    with transaction() as session:
        audit.record(
            session, REVIEWED, f"program:{program_id}", actor, program_id=program_id, reason=note, month=month
        )


def _of(
    program_id: int, acts: tuple[str, ...], since: dt.datetime, until: dt.datetime
) -> tuple[ColumnElement[bool], ...]:
    of_all = and_(AuditEntry.program_id.is_(None), AuditEntry.act.in_(OF_ALL))
    return (
        or_(AuditEntry.program_id == program_id, of_all),
        AuditEntry.act.in_(acts),
        AuditEntry.at >= since,
        AuditEntry.at < until,
    )
