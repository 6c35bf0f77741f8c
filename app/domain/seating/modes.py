"""How a meetup gives its seats: to whoever comes first, of all or of the invited, to those whom its organizers choose, or
by a draw."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.seating.pools import Kept, Party, seated


class Mode(enum.StrEnum):
    FIRST_COME = "first_come"
    APPROVAL = "approval"
    DRAW = "draw"
    INVITATION = "invitation"  # only who is invited can register; of these, whoever comes first


IN_ORDER = frozenset({Mode.FIRST_COME, Mode.INVITATION})
"""Modes in which a free seat is whoever's who registers first: nobody applies."""


@dataclass(frozen=True)
class InLine:
    """Somebody without a seat: whether they applied (else they wait), and who comes with them."""

    applied: bool
    party: Party


@dataclass(frozen=True)
class Effect:
    """What becomes of those who applied when seats go to whoever comes first from now on."""

    seated: int
    waiting: int


def without_choosing(free: int, kept: Kept, line: Sequence[InLine]) -> Effect:
    """Nobody chooses any more: all of them are one line in the order of their ranks, and the first get the
    free seats."""
    moving = seated(free, kept, [each.party for each in line])
    got = sum(line[index].applied for index in moving)
    return Effect(got, sum(each.applied for each in line) - got)
