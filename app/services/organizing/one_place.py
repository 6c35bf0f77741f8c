"""One person's place at an organizer's hand, by the services that decide for many: a seat given, a cancellation taken back."""

from __future__ import annotations

import datetime as dt

from app.clock import now
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.models import Registration
from app.services.organizing import bulk
from app.services.organizing.bulk import UNDONE_FOR, Order, Outcome
from app.services.organizing.bulk_acts import Act
from app.services.seating import approvals

ACTS = {Status.APPLIED: Act.APPROVE, Status.WAITLISTED: Act.SEAT}


def look(registration: Registration) -> tuple[Act, Outcome] | None:
    """How a seat for them stands now; None where nobody gives one by hand, as before a draw."""
    act = ACTS.get(registration.status)
    if act is None:
        return None
    try:
        return act, bulk.look(_order(registration, act))
    except DomainError:
        return None


def seat(registration: Registration, reason: str, actor: str, mark: str) -> None:
    """Refused where no seat is for them now, or others would be touched than were looked at."""
    act = ACTS.get(registration.status)
    if act is None:
        raise DomainError("place_settled_meanwhile")
    if not bulk.do(_order(registration, act, reason), actor, "", mark).number:
        raise DomainError("seats_changed")


def undone_until(registration: Registration) -> dt.datetime | None:
    """Until when the organizer's cancelling can be taken back; None where it can't."""
    until = registration.status_at + UNDONE_FOR
    return until if now() < until and approvals.may_take_back(registration.id) else None


def take_back(registration: Registration, actor: str) -> None:
    """Within the hour; what they get back is `approvals.take_back`'s to say."""
    if registration.status is Status.DECLINED and now() >= registration.status_at + UNDONE_FOR:
        raise DomainError("undo_is_over")
    approvals.take_back(registration.id, actor)


def _order(registration: Registration, act: Act, reason: str = "") -> Order:
    return Order(registration.meetup_id, act, reason=reason, who=[registration.reference])
