"""Two people turn out to be one, and both have a place at one meetup: which of the two places they keep."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.registering.registrations import SEATED, Status


@dataclass(frozen=True, slots=True)
class Place:
    """What the choice looks at; `rank` orders the line."""

    status: Status
    rank: int
    is_in: bool = False


def require_decidable(one: Place, other: Place) -> None:
    """Refuses where somebody has to decide first: both came in by the door, or a list check is open."""
    if one.is_in and other.is_in:
        raise DomainError("join_both_in")
    if Status.PENDING in {one.status, other.status}:
        raise DomainError("join_list_check")


def keeps_first(one: Place, other: Place) -> bool:
    """Whoever is in stays in; a seat goes before a place in line, a confirmed one before an offered; then the rank."""
    return _order(one) <= _order(other)


def _order(place: Place) -> tuple[bool, bool, bool, int]:
    return (
        not place.is_in,
        place.status not in SEATED,
        place.status is not Status.CONFIRMED,
        place.rank,
    )
