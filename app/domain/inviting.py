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

    INVITED = "invited"
    REGISTERED = "registered"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"


class Fate(enum.StrEnum):
    """What became of an invitation, the weightiest first."""

    REGISTERED = "registered"
    DECLINED = "declined"  # said so, or gave the place up again
    OPTED_OUT = "opted_out"
    UNREACHED = "unreached"  # the mail was refused, or is no longer owed
    QUEUED = "queued"
    SILENT = "silent"


class Mailing(enum.StrEnum):
    """Where the mail with it stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may come to the meetup by this cohort; somebody of two cohorts is two of these."""

    person_id: int
    cohort_id: int
    invited: bool
    registered: bool
    opted_out: bool
    has_address: bool

    @property
    def hindrance(self) -> Hindrance | None:
        if self.invited:
            return Hindrance.INVITED
        if self.registered:
            return Hindrance.REGISTERED
        if self.opted_out:
            return Hindrance.OPTED_OUT
        return None if self.has_address else Hindrance.NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an invitation stands. `gave_up`: their registration has ended. `reachable`: the person has a
    working address, this or another."""

    invitation_id: int
    person_id: int
    mailed_at: dt.datetime
    mailing: Mailing
    registered: bool
    gave_up: bool
    declined: bool
    opted_out: bool
    reachable: bool

    @property
    def fate(self) -> Fate:
        if self.registered:
            return Fate.REGISTERED
        if self.declined or self.gave_up:
            return Fate.DECLINED
        if self.opted_out:
            return Fate.OPTED_OUT
        if self.mailing in {Mailing.FAILED, Mailing.UNWANTED}:  # of the unwanted, who wants them again by now
            return Fate.UNREACHED
        return Fate.QUEUED if self.mailing is Mailing.QUEUED else Fate.SILENT

    def may_be_reminded(self, at: dt.datetime) -> bool:
        """Who got the mail a day ago or longer and said nothing; of the unreached, who can be reached by now."""
        waits = self.fate is Fate.SILENT or (self.fate is Fate.UNREACHED and self.reachable)
        return waits and at - self.mailed_at >= REMIND_AFTER


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
