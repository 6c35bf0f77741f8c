"""Who gets a seat: the arithmetic behind rule 1, for values taken under the seat lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.registering.registrations import Status

MOST_COMPANIONS = 20  # on one ticket; more is a group with registrations of their own


@dataclass(frozen=True)
class Seating:
    """A meetup's seats at one instant. `held` counts confirmed and offered with their companions,
    `waiting` the waitlist, `promised` the seats of a draw that is still to be held.
    """

    capacity: int
    held: int
    waiting: int
    promised: int = 0

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.held - self.promised)

    @property
    def over_by(self) -> int:
        """By how many the seats are exceeded: after a lowered capacity or an admitted walk-in."""
        return max(0, self.held + self.promised - self.capacity)

    def with_more(self, people: int) -> Seating:
        """The seats once so many more are held, or fewer."""
        return replace(self, held=self.held + people)


def place(seating: Seating) -> Status:
    """What a newcomer gets: a seat, or a place in line when none is free or others wait already.

    Those who wait may do so beside free seats: promotion is paused, or a party needs more than are free.
    """
    return Status.CONFIRMED if seating.free and not seating.waiting else Status.WAITLISTED


def fitting(free: int, parties: Sequence[int]) -> int:
    """How many of these parties, in their order, the free seats take: nobody overtakes one that does not fit."""
    fit = 0
    for people in parties:
        if people > free:
            break
        fit, free = fit + 1, free - people
    return fit


def moved(line: Sequence[int], who: int, place: int) -> list[int]:
    """The line with `who` at another place, counted from 1; the others keep their order."""
    others = [each for each in line if each != who]
    return [*others[: place - 1], who, *others[place - 1 :]]


def promotions(seating: Seating) -> int:
    """How many of those waiting move up now. Never more than are free; none while over capacity."""
    return min(seating.free, seating.waiting)
