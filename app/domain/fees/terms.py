"""What a meetup costs, and until when whoever has a seat pays it."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable

MOST_WON, MOST_DAYS = 10_000_000, 90
GRACE = dt.timedelta(hours=48)
"""Everybody has at least so long, however late they got their seat or read of the fee."""
NOTICE = dt.timedelta(hours=24)
"""Nobody loses a seat whom a mail with the deadline reached later than this before it."""
LONGEST_DEPOSITOR, LONGEST_ACCOUNT = 40, 100


class State(enum.StrEnum):
    OWED = "owed"
    PARTLY = "partly"  # less than it is by now: somebody came along since, or it was too little
    PAID = "paid"
    EXEMPT = "exempt"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Money in whole won; 0 is free. `days` after getting the seat, or at a date; with both, whichever is first.
    `passes_on`: seats that are not paid by then go on."""

    amount: int = 0
    of_companions: bool = False
    bank: str = ""
    account: str = ""
    holder: str = ""
    days: int | None = None
    until: dt.datetime | None = None
    passes_on: bool = False

    def owed(self, companions: int) -> int:
        return self.amount * (1 + companions if self.of_companions else 1)

    @property
    def has_deadline(self) -> bool:
        return self.days is not None or self.until is not None

    def due_at(self, since: dt.datetime) -> dt.datetime | None:
        """Until when they pay who know since then that they have a seat with this fee; None: no deadline."""
        ends = [self.until] if self.until else []
        if self.days is not None:
            ends.append(since + dt.timedelta(days=self.days))
        return max(since + GRACE, min(ends)) if ends else None

    def known_before(self, at: dt.datetime) -> dt.datetime | None:
        """The other way round: whoever has known since then, or longer, is due by `at`; None: nobody is."""
        if not self.has_deadline:
            return None
        if self.until and self.until <= at:
            return at - GRACE
        return at - max(GRACE, dt.timedelta(days=self.days)) if self.days is not None else None

    def require_usable(self, starts_at: dt.datetime) -> None:
        """Raises `Unusable` by field."""
        if not self.amount:
            return
        problems = {
            name: DomainError("fee_account_missing")
            for name in ("bank", "account", "holder")
            if not getattr(self, name)
        }
        if not 0 < self.amount <= MOST_WON:
            problems["amount"] = DomainError("fee_amount_unusable", most=f"{MOST_WON:,}")
        if self.days is not None and not 1 <= self.days <= MOST_DAYS:
            problems["days"] = DomainError("fee_days_unusable", most=MOST_DAYS)
        if self.until and self.until >= starts_at:
            problems["until"] = DomainError("fee_until_too_late")
        if self.passes_on and not self.has_deadline:
            problems["passes_on"] = DomainError("fee_without_deadline")
        if problems:
            raise Unusable(problems)


def state(owed: int, paid: int | None) -> State:
    """`paid`: what came in; None: nothing yet, 0: the organizers want nothing of them."""
    if paid is None:
        return State.OWED
    if paid == 0:
        return State.EXEMPT
    return State.PAID if paid >= owed else State.PARTLY


def usual_depositor(name: str, reference: str) -> str:
    """What to put as the sender: the name and four digits, so that namesakes differ in the bank's list."""
    digits = int(hashlib.sha256(reference.encode()).hexdigest(), 16) % 10_000
    return f"{''.join(name.split())[:10]}{digits:04}"
