"""What a meetup's public page says about registering, right now; one query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from app.db import db
from app.domain.registrations import SEATED, Status
from app.models import Meetup, MeetupState, Registration
from app.services.windows import why_closed

FEW = 10  # so many seats left are named by their number

_NOW = select(
    Meetup.id,
    Meetup.version,
    Meetup.state,
    Meetup.opens_at,
    Meetup.closes_at,
    Meetup.starts_at,
    Meetup.ends_at,
    Meetup.capacity,
    select(func.count())
    .select_from(Registration)
    .where(
        Registration.meetup_id == Meetup.id,
        Registration.status.in_(sorted(SEATED | {Status.WAITLISTED})),
    )
    .scalar_subquery()
    .label("taken"),
).where(Meetup.slug == bindparam("slug"))


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
    row = db.session.execute(_NOW, {"slug": slug}).one_or_none()
    if row is None or row.state is MeetupState.DRAFT:
        return None
    left = row.capacity - row.taken
    reason = why_closed(row)
    few = left if reason is None and 0 < left <= FEW else None
    return Phase(row.id, row.version, reason, left <= 0, few)
