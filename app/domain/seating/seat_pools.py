"""How many seats an organizer keeps, and for whom: what may be set, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable


@dataclass(frozen=True, kw_only=True)
class SeatPools:
    """`quotas` by a cohort's id, those of 0 seats left out; `until`: when what is unused of them is everybody's."""

    reserved: int
    quotas: Mapping[int, int]
    until: dt.datetime | None

    @property
    def total(self) -> int:
        return self.reserved + sum(self.quotas.values())

    def require_usable(
        self, *, seats: int, named: int, at: dt.datetime, last: dt.datetime, before: SeatPools
    ) -> None:
        """`seats`: those that can be kept at all; `named`: persons who have a reserved one; `last`: from when on freed seats stay
        free. A date that has passed stays as it is where the quotas do."""
        problems = {}
        if self.reserved < named:
            problems["reserved"] = DomainError("reserved_below_named", named=named)
        if self.total > seats:
            where = "quotas" if self.quotas else "reserved"
            problems[where] = DomainError("kept_over_seats", kept=self.total, seats=seats)
        if refusal := self._why_no_date(at, last, before):
            problems["until"] = refusal
        if problems:
            raise Unusable(problems)

    def _why_no_date(self, at: dt.datetime, last: dt.datetime, before: SeatPools) -> DomainError | None:
        if not self.quotas or (self.quotas == before.quotas and self.until == before.until):
            return None
        if self.until is None:
            return DomainError("time_missing")
        if self.until <= at:
            return DomainError("flow_back_in_the_past")
        return DomainError("flow_back_too_late") if self.until > last else None
