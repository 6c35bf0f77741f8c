"""Until when each meetup keeps personal data: read from its notices, and set at the meetup so that the worker finds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db
from app.domain.destruction import SHOWN_NONE, WARNED_BEFORE, Promise, due_at, kept_until
from app.domain.registering.notices import Notice
from app.models import Destruction, Meetup, NoticeVersion, Person, Registration


def follow(session: Session, meetup: Meetup) -> None:
    """Set anew when the worker looks; for whoever changes the meetup's end or its notice, and after each step."""
    days = remaining(session, meetup)
    meetup.destroys_at = due_at(min(days.values()), meetup.timezone) if days else None


def remaining(session: Session, meetup: Meetup) -> dict[int, dt.date]:
    """The last day by version of the notice, of what is still there; `SHOWN_NONE` until everything is gone."""
    shown = _shown(session, meetup)
    days = kept_until(_promises(session, meetup), shown, meetup.ends_at)
    return days if shown or not is_destroyed(session, meetup) else {}


def last_day(meetup: Meetup) -> dt.date | None:
    """The day after whose end the next data goes; None: nothing is left, or nobody was told a day. Asks nothing."""
    goes = meetup.destroys_at
    return None if goes is None else meetup.local(goes).date() - dt.timedelta(days=1)


def is_near(meetup: Meetup) -> bool:
    """Whether it is time to take along what is needed."""
    return meetup.destroys_at is not None and meetup.destroys_at - WARNED_BEFORE <= now()


def is_destroyed(session: Session, meetup: Meetup) -> bool:
    """Whether what belongs to no registration is gone."""
    done = select(Destruction.id).where(
        Destruction.meetup_id == meetup.id, Destruction.is_whole, Destruction.done_at.is_not(None)
    )
    return session.scalar(done.limit(1)) is not None


def due_versions(session: Session, meetup: Meetup) -> list[int]:
    """Those whose last day is over."""
    days = remaining(session, meetup)
    return sorted(version for version, day in days.items() if due_at(day, meetup.timezone) <= now())


def log_of(meetup: Meetup) -> Sequence[Destruction]:
    """What was destroyed of this meetup, the latest first."""
    query = select(Destruction).where(Destruction.meetup_id == meetup.id)
    return db.session.scalars(query.order_by(Destruction.id.desc())).all()


def log_of_program(program_id: int, limit: int) -> Sequence[tuple[Destruction, Meetup]]:
    """The latest steps of all meetups."""
    query = select(Destruction, Meetup).join(Meetup, Meetup.id == Destruction.meetup_id)
    rows = db.session.execute(
        query.where(Meetup.program_id == program_id).order_by(Destruction.id.desc()).limit(limit)
    )
    return [(row.Destruction, row.Meetup) for row in rows]


def _promises(session: Session, meetup: Meetup) -> list[Promise]:
    versions = session.scalars(select(NoticeVersion).where(NoticeVersion.meetup_id == meetup.id))
    ends = meetup.local(meetup.ends_at)
    return [Promise(row.version, row.created_at, Notice.of(row.content).kept_until(ends)) for row in versions]


def _shown(session: Session, meetup: Meetup) -> set[int]:
    """The versions that people were shown whose names are still there."""
    rows = session.scalars(
        select(Registration.notice_version)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.meetup_id == meetup.id, Person.erased_at.is_(None))
        .distinct()
    )
    return {version or SHOWN_NONE for version in rows}
