"""What an online form had collected is brought in: with the times at which people sent it."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.clock import now
from app.domain.elsewhere.columns import Choices
from app.domain.registering.registrations import Status
from app.domain.rosters import Hints
from app.models import Source
from app.services.alumni.rosters import Source as File
from app.services.elsewhere.bringing_in import BroughtIn, bring_in
from tests.support.seat_life.life import ORGANIZER, WHO, Life

HEADING = "타임스탬프,이름,이메일 주소,참석 여부"
NEW = st.just(None)  # somebody whose address is on no list
ANSWER = st.tuples(st.one_of(WHO, WHO, NEW), st.integers(0, 60), st.sampled_from(["참석", "참석", "불참"]))


class Form(Life):
    @rule(answers=st.lists(ANSWER, min_size=1, max_size=4), tells=st.booleans(), cancels=st.booleans())
    def brings_answers_in(
        self, answers: list[tuple[int | None, int, str]], tells: bool, cancels: bool
    ) -> None:
        """Whoever has a seat keeps it, unless they have said since that they don't come. Once more changes nothing."""
        said = [(self._who(who), now() - dt.timedelta(hours=hours), coming) for who, hours, coming in answers]
        before, seated = self.sees(), self.seated()
        stay_away = {address for (_, address), _, coming in said if coming == "불참"}
        if self._bring_in(said, tells=tells, cancels=cancels) is None:
            assert self.sees().rows == before.rows, "a refused file wrote something"
            return

        after = self.sees()
        ended = {row.id for row in after.rows if row.status is Status.CANCELLED}
        gave_up = seated & ended
        assert seated - gave_up <= self.seated(), "answers took a seat"
        if gave_up:
            assert cancels
            assert {self._address_of(after.by_id[number]) for number in gave_up} <= stay_away
        new = [row for row in after.rows if row.id not in before.by_id]
        times = {(address, at.replace(microsecond=0)) for (_, address), at, _ in said}
        assert {(row.address, row.created_at) for row in new} <= times
        assert all(row.source is Source.ELSEWHERE for row in new)
        assert self._bring_in(said, tells=tells, cancels=cancels) == BroughtIn()
        assert self.sees().rows == after.rows, "the same file once more changed something"

    def _bring_in(
        self, said: list[tuple[tuple[str, str], dt.datetime, str]], *, tells: bool, cancels: bool
    ) -> BroughtIn | None:
        lines = [f"{at:%Y-%m-%d %H:%M:%S}Z,{name},{address},{coming}" for (name, address), at, coming in said]
        file = File("\n".join([HEADING, *lines]).encode(), "answers.csv")
        found: BroughtIn | None = self.tries(
            lambda: bring_in(
                self.meetup_id,
                file,
                Hints(completed_for_all=True),
                Choices(),
                ORGANIZER,
                tells=tells,
                cancels=cancels,
            )
        )
        return found

    def _who(self, who: int | None) -> tuple[str, str]:
        if who is None:
            self.answered += 1
            return f"새이름{self.answered}", f"form{self.meetup_id}-{self.answered}@example.com"
        person = self.people[who]
        return person.name, self.address_of(person)

    @staticmethod
    def _address_of(row: object) -> str:
        return row.address  # type: ignore[attr-defined, no-any-return]
