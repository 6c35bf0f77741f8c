"""All acts, and everything that must hold after each."""

from __future__ import annotations

import sys

from hypothesis.stateful import invariant

from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from tests.support.seat_life import history, money, order, places
from tests.support.seat_life.desk import Desk
from tests.support.seat_life.fee import Fee
from tests.support.seat_life.form import Form
from tests.support.seat_life.life import SEATS
from tests.support.seat_life.moving import Moving
from tests.support.seat_life.passing import Passing
from tests.support.seat_life.people import People
from tests.support.seat_life.seats import ASKS, Seats


class SeatLife(People, Desk, Seats, Fee, Moving, Form, Passing):
    lived = 0
    """How many lives there were in this process."""

    def begins(self, mode: Mode, freed: FreedSeats, behind: bool) -> None:
        for who in range(SEATS + 3):
            self.invites(who)
        self.sets_the_rules(mode, freed, 24, ASKS[1], behind)

    def teardown(self) -> None:
        super().teardown()
        SeatLife.lived += 1
        if SeatLife.lived % 100 == 0:
            print(f"{SeatLife.lived} lives", file=sys.__stderr__, flush=True)

    @invariant()
    def all_of_it_holds(self) -> None:
        sight = self.sees()
        self._the_seats_are_exceeded_by_rule_1s_two_acts_alone()
        self._no_seat_that_is_kept_goes_to_others()
        for holds in (*places.HOLDS, *order.HOLDS, *history.HOLDS, *money.HOLDS):
            holds(sight)
        money.what_came_in_stays_booked(sight, self.paid)
        self.told = max((event.id for event in sight.fresh), default=self.told)

    def _the_seats_are_exceeded_by_rule_1s_two_acts_alone(self) -> None:
        over = self.sees().seating.over_by
        assert over <= self.allowed
        self.allowed = over

    def _no_seat_that_is_kept_goes_to_others(self) -> None:
        """But for those that others had before it was kept, and for whom a supervisor let in."""
        assert self.sees().short <= self.short
        self.short = self.sees().short
