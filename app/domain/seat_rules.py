"""How a meetup gives its seats, as an organizer set it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.draw_rules import DrawRules
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.modes import Mode
from app.domain.offers import MOST_HOURS, FreedSeats


@dataclass(frozen=True, kw_only=True)
class SeatRules:
    """`draw`: for the mode of that name. `last_call_hours`: before the start; None: until the start for offers, until the end for seats.
    `still_coming_hours`: before the start, when people are asked if they still come; None: they are not.
    """

    mode: Mode
    freed_seats: FreedSeats
    offer_hours: int | None
    last_call_hours: int | None
    still_coming_hours: int | None = None
    draw: DrawRules | None = None  # None: no draw, or the one that there is stays as it is

    def require_usable(self) -> None:
        problems = {}
        if self.offer_hours is None or not 1 <= self.offer_hours <= MOST_HOURS:
            problems["offer_hours"] = DomainError("offer_hours_unusable", most=MOST_HOURS)
        if self.last_call_hours is not None and not 0 <= self.last_call_hours <= MOST_HOURS:
            problems["last_call_hours"] = DomainError("last_call_unusable", most=MOST_HOURS)
        if self.still_coming_hours is not None and not 1 <= self.still_coming_hours <= MOST_HOURS:
            problems["still_coming_hours"] = DomainError("still_coming_unusable", most=MOST_HOURS)
        if problems:
            raise Unusable(problems)
