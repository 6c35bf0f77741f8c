"""What became of the question whether people still come: conditions for lists, and how many said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.db import db
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import Reply
from app.models import Meetup, Registration


@dataclass(frozen=True)
class Replies:
    """Of those who were asked, how many still come, cancelled, and have not answered. `releasing`: of these,
    how many lose their seat unless they do."""

    yes: int
    no: int
    open: int
    releasing: int


def replied(meetup_id: int, reply: Reply) -> ColumnElement[bool]:
    """A condition for a meetup's registrations."""
    of_now = select(Meetup.appointment).where(Meetup.id == meetup_id).scalar_subquery()
    asked, yes = Registration.asked_for == of_now, Registration.coming_for == of_now
    if reply is Reply.NO:
        return and_(Registration.status == Status.CANCELLED, asked)
    held = Registration.status == Status.CONFIRMED
    if reply is Reply.YES:
        return and_(held, yes)
    return and_(held, asked, or_(Registration.coming_for.is_(None), ~yes))


def released(meetup_id: int) -> ColumnElement[bool]:
    """A condition for those whose seat is released unless they answer (`Registration.released_at` of one)."""
    of_now = select(Meetup.appointment).where(Meetup.id == meetup_id).scalar_subquery()
    return and_(
        replied(meetup_id, Reply.NONE),
        Registration.answer_by.is_not(None),
        or_(Registration.kept_for.is_(None), Registration.kept_for != of_now),
        Registration.admitted_at.is_(None),
    )


def counts(meetup: Meetup) -> Replies:
    """One query."""
    row: Any = db.session.execute(
        select(
            *(func.count().filter(replied(meetup.id, reply)) for reply in (Reply.YES, Reply.NO, Reply.NONE)),
            func.count().filter(released(meetup.id)),
        ).where(Registration.meetup_id == meetup.id)
    ).one()
    return Replies(*row)
