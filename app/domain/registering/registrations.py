"""The states of a registration, and which change follows which."""

from __future__ import annotations

import enum


class Status(enum.StrEnum):
    PENDING = "pending"  # a list check is open; holds a rank, never a seat
    APPLIED = "applied"  # awaits approval or the draw
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # a seat is held until a deadline
    DECLINED = "declined"  # by the organizer or the draw
    CANCELLED = "cancelled"  # by the person
    EXPIRED = "expired"


SEATED = frozenset({Status.CONFIRMED, Status.OFFERED})
"""States that hold a seat."""

ENDED = frozenset({Status.DECLINED, Status.CANCELLED, Status.EXPIRED})
"""States without a place: a person who wants in again registers again. Only an organizer's own decision,
`declined`, can be taken back."""

ACTIVE = frozenset(Status) - ENDED

FOLLOWS: dict[Status | None, frozenset[Status]] = {
    None: frozenset({Status.PENDING, Status.APPLIED, Status.CONFIRMED, Status.WAITLISTED}),
    Status.PENDING: frozenset(
        {Status.APPLIED, Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED}
    ),
    Status.APPLIED: frozenset({Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED}),
    Status.WAITLISTED: frozenset(
        {Status.CONFIRMED, Status.OFFERED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED}
    ),
    Status.OFFERED: frozenset(
        {Status.CONFIRMED, Status.WAITLISTED, Status.EXPIRED, Status.CANCELLED, Status.DECLINED}
    ),
    # Back to the waitlist: the seat of an absent person, released at the door.
    Status.CONFIRMED: frozenset({Status.WAITLISTED, Status.CANCELLED, Status.DECLINED, Status.EXPIRED}),
    Status.DECLINED: frozenset({Status.APPLIED, Status.WAITLISTED, Status.PENDING, Status.CONFIRMED}),
}


def may_become(before: Status | None, after: Status) -> bool:
    """Whether a registration in state `before` (None: not yet there) may change to `after`."""
    return after in FOLLOWS.get(before, frozenset())
