"""What people do."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from app.db import db, transaction
from app.domain.seating.modes import Mode
from app.models import MeetupInvitation, Person, Registration
from app.services.registering import companions, registrations, still_coming
from app.services.seating import offers
from tests.support.claiming import claim
from tests.support.registering import register
from tests.support.seat_life.life import WHO, Life


class People(Life):
    @rule(who=WHO)
    def registers(self, who: int) -> None:
        held = self.place_of(who) is not None
        person = db.session.get_one(Person, self.people[who].id)
        self.tries(lambda: register(self.meetup(), person))
        if not held and self.sees().meetup.mode is Mode.INVITATION:
            assert self._is_invited(who) or self.place_of(who) is None, "registered uninvited"

    @precondition(lambda self: self.asked < 3)
    @rule()
    def asks_for_a_list_check(self) -> None:
        """Somebody whose address is on no list."""
        self.asked += 1
        life = f"{self.meetup_id}-{self.asked}"
        self.tries(lambda: claim(self.meetup(), f"new{life}@example.com", client=life))

    @rule(who=WHO)
    def cancels(self, who: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: registrations.cancel(row.id))

    @rule(who=WHO)
    def accepts(self, who: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: offers.accept(row.id))

    @rule(who=WHO, number=st.integers(0, 3))
    def brings_companions_alone(self, who: int, number: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: companions.set_own(row.id, number))

    @rule(who=WHO, ago=st.sampled_from([0, 0, 1]))
    def says_yes(self, who: int, ago: int) -> None:
        """On the page as it is, or as it was before the meetup moved: that is no answer any more."""
        if row := self.place_of(who):
            appointment = self.sees().meetup.appointment - ago
            said = self.tries(lambda: still_coming.say_yes(row.id, appointment))
            assert said is None or not ago, "a yes to an earlier time or place counted"

    @rule(who=WHO)
    def turns_out_to_have_come_to_the_last_meetup(self, who: int) -> None:
        """A phone sends an entry late."""
        self.seen = None
        with transaction() as session:
            row = session.get_one(Registration, self.at_last[who])
            row.admitted_at = row.created_at

    def _is_invited(self, who: int) -> bool:
        theirs = MeetupInvitation.person_id == self.people[who].id
        return db.session.scalar(select(MeetupInvitation.id).where(theirs)) is not None
