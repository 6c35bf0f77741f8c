"""Who gets a seat: the arithmetic behind rule 1, for values taken under the seat lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.registering.registrations import Status
from app.domain.seating.pools import NOTHING, Kept, Party, Room

MOST_COMPANIONS = 20  # on one ticket; more is a group with registrations of their own


@dataclass(frozen=True)
class Seating:
    """A meetup's seats at one instant. `held` counts confirmed and offered with their companions,
    `waiting` the waitlist, `promised` the seats of a draw that is still to be held. `kept`: seats that are not for everybody.
    """

    capacity: int
    held: int
    waiting: int
    promised: int = 0
    kept: Kept = NOTHING

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.held - self.promised)

    @property
    def over_by(self) -> int:
        """By how many the seats are exceeded: after a lowered capacity or an admitted walk-in."""
        return max(0, self.held + self.promised - self.capacity)

    @property
    def common(self) -> int:
        """Free seats that are kept for nobody."""
        return self.room.common

    @property
    def room(self) -> Room:
        """The free seats, to give out past the line: an organizer's own act, or the door's."""
        return Room(self.free, self.kept)

    @property
    def room_behind_the_line(self) -> Room:
        """The free seats that nobody who waits could have."""
        room = self.room
        if self.waiting:
            room.common = 0
        for cohort, pool in self.kept.cohorts.items():
            if pool.waiting:
                room.quotas.pop(cohort, None)
        return room

    def with_more(self, people: int) -> Seating:
        """The seats once so many more are held, or fewer."""
        return replace(self, held=self.held + people)


def place(seating: Seating, party: Party) -> Status:
    """What a newcomer gets: a seat, or a place in line when none is free for them or others wait for it already.

    Those who wait may do so beside free seats: promotion is paused, a party needs more than are free, or they are kept for others.
    """
    return Status.CONFIRMED if seating.room_behind_the_line.take(party) else Status.WAITLISTED


def moved(line: Sequence[int], who: int, place: int) -> list[int]:
    """The line with `who` at another place, counted from 1; the others keep their order."""
    others = [each for each in line if each != who]
    return [*others[: place - 1], who, *others[place - 1 :]]


def promotions(seating: Seating) -> int:
    """How many parties can move up now at most: never more than seats are free; none while over capacity."""
    return min(seating.free, seating.waiting)
