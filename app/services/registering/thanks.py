"""Thanks by mail, where the organizer wants them: to whoever was at the meetup, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.registering.thanks import LATEST_DAYS
from app.domain.schedule import Act, Due
from app.models import TAKES_PLACE, Meetup, OutboxMail, Registration
from app.services import audit
from app.services.registering import surveys
from app.services.registering.registration_changes import owe
from app.services.running.schedule_claims import dues

MAIL = "thanks"
STILL_WORTH = dt.timedelta(days=LATEST_DAYS)


def due_thanks(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Meetups that are over and should have thanked by now, but not long ago."""
    still = Meetup.thanks_at > at - STILL_WORTH, Meetup.ends_at <= at, Meetup.state.in_(TAKES_PLACE)
    return dues(Act.THANKS, Meetup.id, Meetup.thanks_at, at, limit, *still)


def thank(session: Session, due: Due) -> None:
    """Owe the mail to whoever came in; nobody is thanked twice, also where the meetup's times are put right afterwards."""
    meetup = Meetup.locked(session, due.subject)
    if meetup.thanks_at != due.at or meetup.state not in TAKES_PLACE or meetup.ends_at > now():
        return
    if due.at <= now() - STILL_WORTH or has_thanked(session, meetup):
        return
    came = session.execute(
        select(Registration.id, Registration.address, Registration.locale)
        .where(
            Registration.meetup_id == meetup.id,
            Registration.admitted_at.is_not(None),
            Registration.address != "",
        )
        .order_by(Registration.id)
    ).all()
    owe(session, MAIL, meetup, came)
    surveys.open_with_thanks(session, meetup)
    audit.record(
        session, "meetup.thanked", meetup, audit.WORKER, program_id=meetup.program_id, mails=len(came)
    )


def has_thanked(session: Session, meetup: Meetup) -> bool:
    thanks = select(OutboxMail.id).where(OutboxMail.meetup_id == meetup.id, OutboxMail.kind == MAIL)
    return session.scalar(thanks.limit(1)) is not None
