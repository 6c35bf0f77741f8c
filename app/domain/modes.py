"""How a meetup gives its seats: to whoever comes first, or to those whom its organizers choose."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.registrations import Status
from app.domain.seats import Seating, fitting, place


class Mode(enum.StrEnum):
    FIRST_COME = "first_come"
    APPROVAL = "approval"


@dataclass(frozen=True)
class InLine:
    """Somebody without a seat: whether they applied (else they wait), and how many people they are."""

    applied: bool
    people: int


@dataclass(frozen=True)
class Effect:
    """What becomes of those who applied when seats go to whoever comes first from now on."""

    seated: int
    waiting: int


def first_status(mode: Mode, seating: Seating) -> Status:
    """What somebody who registers gets."""
    return place(seating) if mode is Mode.FIRST_COME else Status.APPLIED


def without_choosing(free: int, line: Sequence[InLine]) -> Effect:
    """Nobody chooses any more: all of them are one line in the order of their ranks, and the first get the
    free seats."""
    moving = fitting(free, [each.people for each in line])
    seated = sum(each.applied for each in line[:moving])
    return Effect(seated, sum(each.applied for each in line) - seated)
