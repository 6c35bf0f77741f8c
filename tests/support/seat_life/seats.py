"""How organizers let the seats be given: how many there are, for whom, by which rules, and the draw."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.clock import now
from app.db import db, transaction
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_pools import SeatPools
from app.domain.seating.seat_rules import SeatRules
from app.models import Meetup
from app.services.door import walk_ins
from app.services.seating import (
    draw_entries,
    draw_holding,
    promotion,
    seat_pools,
    seat_rules,
    waitlist,
)
from tests.support.draws import draw_rules
from tests.support.seat_life.life import ORGANIZER, Life

# Hours before the start in two weeks, when people are asked if they still come and when the silent lose their seat:
# both within the first days.
ASKS = ((None, None), (335, 306), (335, None), (320, 300))


class Seats(Life):
    @rule()
    def pauses(self) -> None:
        self.tries(lambda: waitlist.pause(self.meetup_id, "왜", ORGANIZER))

    @rule()
    def goes_on(self) -> None:
        self.tries(lambda: waitlist.resume(self.meetup_id, ORGANIZER))

    @rule(seats=st.integers(1, 6))
    def sets_the_seats(self, seats: int) -> None:
        self.seen = None
        with transaction() as session:
            meetup = Meetup.locked(session, self.meetup_id)
            meetup.capacity = max(seats, meetup.promises(now()).total)
            promotion.promote(session, meetup)
        self.allowed, self.short = self.sees().seating.over_by, self.sees().short

    @rule(
        reserved=st.integers(0, 2),
        first=st.integers(0, 2),
        second=st.integers(0, 2),
        hours=st.sampled_from([2, 30]),
    )
    def keeps_seats(self, reserved: int, first: int, second: int, hours: int) -> None:
        """For those who are named, and for each cohort until some hours from now."""
        each = zip(self.cohorts, (first, second), strict=True)
        quotas = {cohort.id: seats for cohort, seats in each if seats}
        wanted = SeatPools(reserved=reserved, quotas=quotas, until=now() + dt.timedelta(hours=hours))
        self.tries(lambda: seat_pools.save(self.meetup_id, wanted, ORGANIZER))
        self.short = self.sees().short

    @rule(
        mode=st.sampled_from(Mode),
        freed=st.sampled_from(FreedSeats),
        hours=st.integers(1, 48),
        asks=st.sampled_from(ASKS),
        behind=st.booleans(),
    )
    def sets_the_rules(
        self, mode: Mode, freed: FreedSeats, hours: int, asks: tuple[int | None, int | None], behind: bool
    ) -> None:
        draw = draw_rules(value=f"{hours} o'clock") if mode is Mode.DRAW else None
        wanted = SeatRules(
            mode=mode,
            freed_seats=freed,
            offer_hours=hours,
            last_call_hours=2,
            still_coming_hours=asks[0],
            release_hours=asks[1],
            no_shows_behind=behind,
            draw=draw,
        )
        self.tries(lambda: seat_rules.save(self.meetup_id, wanted, ORGANIZER))
        self.short = self.sees().short  # after a draw, quotas hold again

    @rule(value=st.sampled_from(["1,234.56", "77"]))
    def enters_the_value_of_a_draw(self, value: str) -> None:
        """Where it is a draw's time, or after all that has to pass first."""
        if draw := draw_entries.current(db.session(), self.meetup_id):
            draw_id, known = draw.id, draw.known_at
            self.clock.shift(max(known - now(), dt.timedelta()))
            self.tries(lambda: draw_holding.hold(self.meetup_id, draw_id, value, ORGANIZER))

    @precondition(lambda self: self.walked_in < 2)
    @rule(over=st.booleans())
    def lets_a_walk_in_in(self, over: bool) -> None:
        self.walked_in += 1
        body = {"id": f"00000000-0000-4000-8000-{self.meetup_id:06d}{self.walked_in:06d}", "name": "손님"}
        self.tries(lambda: walk_ins.admit_at_desk(self.meetup_id, self.account_id, body | {"over": over}))
        if over:
            self.allowed = max(self.allowed, self.sees().seating.over_by)
            self.short = max(self.short, self.sees().short)
