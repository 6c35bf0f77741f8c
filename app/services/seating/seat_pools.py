"""Seats that are kept, at the organizer's hand: how many for whom until when, and whom a change would affect.

The rule itself: app/domain/seating/pools.py. Persons who have a reserved seat: app/services/seating/reserved_seats.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.schedule import Act, Due
from app.domain.seating.promises import promises
from app.domain.seating.seat_pools import SeatPools
from app.models import TAKES_PLACE, Meetup, ReservedSeat
from app.services import audit
from app.services.running.schedule_claims import dues
from app.services.seating import draws, promotion, seat_counts
from app.services.seating.windows import require_ahead


@dataclass(frozen=True)
class Effect:
    """Whom a change would reach. `moving`: parties in line that get a seat, `waiting`: those that wait then; `short`: seats that are
    promised and not free yet, since others have them."""

    moving: int
    waiting: int
    short: int


def of_meetup(meetup: Meetup) -> SeatPools:
    """What is kept now, as it was set; also quotas whose date has passed."""
    quotas = {int(cohort): seats for cohort, seats in meetup.quotas.items()}
    return SeatPools(reserved=meetup.reserved_seats, quotas=quotas, until=meetup.quotas_until)


def save(meetup_id: int, wanted: SeatPools, actor: str) -> Meetup:
    """Keep so many seats from now on; raises `Unusable`. Nobody loses a seat; those that are no longer kept go on at once."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        before = of_meetup(meetup)
        if wanted == before:
            return meetup
        require_usable(session, meetup, wanted)
        _set(session, meetup, wanted, actor)
        audit.record(
            session,
            "pools.changed",
            meetup,
            actor,
            program_id=meetup.program_id,
            reserved=[before.reserved, wanted.reserved],
            quotas=_stored(wanted),
        )
        promotion.promote(session, meetup)
        return meetup


def require_usable(session: Session, meetup: Meetup, wanted: SeatPools) -> None:
    """Refuse what can't be kept, at the fields of the form."""
    wanted.require_usable(
        seats=meetup.capacity,
        named=named(session, meetup.id),
        at=now(),
        last=min(meetup.last_call, meetup.starts_at),
        before=of_meetup(meetup),
    )


def reserve(session: Session, meetup: Meetup, reserved: int, actor: str) -> None:
    """Under the seat lock: keep so many seats for those who are named, without a look at who moves up."""
    before = of_meetup(meetup)
    wanted = SeatPools(reserved=reserved, quotas=before.quotas, until=before.until)
    try:
        require_usable(session, meetup, wanted)
    except Unusable as refusal:
        raise next(iter(refusal.problems.values())) from refusal
    _set(session, meetup, wanted, actor)


def effect_of(meetup: Meetup, wanted: SeatPools) -> Effect:
    """What saving it now would do."""
    session = db.session()
    promised = promises(wanted.reserved, _stored(wanted), wanted.until, mode=meetup.mode, at=now())
    seating = seat_counts.seating_of(session, meetup, promised)
    still = promotion.stopped(meetup, seating)
    moving = [] if still else seat_counts.next_in_line(session, meetup, seating)
    return Effect(len(moving), seating.waiting - len(moving), max(0, seating.kept.unused - seating.free))


def named(session: Session, meetup_id: int) -> int:
    """How many persons have a reserved seat."""
    query = select(func.count()).where(ReservedSeat.meetup_id == meetup_id)
    return session.scalar(query.select_from(ReservedSeat)) or 0


def require_in_time(meetup: Meetup) -> None:
    """Refuse a start, or a last call, before the date on which the quotas flow back."""
    ends = min(meetup.last_call, meetup.starts_at)
    if meetup.quotas_until and meetup.quotas_until > max(ends, now()):
        raise DomainError("flow_back_after_last_call")


def due_flows(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Meetups whose quotas have ended by now and whose seats have not gone on."""
    is_not_over = Meetup.ends_at > at, Meetup.state.in_(TAKES_PLACE)
    return dues(Act.QUOTA_FLOW, Meetup.id, Meetup.quotas_until, at, limit, *is_not_over)


def flow_back(session: Session, due: Due) -> None:
    """The date has come: what is unused of the quotas is everybody's, and those who wait move up."""
    meetup = Meetup.locked(session, due.subject)
    if meetup.quotas_until != due.at:
        return
    meetup.version += 1
    audit.record(session, "quotas.flowed_back", meetup, audit.WORKER, program_id=meetup.program_id)
    promotion.promote(session, meetup)


def _set(session: Session, meetup: Meetup, wanted: SeatPools, actor: str) -> None:
    seats = meetup.capacity - meetup.reserved_seats
    meetup.reserved_seats, meetup.quotas = wanted.reserved, _stored(wanted)
    meetup.quotas_until = wanted.until if wanted.quotas else None
    meetup.version += 1
    session.flush()
    try:
        draws.follow(session, meetup, seats, actor)
    except Unusable as refusal:
        raise Unusable({"reserved": next(iter(refusal.problems.values()))}) from refusal


def _stored(wanted: SeatPools) -> dict[str, int]:
    return {str(cohort): seats for cohort, seats in sorted(wanted.quotas.items())}
