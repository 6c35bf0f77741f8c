"""A draw's terms as an organizer typed them, and what may be wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.seating.draw import Share, Terms, instant_text

# Where the form asks for what a draw's terms may lack.
FIELDS = {
    "draw_value_unnamed": "draw_value",
    "draw_known_too_early": "draw_known",
    "draw_weight_out_of_range": "draw_shares",
    "draw_minimum_over_seats": "draw_shares",
}


@dataclass(frozen=True, kw_only=True)
class DrawRules:
    """`shares` by a cohort's id. `deadline`, `known`: see `draw.Terms`; None where nothing was typed."""

    deadline: dt.datetime | None
    known: dt.datetime | None
    value: str
    shares: Mapping[int, Share]

    def require_usable(self) -> None:
        self._times()

    def terms(self, seats: int, ordinals: Mapping[int, int]) -> Terms:
        """As they are published. `ordinals` of the cohorts that may come, by their ids; raises `Unusable`."""
        deadline, known = self._times()
        shares = {ordinal: self.shares.get(cohort, Share()) for cohort, ordinal in ordinals.items()}
        terms = Terms(seats, shares, self.value.strip(), instant_text(deadline), instant_text(known))
        try:
            terms.require_sound()
        except DomainError as refusal:
            raise Unusable({FIELDS[refusal.code]: refusal}) from refusal
        return terms

    def require_in_time(
        self, at: dt.datetime, *, starts_at: dt.datetime, closes_at: dt.datetime | None
    ) -> None:
        """The deadline is still to come, people can register until then, and the draw can be held before the meetup
        begins."""
        if self.deadline and self.deadline <= at:
            raise Unusable({"draw_deadline": DomainError("draw_deadline_in_the_past")})
        if self.deadline and closes_at and self.deadline > closes_at:
            raise Unusable({"draw_deadline": DomainError("draw_deadline_after_closing")})
        if self.known and self.known >= starts_at:
            raise Unusable({"draw_known": DomainError("draw_known_after_start")})

    def _times(self) -> tuple[dt.datetime, dt.datetime]:
        missing = {"draw_deadline": self.deadline, "draw_known": self.known}
        problems = {name: DomainError("time_missing") for name, at in missing.items() if at is None}
        if not self.value:
            problems["draw_value"] = DomainError("draw_value_unnamed")
        if problems or self.deadline is None or self.known is None:
            raise Unusable(problems)
        return self.deadline, self.known
