"""Moving up: a freed seat goes to the first in line, in the transaction that freed it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.clock import now
from app.domain import seats
from app.domain.registrations import Status
from app.models import Meetup, MeetupState, Registration
from app.services import audit, seat_counts, tickets
from app.services.registration_changes import note, owe

PROMOTION = "promotion"


def promote(session: Session, meetup: Meetup) -> list[Registration]:
    """Give free seats to the first in line, in the caller's transaction and under its seat lock.

    Nobody moves up while the meetup is over its capacity, called off or past.
    """
    if meetup.state is MeetupState.CALLED_OFF or now() >= meetup.ends_at:
        return []
    session.flush()
    seating = seat_counts.seating_of(session, meetup)
    moving = seats.promotions(seating)
    if not moving:
        return []
    rows = list(
        session.scalars(
            seat_counts.line(meetup.id).order_by(Registration.rank).limit(moving).with_for_update()
        )
    )
    del rows[seats.fitting(seating.free, [1 + row.companions for row in rows]) :]
    if not rows:
        return []
    for row in rows:
        row.status, row.status_at = Status.CONFIRMED, now()
    session.flush()
    note(session, rows, Status.WAITLISTED, PROMOTION)
    tickets.issue(session, tickets.lacking(session, rows))
    owe(session, "registration_promoted", meetup, rows)
    ids = [row.id for row in rows]
    audit.record(
        session, "registrations.promoted", meetup, PROMOTION, program_id=meetup.program_id, registrations=ids
    )
    return rows
