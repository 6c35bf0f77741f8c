"""What time does: it passes, the worker does what is due, and mails go out, or don't."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from app.db import db
from app.models import ScheduledAct
from app.services.running import schedule
from tests.support.registering import all_go_out
from tests.support.seat_life import money
from tests.support.seat_life.life import Life

HOURS = ((1,), (6,), (25,), (1, 24, 24, 1), (1, 30, 30))


class Passing(Life):
    @rule(hours=st.sampled_from(HOURS), delivers=st.sampled_from([True, True, True, False]))
    def time_passes(self, hours: tuple[int, ...], delivers: bool) -> None:
        """So many hours, then so many more; `delivers`: the mail server takes mails."""
        for some in hours:
            self.clock.shift(dt.timedelta(hours=some))
            self.seen = None
            while schedule.run_due():
                if delivers:
                    all_go_out()
            if delivers:
                all_go_out()
        failed = select(ScheduledAct.act, ScheduledAct.error).where(ScheduledAct.error.is_not(None))
        assert not db.session.execute(failed).all(), "the worker failed at something"
        money.no_unpaid_seat_outlives_its_deadline(self.sees())
