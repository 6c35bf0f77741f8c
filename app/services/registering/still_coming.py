"""Still coming? Whoever has a seat is asked once, by mail, and says so on their personal page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import Answer, answer_by, stands_for
from app.domain.schedule import Act, Due
from app.models import TAKES_PLACE, Meetup, Registration
from app.services import audit
from app.services.registering import moves, reminders
from app.services.registering.registration_changes import held_with_meetup, note, owe
from app.services.running.schedule_claims import dues
from app.services.seating import seat_release
from app.services.seating.windows import require_ahead

MAIL = seat_release.QUESTION
SAID_YES = "still coming"


def due_questions(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Meetups that should have asked by now and have not begun."""
    has_not_begun = Meetup.starts_at > at, Meetup.state.in_(TAKES_PLACE)
    return dues(Act.STILL_COMING, Meetup.id, Meetup.asks_at, at, limit, *has_not_begun)


def ask(session: Session, due: Due) -> None:
    """Owe the question to whoever has had a seat since before the question's time, and was not asked yet.

    Whoever got one later has just said that they come. Whoever reconfirmed a move long before is asked anew: they
    could not know then.
    """
    meetup = Meetup.locked(session, due.subject)
    if meetup.asks_at != due.at or meetup.state not in TAKES_PLACE or meetup.starts_at <= now():
        return
    if meetup.reconfirms_at and not stands_for(meetup.reconfirms_at, due.at):
        moves.renew(session, meetup, keep_seats=True)
        meetup.reconfirms_at = None
    by = answer_by(now(), meetup.starts_at, release_hours=meetup.release_hours, last_call=meetup.last_call)
    asked = session.execute(
        update(Registration)
        .where(
            Registration.meetup_id == meetup.id,
            Registration.status == Status.CONFIRMED,
            Registration.status_at <= due.at,
            Registration.admitted_at.is_(None),
            Registration.address != "",
            or_(Registration.asked_for.is_(None), Registration.asked_for != meetup.appointment),
        )
        .values(asked_for=meetup.appointment, answer_by=by)
        .returning(Registration.id, Registration.address, Registration.locale)
        .execution_options(synchronize_session=False)
    ).all()
    seat_release.plan(session, meetup)
    if not reminders.bring_question(session, meetup, due):
        about = {"start": meetup.starts_at.isoformat(), "appointment": meetup.appointment}
        owe(session, MAIL, meetup, asked, **about)
    audit.record(
        session, "still_coming.asked", meetup, audit.WORKER, program_id=meetup.program_id, mails=len(asked)
    )


def say_yes(registration_id: int, appointment: int) -> Registration:
    """The person still comes to the meetup's `appointment`, as the page had it before them. Saying it twice changes
    nothing. Who does not come cancels."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        answer = registration.still_coming(meetup)
        _require_askable(meetup, registration, answer)
        if appointment != meetup.appointment:
            raise DomainError("moved_meanwhile")
        if answer is Answer.YES:
            return registration
        registration.coming_for, registration.coming_at = meetup.appointment, now()
        session.flush()
        note(session, [registration], Status.CONFIRMED, audit.PERSON, SAID_YES, at=registration.coming_at)
        audit.record(session, "still_coming.yes", registration, audit.PERSON, program_id=meetup.program_id)
        return registration


def _require_askable(meetup: Meetup, registration: Registration, answer: Answer) -> None:
    require_ahead(meetup)
    if registration.status is not Status.CONFIRMED:
        raise DomainError("no_seat_to_keep")
    if answer is Answer.NOT_ASKED:
        raise DomainError("not_asked")
