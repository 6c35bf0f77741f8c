"""Seats that are kept: a guarantee for cohorts until a date, and reserved ones for persons who are named.

The whole rule, as people read it, is in docs/decisions/0019-seat-pools.md. A guarantee is not a fence: a cohort's people take from
what is kept for it first, then from the common seats like everybody. Which pool a seat is of is derived, never stored.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class GuestRole(enum.StrEnum):
    """As what somebody has a reserved seat."""

    SPEAKER = "speaker"
    GUEST = "guest"
    GUEST_OF_HONOUR = "guest_of_honour"


@dataclass(frozen=True)
class Pool:
    """Seats that are kept for some, how many people of theirs have one, and how many of their parties wait."""

    seats: int = 0
    taken: int = 0
    waiting: int = 0

    @property
    def unused(self) -> int:
        return max(0, self.seats - self.taken)


@dataclass(frozen=True)
class Kept:
    """The seats that are kept, at one instant. `reserved`: of those who are named, one seat each."""

    reserved: Pool
    cohorts: Mapping[int, Pool]

    @property
    def unused(self) -> int:
        return self.reserved.unused + self.for_cohorts

    @property
    def taken_of_quotas(self) -> int:
        """How many of the seats that are kept for cohorts are taken."""
        return sum(min(pool.taken, pool.seats) for pool in self.cohorts.values())

    @property
    def for_cohorts(self) -> int:
        return sum(pool.unused for pool in self.cohorts.values())


NOTHING = Kept(Pool(), {})


@dataclass(frozen=True)
class Party:
    """Who asks for seats: how many people, of which cohort, and whether one of the reserved seats is theirs."""

    people: int = 1
    cohort: int | None = None
    reserved: bool = False


class Room:
    """Free seats while they are given out. Reserved ones come first where too few are free for all that is promised."""

    def __init__(self, free: int, kept: Kept) -> None:
        self.reserved = min(free, kept.reserved.unused)
        self.open = free - self.reserved  # to whoever has no reserved seat
        self.quotas = {cohort: pool.unused for cohort, pool in kept.cohorts.items() if pool.unused}
        self.common = max(0, self.open - kept.for_cohorts)

    def seats_for(self, party: Party) -> int:
        """So many of the free seats this party's people may have."""
        own = self.quotas.get(party.cohort, 0) if party.cohort else 0
        return self._reserved_for(party) + min(self.open, own + self.common)

    def take(self, party: Party) -> bool:
        """Give the party its seats if there are enough: the reserved one, then its cohort's, then common ones."""
        if party.people > self.seats_for(party):
            return False
        rest = party.people - self._reserved_for(party)
        self.reserved -= self._reserved_for(party)
        own = min(rest, self.quotas.get(party.cohort, 0)) if party.cohort else 0
        if own and party.cohort:
            self.quotas[party.cohort] -= own
        self.open, self.common = self.open - rest, self.common - (rest - own)
        return True

    def wait_for(self, party: Party) -> None:
        """Nobody behind this party takes a seat that it could have: its cohort's are closed, and the common ones."""
        self.common = 0
        if party.cohort:
            self.quotas.pop(party.cohort, None)

    def _reserved_for(self, party: Party) -> int:
        return min(1, self.reserved, party.people) if party.reserved else 0


def seated(free: int, kept: Kept, line: Sequence[Party]) -> list[int]:
    """Who of a line gets seats, as indices into it, in its order.

    A party that does not fit is waited for: nobody behind it takes a seat of its pools. Whoever has a seat kept that it could not
    have anyway takes nothing from it.
    """
    room, chosen = Room(free, kept), []
    for index, party in enumerate(line):
        if room.take(party):
            chosen.append(index)
        else:
            room.wait_for(party)
    return chosen
