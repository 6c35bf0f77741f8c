"""Seats for many whom an organizer chose in the list: in the order of the line, to all of those for whom it was shown or to nobody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db import db, end_reading
from app.domain.errors import DomainError
from app.domain.seating.approvals import Decision, Wish
from app.models import Meetup, Registration
from app.services.seating import approvals, choosing, waitlist
from app.services.seating.windows import require_ahead

_TOO_FEW = frozenset({"more_than_free", "more_than_open"})


def look(meetup_id: int, ids: Sequence[int], *, approves: bool) -> choosing.Fit:
    """Who of these would get a seat now. Refused where the act would be."""
    meetup = db.session.get_one(Meetup, meetup_id)
    if approves:
        approvals.require_deciding(meetup)
    else:
        require_ahead(meetup)
    return choosing.fitting(meetup, ids)


def approve(meetup_id: int, ids: Sequence[int], note: str, actor: str) -> int:
    """Give seats to these who applied; how many still did."""
    named = db.session.scalars(select(Registration.reference).where(Registration.id.in_(ids)))
    wish = Wish(decision=Decision.APPROVE, references=frozenset(named), note=note)
    end_reading()
    try:
        return approvals.decide(meetup_id, wish, actor).seated
    except DomainError as refusal:
        if refusal.code in _TOO_FEW:
            raise DomainError("seats_changed") from refusal
        raise


def seat(meetup_id: int, ids: Sequence[int], reason: str, actor: str) -> int:
    """Give seats to these who wait; how many still did."""
    return waitlist.confirm_all(meetup_id, ids, reason, actor)
