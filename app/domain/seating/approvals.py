"""What organizers may decide of those who applied, and whom it reaches when there are too few seats."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.seating.seats import fitting


class Decision(enum.StrEnum):
    APPROVE = "approve"
    WAITLIST = "waitlist"
    DECLINE = "decline"


class Rest(enum.StrEnum):
    """What becomes of those who are approved and do not fit."""

    REFUSE = "refuse"  # nobody is approved
    WAITLIST = "waitlist"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A decision about some of those who applied, by their public references."""

    decision: Decision
    references: frozenset[str]
    note: str = ""
    note_in_mail: bool = False
    rest: Rest = Rest.REFUSE


def approved(free: int, parties: Sequence[int], rest: Rest) -> int:
    """How many of these parties, in their order, get seats; refuses when some would not and nobody said what
    becomes of them."""
    fit = fitting(free, parties)
    if fit < len(parties) and rest is Rest.REFUSE:
        raise DomainError("more_than_free", people=sum(parties), free=free)
    return fit
