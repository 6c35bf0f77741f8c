"""What organizers may decide of those who applied, and whom it reaches when there are too few seats."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.seating.pools import Party, seated
from app.domain.seating.seats import Seating


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


def approved(seating: Seating, parties: Sequence[Party], rest: Rest) -> list[int]:
    """Which of these parties, in their order, get seats; refuses when some would not and nobody said what
    becomes of them."""
    chosen = seated(seating.free, seating.kept, parties)
    if len(chosen) < len(parties) and rest is Rest.REFUSE:
        people, fit = sum(each.people for each in parties), sum(parties[index].people for index in chosen)
        if seating.kept.unused:
            raise DomainError("more_than_open", people=people, open=fit, kept=seating.kept.unused)
        raise DomainError("more_than_free", people=people, free=seating.free)
    return chosen
