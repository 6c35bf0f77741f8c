"""Seats of those who were asked whether they still come and did not answer, where the meetup releases them.

Each was told until when they can answer (`answer_by`), and loses nothing before. A release is an end: whoever wants in
again registers again, and stands where everybody stands who registers then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import told_by
from app.domain.schedule import Act, Due
from app.models import (
    TAKES_PLACE,
    MailState,
    Meetup,
    OutboxMail,
    Registration,
    RegistrationEvent,
    ScheduledAct,
)
from app.services import audit
from app.services.registering import reminders, replies, tickets
from app.services.registering.registration_changes import change, held_with_meetup, owe
from app.services.running.schedule_claims import dues
from app.services.seating import promotion
from app.services.seating.windows import require_ahead

MAIL = "registration_released"
NOT_ANSWERED = "no answer"
QUESTION = "still_coming"
QUESTIONS = (QUESTION, "meetup_moved")
NOT_TOLD = "registration.seat_kept_untold"
KEPT, KEPT_NO_MORE = "registration.seat_kept", "registration.seat_kept_no_more"


def due_releases(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Meetups that should have released by now and have not begun."""
    still = Meetup.release_hours.is_not(None), Meetup.starts_at > at, Meetup.state.in_(TAKES_PLACE)
    return dues(Act.SEAT_RELEASE, Meetup.id, Meetup.releases_at, at, limit, *still)


def release(session: Session, due: Due) -> None:
    """Release the seats of all whose time to answer is over, and let them go on.

    Once freed seats stay free, which a worker that was away may find, nobody loses theirs any more.
    """
    meetup = Meetup.locked(session, due.subject)
    if meetup.releases_at != due.at or not _releases(meetup):
        return
    silent = select(Registration).where(
        Registration.meetup_id == meetup.id,
        replies.released(meetup.id),
        Registration.answer_by <= now(),
    )
    rows = list(session.scalars(silent.order_by(Registration.rank).with_for_update()))
    told = _told(session, meetup, rows)
    _spare(session, meetup, [row for row in rows if row.id not in told])
    if told:
        _end(session, meetup, [row for row in rows if row.id in told])
    plan(session, meetup)


def _told(session: Session, meetup: Meetup, rows: list[Registration]) -> set[int]:
    """To whom a mail with the question about this time and place went out in time: a reminder asks, too, since the question."""
    asked_at = (
        select(func.max(ScheduledAct.done_at))
        .where(ScheduledAct.act == Act.STILL_COMING, ScheduledAct.subject_id == meetup.id)
        .scalar_subquery()
    )
    reminded = (OutboxMail.kind == reminders.MAIL) & (OutboxMail.created_at >= asked_at)
    sent = session.execute(
        select(OutboxMail.registration_id, func.min(OutboxMail.sent_at).label("at"))
        .where(
            OutboxMail.registration_id.in_([row.id for row in rows]),
            or_(OutboxMail.kind.in_(QUESTIONS), reminded),
            OutboxMail.state == MailState.SENT,
            OutboxMail.params["start"].as_string() == meetup.starts_at.isoformat(),
            func.coalesce(OutboxMail.params["appointment"].as_integer(), 1) == meetup.appointment,
        )
        .group_by(OutboxMail.registration_id)
    )
    first = {row.registration_id: row.at for row in sent}
    return {
        row.id
        for row in rows
        if row.answer_by and row.id in first and first[row.id] <= told_by(row.answer_by)
    }


def _spare(session: Session, meetup: Meetup, rows: list[Registration]) -> None:
    """Let those keep their seat who were not told in time: the mail server was away, or refused their mail."""
    for row in rows:
        row.kept_for = meetup.appointment
    session.flush()
    kept = [(NOT_TOLD, f"{Registration.__tablename__}:{row.id}") for row in rows]
    if kept:
        audit.record_each(session, kept, audit.WORKER, program_id=meetup.program_id)


def _end(session: Session, meetup: Meetup, rows: list[Registration]) -> None:
    ids = [row.id for row in rows]
    change(session, rows, Status.EXPIRED, audit.WORKER, NOT_ANSWERED)
    tickets.revoke(session, *ids)
    owe(session, MAIL, meetup, rows)
    audit.record(
        session, "seats.released", meetup, audit.WORKER, program_id=meetup.program_id, registrations=ids
    )
    promotion.promote(session, meetup)


def plan(session: Session, meetup: Meetup) -> None:
    """Let the next release be when the first of the silent has had their time; those asked later may have less."""
    session.flush()
    first = select(func.min(Registration.answer_by)).where(
        Registration.meetup_id == meetup.id, replies.released(meetup.id)
    )
    meetup.releases_at = session.scalar(first)


def moved(session: Session, meetup: Meetup) -> None:
    """The start has changed: nobody loses a seat by a deadline that was told for another one, also if it comes back."""
    told = update(Registration).where(
        Registration.meetup_id == meetup.id, Registration.answer_by.is_not(None)
    )
    session.execute(told.values(answer_by=None).execution_options(synchronize_session=False))
    plan(session, meetup)


def keep(registration_id: int, actor: str, *, kept: bool) -> None:
    """Let somebody keep their seat whether they answer or not, or take that back. Twice changes nothing."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        require_ahead(meetup)
        if registration.status is not Status.CONFIRMED:
            raise DomainError("no_seat_to_let_keep")
        if kept == (registration.kept_for == meetup.appointment):
            return
        if not kept and registration.answer_by and registration.answer_by <= now():
            raise DomainError("release_over")
        registration.kept_for = meetup.appointment if kept else None
        act = KEPT if kept else KEPT_NO_MORE
        audit.record(session, act, registration, actor, program_id=meetup.program_id)
        plan(session, meetup)


def was_released(registration: Registration) -> bool:
    """Whether it ended since they did not answer."""
    if registration.status is not Status.EXPIRED:
        return False
    event = select(RegistrationEvent.id).where(
        RegistrationEvent.registration_id == registration.id,
        RegistrationEvent.before == Status.CONFIRMED,
        RegistrationEvent.after == Status.EXPIRED,
        RegistrationEvent.reason == NOT_ANSWERED,
    )
    return db.session.scalar(event.limit(1)) is not None


def _releases(meetup: Meetup) -> bool:
    too_late = now() >= min(meetup.last_call, meetup.starts_at)
    return meetup.release_hours is not None and meetup.state in TAKES_PLACE and not too_late
