"""The meetup moves: to another time or place, told or not, with the question who still comes or without."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import func, select

from app.clock import now
from app.db import db
from app.domain.registering.moves import Telling
from app.models import OutboxMail
from app.services.registering import moves
from app.services.registering.moves import Announcement
from tests.support.revising import as_it_is, revise
from tests.support.seat_life.life import ORGANIZER, Life

SOON = dt.timedelta(hours=36)


class Moving(Life):
    @rule(
        hours=st.sampled_from([0, 0, 24, 168, -24, -168]),
        hall=st.integers(1, 3),
        telling=st.sampled_from([None, *Telling, Telling.ASK]),
    )
    def moves_the_meetup(self, hours: int, hall: int, telling: Telling | None) -> None:
        """Nobody loses a seat by it, and everybody who has a place is told as was decided."""
        before, seated, mails = self.sees(), self.seated(), self._mails()
        form = as_it_is(self.meetup_id)
        by = dt.timedelta(
            hours=hours if before.meetup.starts_at + dt.timedelta(hours=hours) > now() + SOON else 0
        )
        times = {"starts": form.starts + by, "ends": form.ends + by}
        was, number = before.meetup.appointed(), before.meetup.appointment
        announcement = Announcement(telling) if telling else None
        self.tries(
            lambda: revise(self.meetup_id, announcement, ORGANIZER, place_ko=f"예시홀 {hall}", **times)
        )

        after = self.sees()
        assert seated <= self.seated(), "the move took a seat"
        if after.meetup.appointed() == was:
            return
        is_over, has_begun = after.meetup.ends_at <= now(), after.meetup.starts_at <= now()
        told = [row for row in before.rows if row.address and row.id in after.active and not is_over]
        assert telling or not told, "people weren't told"
        assert self._mails() - mails == (0 if telling in {None, Telling.NOBODY} else len(told))
        asks = telling is Telling.ASK and not has_begun
        assert (after.meetup.appointment > number) is bool(by or asks)
        if after.meetup.appointment > number:
            assert not [row for row in after.rows if row.coming_for == after.meetup.appointment]

    @rule()
    def reminds_of_the_move(self) -> None:
        mails = self._mails()
        self.tries(lambda: moves.remind(self.meetup_id, ORGANIZER))
        assert self._mails() - mails <= len(self.seated())

    def _mails(self) -> int:
        of_meetup = OutboxMail.meetup_id == self.meetup_id, OutboxMail.kind == moves.MAIL
        return db.session.scalar(select(func.count()).select_from(OutboxMail).where(*of_meetup)) or 0
