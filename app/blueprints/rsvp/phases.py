"""What a meetup's public page says about registering, right now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import bindparam, event, func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db
from app.domain.seating.drawing import Drawing, drawing
from app.domain.seating.modes import Mode
from app.domain.seating.pools import Party
from app.domain.seating.seats import Seating
from app.models import Meetup, MeetupState, Talk
from app.services.seating import seat_counts
from app.services.seating.windows import why_closed

FEW = 10  # so many seats left are named by their number
MANY = 200  # more seats left than are taken within the second, so that nobody's place changes what is said
SECONDS = 1.0  # so long the page may lag behind what other processes wrote

_ANNOUNCED = (
    select(func.count(Talk.id))
    .where(Talk.meetup_id == Meetup.id, Talk.hidden, Talk.announces_at <= bindparam("at"))
    .scalar_subquery()
)
_TAKEN = seat_counts.people_in_line_or_seated(Meetup.id, Meetup.door_counts_walk_ins)
_NOW = select(
    Meetup.id,
    Meetup.version,
    Meetup.notice_version,
    Meetup.questions_version,
    Meetup.state,
    Meetup.opens_at,
    Meetup.closes_at,
    Meetup.starts_at,
    Meetup.ends_at,
    Meetup.capacity,
    Meetup.reserved_seats,
    Meetup.quotas,
    Meetup.quotas_until,
    Meetup.draw_seats,
    Meetup.door_counts_walk_ins,
    Meetup.mode,
    Meetup.draw_until,
    Meetup.draw_closed,
    _ANNOUNCED.label("announced"),
    _TAKEN.label("taken"),
    seat_counts.somebody_waits(Meetup.id).label("somebody_waits"),
).where(Meetup.slug == bindparam("slug"), Meetup.state != MeetupState.DRAFT)


@dataclass(frozen=True, slots=True)
class Phase:
    """`reason`: why nobody can register, None while it is open. `left`: seats, where they are few. `full`: whoever
    registers now waits, but for those of the cohorts by whose ids `kept` names seats that are still theirs.
    `announced`: how many lines of the programme their time has announced."""

    meetup_id: int
    version: int
    notice_version: int
    questions_version: int
    reason: str | None
    full: bool
    left: int | None
    chosen: bool  # by the organizers, among those who apply
    drawing: Drawing
    by_invitation: bool
    kept: tuple[tuple[int, int], ...] = ()
    announced: int = 0

    @property
    def takes_addresses(self) -> bool:
        """Also after closing: who is registered already may want their link."""
        return self.reason in {None, "registration_closed"}


def phase_of(slug: str) -> Phase | None:
    """The phase of a meetup that strangers may see; None for a draft as for a missing one."""
    found = _row(slug)
    if found is None:
        return None
    row, seating = found
    (left, kept), reason = _left(row, seating), why_closed(row)
    full, chosen = left <= 0 or row.somebody_waits, row.mode is Mode.APPROVAL
    stands = drawing(row.mode, row.draw_until, closed=row.draw_closed, at=now())
    few = left if reason is None and not full and left <= FEW else None
    versions = row.version, row.notice_version, row.questions_version
    by_invitation = row.mode is Mode.INVITATION
    return Phase(row.id, *versions, reason, full, few, chosen, stands, by_invitation, kept, row.announced)


def _left(row: Any, seating: Seating | None) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Seats for whoever comes now, and those that only some cohorts' people would get."""
    if seating is None:
        return row.capacity - row.taken, ()
    room = seating.room_behind_the_line
    kept = {cohort: room.seats_for(Party(cohort=cohort)) for cohort in room.quotas}
    return room.common, tuple(sorted((cohort, seats) for cohort, seats in kept.items() if seats))


_seen: dict[str, tuple[float, Any]] = {}


def _row(slug: str) -> tuple[Any, Seating | None] | None:
    """As the database has it, or had it a second ago, with the seats by pool where some are kept; None where there is none."""
    at, seen = _seen.get(slug, (0.0, None))
    if seen is not None and time.monotonic() - at < SECONDS:
        return cast("tuple[Any, Seating | None]", seen)
    at = time.monotonic()
    row: Any = db.session.execute(_NOW, {"slug": slug, "at": now()}).one_or_none()
    if row is None:
        return None
    seating = seat_counts.seating_of(db.session(), row) if seat_counts.promises_of(row).any else None
    _seen[slug] = at, (row, seating)
    return row, seating


def forget() -> None:
    """Ask the database again at the next look."""
    _seen.clear()


def note_registered(slug: str) -> None:
    """Somebody registered here: a rush for many seats need not count them anew after each."""
    _, seen = _seen.get(slug, (0.0, None))
    if seen is not None and seen[0].capacity - seen[0].taken <= MANY:
        forget()


@event.listens_for(Session, "after_commit")
def _look_again(_session: Session) -> None:
    """What this process wrote itself shows at once. Of `statements()` only registering changes what is said."""
    forget()
