"""What the meetup costs, and what comes in."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.clock import now
from app.domain.fees.terms import Terms
from app.services.fees import payments, terms
from tests.support.seat_life.life import ORGANIZER, WHO, Life

ACCOUNT = {"bank": "예시은행", "account": "110-1234", "holder": "동문회"}


class Fee(Life):
    @rule(
        amount=st.sampled_from([0, 30_000, 30_000]),
        days=st.sampled_from([None, 1, 3]),
        hours=st.sampled_from([None, 30, 70]),
        passes_on=st.sampled_from([True, True, False]),
        of_companions=st.booleans(),
    )
    def asks_for_a_fee(
        self, amount: int, days: int | None, hours: int | None, passes_on: bool, of_companions: bool
    ) -> None:
        """Within some days of getting the seat, or some hours from now."""
        wanted = Terms(
            amount=amount,
            days=days,
            until=now() + dt.timedelta(hours=hours) if hours else None,
            passes_on=passes_on and (days or hours) is not None,
            of_companions=of_companions,
            **ACCOUNT,
        )
        self.tries(lambda: terms.save(self.meetup_id, wanted, ORGANIZER))

    @rule(who=WHO, amount=st.sampled_from([None, None, 0, 10_000]))
    def pays(self, who: int, amount: int | None) -> None:
        """All that they owe, a part of it, or nothing is wanted of them; also of somebody whose seat is gone."""
        if row := self.last_of(who):
            self.tries(lambda: payments.book(row.id, amount, ORGANIZER))
            if payment := self.sees().payments.get(row.id):
                self.paid[row.id] = payment.amount

    @rule(who=WHO)
    def did_not_pay_after_all(self, who: int) -> None:
        if row := self.last_of(who):
            self.tries(lambda: payments.take_back(row.id, ORGANIZER))
            payment = self.sees().payments.get(row.id)
            self.paid[row.id] = payment.amount if payment else None

    @rule(who=WHO, done=st.booleans())
    def gets_the_money_back(self, who: int, done: bool) -> None:
        if row := self.last_of(who):
            self.tries(lambda: payments.refund(row.id, ORGANIZER, done=done))

    @rule(who=WHO, kept=st.booleans())
    def keeps_an_unpaid_seat(self, who: int, kept: bool) -> None:
        if row := self.place_of(who):
            self.tries(lambda: payments.keep(row.id, ORGANIZER, kept=kept))
