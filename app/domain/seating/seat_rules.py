"""How a meetup gives its seats, as an organizer set it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.still_coming import SHORTEST_ANSWER_HOURS
from app.domain.seating.draw_rules import DrawRules
from app.domain.seating.modes import Mode
from app.domain.seating.offers import MOST_HOURS, FreedSeats


@dataclass(frozen=True, kw_only=True)
class SeatRules:
    """`draw`: for the mode of that name. `last_call_hours`: before the start; None: until the start for offers, until the end for seats.
    `still_coming_hours`: before the start, when people are asked if they still come; None: they are not.
    `release_hours`: before the start, when the seats of those who don't answer are released; None: they keep them.
    `no_shows_behind`: who had a seat at the last meetup and did not come stands behind the others in line.
    """

    mode: Mode
    freed_seats: FreedSeats
    offer_hours: int | None
    last_call_hours: int | None
    still_coming_hours: int | None = None
    release_hours: int | None = None
    no_shows_behind: bool = False
    draw: DrawRules | None = None  # None: no draw, or the one that there is stays as it is

    def require_usable(self) -> None:
        problems = {}
        if self.offer_hours is None or not 1 <= self.offer_hours <= MOST_HOURS:
            problems["offer_hours"] = DomainError("offer_hours_unusable", most=MOST_HOURS)
        if self.last_call_hours is not None and not 0 <= self.last_call_hours <= MOST_HOURS:
            problems["last_call_hours"] = DomainError("last_call_unusable", most=MOST_HOURS)
        if self.still_coming_hours is not None and not 1 <= self.still_coming_hours <= MOST_HOURS:
            problems["still_coming_hours"] = DomainError("still_coming_unusable", most=MOST_HOURS)
        if refusal := self._why_no_release():
            problems["release_hours"] = refusal
        if problems:
            raise Unusable(problems)

    def _why_no_release(self) -> DomainError | None:
        """A release leaves time to answer before it, and time for others to get the seat after it."""
        if self.release_hours is None:
            return None
        if self.still_coming_hours is None:
            return DomainError("release_without_question")
        most = self.still_coming_hours - SHORTEST_ANSWER_HOURS
        if not 1 <= self.release_hours <= MOST_HOURS:
            return DomainError("still_coming_unusable", most=MOST_HOURS)
        if self.release_hours > most:
            return DomainError("release_too_soon", hours=SHORTEST_ANSWER_HOURS, asks=self.still_coming_hours)
        if self.release_hours <= (self.last_call_hours or 0):
            return DomainError("release_past_last_call", last=self.last_call_hours or 0)
        return None
