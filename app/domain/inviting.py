"""Invitations to a meetup: whom one can be sent, what became of it, and who may be reminded."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

REMIND_AFTER = dt.timedelta(hours=24)
LONGEST_WORDS = 500


class Hindrance(enum.StrEnum):
    """Why somebody who may come gets no invitation; the first that fits."""

    DECLINED = "declined"  # said that they can't come, to an invitation or elsewhere
    INVITED = "invited"
    REGISTERED = "registered"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"


MAIL_LESS = frozenset({Hindrance.OPTED_OUT, Hindrance.NO_ADDRESS})
"""Who can be let in without a mail, and only so."""


class Fate(enum.StrEnum):
    """What became of an invitation, the weightiest first."""

    REGISTERED = "registered"
    DECLINED = "declined"  # said so, or gave the place up again
    OPTED_OUT = "opted_out"
    UNREACHED = "unreached"  # the mail was refused
    UNSENT = "unsent"  # none went out: they wanted none when its turn came, or had no address
    QUEUED = "queued"
    SILENT = "silent"


class Mailing(enum.StrEnum):
    """Where the latest mail with it stands, of those that were not held back."""

    NONE = "none"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may come to the meetup by this cohort; somebody of two cohorts is two of these."""

    person_id: int
    cohort_id: int
    invited: bool
    registered: bool
    opted_out: bool
    has_address: bool
    declined: bool = False

    @property
    def hindrance(self) -> Hindrance | None:
        if self.declined and not self.registered:
            return Hindrance.DECLINED
        if self.invited:
            return Hindrance.INVITED
        if self.registered:
            return Hindrance.REGISTERED
        if self.opted_out:
            return Hindrance.OPTED_OUT
        return None if self.has_address else Hindrance.NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an invitation stands. `invited`: False where it says just that they said elsewhere that they can't come.
    `gave_up`: they cancelled since the mail. `reachable`: the person has a working
    address, this or another. `may_come`: the meetup is still for them."""

    invitation_id: int
    person_id: int
    batch_id: int
    mailed_at: dt.datetime
    mailing: Mailing
    registered: bool
    gave_up: bool
    declined: bool
    opted_out: bool
    reachable: bool
    may_come: bool
    reminders: int = 0
    invited: bool = True

    @property
    def fate(self) -> Fate:
        if self.registered:
            return Fate.REGISTERED
        if self.declined or self.gave_up:
            return Fate.DECLINED
        if self.opted_out:
            return Fate.OPTED_OUT
        return _OF_MAIL[self.mailing]

    def may_be_reminded(self, at: dt.datetime) -> bool:
        """Who got the mail a day ago or longer and said nothing; of those without a mail, who can be reached by now."""
        if not self.may_come or (self.fate in WITHOUT_MAIL and not self.reachable):
            return False
        if self.fate is Fate.UNSENT:
            return True
        return self.fate in {Fate.SILENT, Fate.UNREACHED} and at - self.mailed_at >= REMIND_AFTER


WITHOUT_MAIL = frozenset({Fate.UNREACHED, Fate.UNSENT})
_OF_MAIL = {
    Mailing.NONE: Fate.UNSENT,
    Mailing.QUEUED: Fate.QUEUED,
    Mailing.SENT: Fate.SILENT,
    Mailing.FAILED: Fate.UNREACHED,
}


def to_invite(
    candidates: Iterable[Candidate], cohorts: frozenset[int], people: frozenset[int]
) -> tuple[set[int], dict[Hindrance, set[int]]]:
    """Of the cohorts and people that were chosen: whom to invite, and whom not for what reason. Each person once."""
    going: set[int] = set()
    held: dict[Hindrance, set[int]] = {}
    for each in candidates:
        if each.cohort_id in cohorts or each.person_id in people:
            reason = each.hindrance
            (held.setdefault(reason, set()) if reason else going).add(each.person_id)
    return going, held
