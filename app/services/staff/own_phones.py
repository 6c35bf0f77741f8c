"""The phone that door staff with an account work with: it joins by their right, and goes with it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Device, Enrolment


def end(session: Session, meetup_ids: Iterable[int], account_id: int) -> None:
    """Shut out the phones that joined by a link which the account made for itself; in the caller's transaction."""
    made = select(Enrolment.id).where(
        Enrolment.created_by_id == account_id,
        Enrolment.is_own.is_(True),
        Enrolment.meetup_id.in_(list(meetup_ids)),
    )
    session.execute(
        update(Device)
        .where(Device.enrolment_id.in_(made), Device.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    session.execute(
        update(Enrolment).where(Enrolment.id.in_(made), Enrolment.expires_at > now()).values(expires_at=now())
    )
