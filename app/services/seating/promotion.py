"""Moving up: a freed seat goes to the first in line, in the transaction that freed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.registering.registrations import Status
from app.domain.seating.drawing import Drawing
from app.domain.seating.offers import FreedSeats, offer_until, why_stopped
from app.domain.seating.seats import Seating, promotions
from app.models import Meetup, MeetupState, Registration
from app.services import audit
from app.services.registering import tickets
from app.services.registering.registration_changes import change, owe
from app.services.seating import ranks, seat_counts

PROMOTION = "promotion"


def promote(session: Session, meetup: Meetup) -> list[Registration]:
    """Give or offer free seats to the first in line, in the caller's transaction and under its seat lock.

    Nobody moves up while promotion is stopped: see `stopped`.
    """
    rows = first_in_line(session, meetup)
    if not rows:
        return []
    until = deadline(meetup) if meetup.freed_seats is FreedSeats.OFFER else None
    if until:
        offer(session, meetup, rows, until, PROMOTION)
    elif meetup.freed_seats is FreedSeats.CONFIRM:
        seat(session, meetup, rows, PROMOTION, mail="registration_promoted")
    else:
        return []
    act, ids = "registrations.offered" if until else "registrations.promoted", [row.id for row in rows]
    audit.record(session, act, meetup, PROMOTION, program_id=meetup.program_id, registrations=ids)
    return rows


def stopped(meetup: Meetup, seating: Seating | None) -> str | None:
    """Why nobody moves up by themselves now: called off, past the last call, paused, a draw comes first, over
    the seats."""
    return why_stopped(
        now(),
        called_off=meetup.state is MeetupState.CALLED_OFF,
        paused=meetup.promotion_paused_at is not None,
        last=min(meetup.last_call, meetup.ends_at),
        over_by=seating.over_by if seating else 0,
        draws=meetup.drawing(now()) is Drawing.CLOSED,
    )


def deadline(meetup: Meetup) -> dt.datetime | None:
    """Until when an offer made now would hold; None: it is too late for one."""
    return offer_until(now(), meetup.offer_hours, offers_end(meetup))


def offers_end(meetup: Meetup) -> dt.datetime:
    """When the last offer is over, whenever it was made."""
    return min(meetup.last_call, meetup.starts_at)


def seat(
    session: Session,
    meetup: Meetup,
    rows: Sequence[Registration],
    actor: str,
    reason: str = "",
    *,
    mail: str,
    **told: str,
) -> None:
    """Confirm these, with their tickets and the mail that says so. The caller has seen that the seats are free."""
    change(session, rows, Status.CONFIRMED, actor, reason)
    tickets.ensure(session, rows)
    owe(session, mail, meetup, rows, **told)


def offer(
    session: Session,
    meetup: Meetup,
    rows: Sequence[Registration],
    until: dt.datetime,
    actor: str,
    reason: str = "",
) -> None:
    """Hold a seat for each of these until then. The caller has seen that the seats are free."""
    change(session, rows, Status.OFFERED, actor, reason)
    for row in rows:
        row.offered_until = until
    session.flush()
    owe(session, "registration_offered", meetup, rows)


def first_in_line(session: Session, meetup: Meetup) -> list[Registration]:
    """Whoever moves up now, by the rule of app/domain/seating/pools.py; nobody while stopped."""
    if stopped(meetup, None):
        return []
    session.flush()
    seating = seat_counts.seating_of(session, meetup)
    if not promotions(seating):
        return []
    ranks.lift_cleared(session, meetup)
    moving = seat_counts.next_in_line(session, meetup, seating)
    rows = select(Registration).where(Registration.id.in_(moving)).order_by(Registration.rank)
    return list(session.scalars(rows.with_for_update())) if moving else []
