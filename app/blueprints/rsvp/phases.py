"""What a meetup's public page says about registering, right now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, event, func, select
from sqlalchemy.orm import Session

from app.db import db
from app.domain.registrations import SEATED, Status
from app.models import Meetup, MeetupState, Registration
from app.services.windows import why_closed

FEW = 10  # so many seats left are named by their number
SECONDS = 1.0  # so long the page may lag behind what other processes wrote

_PEOPLE = (
    select(func.count())
    .select_from(Registration)
    .where(
        Registration.meetup_id == Meetup.id,
        Registration.status.in_(sorted(SEATED | {Status.WAITLISTED})),
    )
)
_COMPANIONS = select(func.coalesce(func.sum(Registration.companions), 0)).where(
    Registration.meetup_id == Meetup.id, Registration.status.in_(sorted(SEATED))
)
_NOW = select(
    Meetup.id,
    Meetup.version,
    Meetup.state,
    Meetup.opens_at,
    Meetup.closes_at,
    Meetup.starts_at,
    Meetup.ends_at,
    Meetup.capacity,
    (_PEOPLE.scalar_subquery() + _COMPANIONS.scalar_subquery()).label("taken"),
).where(Meetup.slug == bindparam("slug"), Meetup.state != MeetupState.DRAFT)


@dataclass(frozen=True, slots=True)
class Phase:
    """`reason`: why nobody can register, None while it is open. `left`: seats, where they are few."""

    meetup_id: int
    version: int
    reason: str | None
    full: bool
    left: int | None

    @property
    def takes_addresses(self) -> bool:
        """Also after closing: who is registered already may want their link."""
        return self.reason in {None, "registration_closed"}


def phase_of(slug: str) -> Phase | None:
    """The phase of a meetup that strangers may see; None for a draft as for a missing one."""
    row = _row(slug)
    if row is None:
        return None
    left, reason = row.capacity - row.taken, why_closed(row)
    few = left if reason is None and 0 < left <= FEW else None
    return Phase(row.id, row.version, reason, left <= 0, few)


_seen: dict[str, tuple[float, Row[Any]]] = {}


def _row(slug: str) -> Row[Any] | None:
    """As the database has it, or had it a second ago."""
    at, row = _seen.get(slug, (0.0, None))
    if row is not None and time.monotonic() - at < SECONDS:
        return row
    at = time.monotonic()
    row = db.session.execute(_NOW, {"slug": slug}).one_or_none()
    if row is not None:
        _seen[slug] = at, row
    return row


def forget() -> None:
    """Ask the database again at the next look."""
    _seen.clear()


@event.listens_for(Session, "after_commit")
def _look_again(_session: Session) -> None:
    """What this process wrote itself shows at once."""
    forget()
