"""When a draw's public value should be known, its organizers are asked for it by mail, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.schedule import Act, Due
from app.models import Account, Draw, Meetup
from app.services import audit
from app.services.mails import outbox
from app.services.seating.draw_entries import close_if_due, dues
from app.services.staff import rights

MAIL = "draw_value_due"


def due_values(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Draws whose value should be known and is not entered yet."""
    return dues(Act.DRAW_VALUE, Draw.known_at, at, limit, Draw.held_at.is_(None), Meetup.ends_at > at)


def ask(session: Session, due: Due) -> None:
    """Owe everybody who may enter the value a mail that asks for it."""
    meetup_id = session.scalars(select(Draw.meetup_id).where(Draw.id == due.subject)).one()
    meetup = Meetup.locked(session, meetup_id)
    draw = session.get_one(Draw, due.subject)
    if draw.ended_at or draw.held_at or draw.known_at != due.at:
        return
    close_if_due(session, meetup)
    about = {"program_id": meetup.program_id, "meetup_id": meetup.id, "params": {"draw": draw.id}}
    members = session.execute(
        select(Account.address, Account.locale).where(rights.organizers_of(meetup)).order_by(Account.id)
    )
    mails = [about | {"address": row.address, "locale": row.locale} for row in members]
    owed = outbox.enqueue_many(session, MAIL, mails)
    audit.record(
        session,
        "draw.value_asked_for",
        meetup,
        audit.WORKER,
        program_id=meetup.program_id,
        draw=draw.id,
        mails=owed,
    )
