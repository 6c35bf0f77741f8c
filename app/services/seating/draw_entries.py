"""Who is in a draw: pseudonyms while one can enter, and the published list once the deadline has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import now
from app.db import connection_of, db
from app.domain import tokens
from app.domain.registering.registrations import Status
from app.domain.schedule import Act, Due
from app.domain.seating.draw import Entry, entries_file
from app.domain.seating.drawing import Drawing
from app.models import Cohort, Draw, DrawEntry, Meetup, MeetupState, Registration
from app.services import audit
from app.services.running import schedule_claims

_ENTER = insert(cast("Table", DrawEntry.__table__)).inline()


def current(session: Session, meetup_id: int) -> Draw | None:
    """The meetup's draw that is still to be held, or was."""
    return session.scalars(
        select(Draw).where(Draw.meetup_id == meetup_id, Draw.ended_at.is_(None))
    ).one_or_none()


def of_registration(registration_id: int) -> DrawEntry | None:
    return db.session.scalars(
        select(DrawEntry).where(DrawEntry.registration_id == registration_id)
    ).one_or_none()


def enter(unit: Session | Connection, registration_ids: Sequence[int]) -> None:
    """Give each of these a pseudonym, in one statement."""
    rows = [{"registration_id": number, "pseudonym": tokens.reference()} for number in registration_ids]
    if rows:
        connection_of(unit).execute(_ENTER, rows)


def enter_all(session: Session, meetup_id: int) -> None:
    """A pseudonym for everybody who applied and has none yet."""
    has_one = select(DrawEntry.id).where(DrawEntry.registration_id == Registration.id).exists()
    lacking = applied(meetup_id).with_only_columns(Registration.id).where(~has_one)
    enter(session, session.scalars(lacking).all())


def number(meetup_id: int) -> int:
    """How many are in the draw by now."""
    return db.session.scalar(applied(meetup_id).with_only_columns(func.count())) or 0


def due_deadlines(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Draws whose deadline has passed and whose entries are not published yet."""
    return dues(Act.DRAW_DEADLINE, Draw.deadline, at, limit, Draw.closed_at.is_(None))


def dues(
    act: Act,
    when: InstrumentedAttribute[dt.datetime],
    at: dt.datetime,
    limit: int,
    *still: ColumnElement[bool],
) -> Sequence[Due]:
    """Draws of which `when` has come, the earliest first, where nobody did the act and it is `still` to be done.

    Those of a meetup that was called off rest.
    """
    of_meetup = Meetup.id == Draw.meetup_id, Meetup.state != MeetupState.CALLED_OFF
    return schedule_claims.dues(act, Draw.id, when, at, limit, Draw.ended_at.is_(None), *of_meetup, *still)


def close(session: Session, due: Due) -> None:
    """The deadline passed: nobody enters, and the entries are published."""
    meetup_id = session.scalars(select(Draw.meetup_id).where(Draw.id == due.subject)).one()
    close_if_due(session, Meetup.locked(session, meetup_id))


def close_if_due(session: Session, meetup: Meetup) -> Draw | None:
    """Under the seat lock: publish the entries if the deadline has passed and no worker did it yet.

    Whatever changes an entry comes here first, so that nobody leaves the list once the value may be known.
    """
    if meetup.drawing(now()) is not Drawing.CLOSED:
        return None
    draw = current(session, meetup.id)
    if draw is None or draw.closed_at:
        return draw
    enter_all(session, meetup.id)
    entries = _entries(session, meetup.id, draw)
    draw.entries, draw.closed_at = entries_file(entries), now()
    meetup.draw_closed, meetup.version = True, meetup.version + 1
    audit.record(
        session,
        "draw.closed",
        meetup,
        audit.WORKER,
        program_id=meetup.program_id,
        draw=draw.id,
        entries=len(entries),
    )
    session.flush()
    return draw


def _entries(session: Session, meetup_id: int, draw: Draw) -> list[Entry]:
    """Everybody who applied, in the cohort that the terms know them by."""
    rows = session.execute(
        applied(meetup_id)
        .join(DrawEntry, DrawEntry.registration_id == Registration.id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .with_only_columns(
            DrawEntry.pseudonym, Registration.cohort_id, Cohort.ordinal, Registration.companions
        )
    )
    return [
        Entry(row.pseudonym, draw.cohorts.get(str(row.cohort_id), row.ordinal or 0), 1 + row.companions)
        for row in rows
    ]


def applied(meetup_id: int) -> Select[Registration]:
    """Those who are in a draw, or who wait for a decision."""
    return select(Registration).where(
        Registration.meetup_id == meetup_id, Registration.status == Status.APPLIED
    )
