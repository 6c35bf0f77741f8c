"""Reminders: whoever has a seat gets a mail a week and a day before the start, where the organizer wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import now
from app.domain.registering.registrations import Status
from app.domain.registering.reminders import latest
from app.domain.schedule import Act, Due
from app.models import TAKES_PLACE, Meetup, Registration
from app.services import audit
from app.services.registering.registration_changes import owe
from app.services.running.schedule_claims import dues, is_done

MAIL = "reminder"


def due_week_reminders(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Those of a week before; once the day's are due too, they alone are sent."""
    day_is_due = and_(Meetup.day_reminder_at.is_not(None), Meetup.day_reminder_at <= at)
    return _due(Act.WEEK_REMINDER, Meetup.week_reminder_at, at, limit, ~day_is_due)


def due_day_reminders(at: dt.datetime, limit: int) -> Sequence[Due]:
    return _due(Act.DAY_REMINDER, Meetup.day_reminder_at, at, limit)


def remind(session: Session, due: Due) -> None:
    """Owe the reminder to whoever has had a seat since before its time and has not come in.

    Whoever got one later has just had a mail with the same.
    """
    meetup = Meetup.locked(session, due.subject)
    if _times(meetup)[due.act] != due.at or meetup.state not in TAKES_PLACE or meetup.starts_at <= now():
        return
    reminded = session.execute(
        select(Registration.id, Registration.address, Registration.locale)
        .where(
            Registration.meetup_id == meetup.id,
            Registration.status == Status.CONFIRMED,
            Registration.status_at <= due.at,
            Registration.admitted_at.is_(None),
            Registration.address != "",
        )
        .order_by(Registration.id)
    ).all()
    if reminded:
        about = {"start": meetup.starts_at.isoformat(), "appointment": meetup.appointment}
        owe(session, MAIL, meetup, reminded, **about)
        audit.record(
            session,
            "meetup.reminded",
            meetup,
            audit.WORKER,
            program_id=meetup.program_id,
            mails=len(reminded),
            reminder=due.act,
        )


def bring_question(session: Session, meetup: Meetup, question: Due) -> bool:
    """Whether a reminder that goes out now asks those who are asked by this, so that they get no second mail.

    It does where it is due with the question, or after it and both come late.
    """
    due = latest(_times(meetup), now())
    return due is not None and question.at <= due[1] and not is_done(session, Due(due[1], due[0], meetup.id))


def _times(meetup: Meetup) -> dict[Act, dt.datetime | None]:
    return {Act.WEEK_REMINDER: meetup.week_reminder_at, Act.DAY_REMINDER: meetup.day_reminder_at}


def _due(
    act: Act,
    time: InstrumentedAttribute[dt.datetime | None],
    at: dt.datetime,
    limit: int,
    *more: ColumnElement[bool],
) -> Sequence[Due]:
    """Meetups whose reminder should have gone out by now and that have not begun."""
    return dues(act, Meetup.id, time, at, limit, Meetup.starts_at > at, Meetup.state.in_(TAKES_PLACE), *more)
