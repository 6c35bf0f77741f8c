"""What organizers decide about people."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.db import db
from app.domain.seating.approvals import Decision, Rest, Wish
from app.domain.seating.pools import GuestRole
from app.models import Person
from app.services.alumni import joining
from app.services.inviting import meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.registering import claim_decisions, companions, registrations
from app.services.seating import approvals, reserved_seats, seat_release, waitlist
from tests.support.seat_life.life import ORGANIZER, PEOPLE, WHO, Life


class Desk(Life):
    @rule(who=WHO)
    def invites(self, who: int) -> None:
        choice = Choice(frozenset(), frozenset({self.people[who].id}))
        self.tries(lambda: meetup_invitations.invite(self.meetup_id, choice, "", ORGANIZER))

    @rule(who=st.sets(WHO, max_size=4), decision=st.sampled_from(Decision), rest=st.sampled_from(Rest))
    def decides(self, who: set[int], decision: Decision, rest: Rest) -> None:
        named = frozenset(row.reference for one in sorted(who) if (row := self.place_of(one)))
        wish = Wish(decision=decision, references=named, note="왜", rest=rest)
        self.tries(lambda: approvals.decide(self.meetup_id, wish, ORGANIZER))

    @rule(who=WHO, cohort=st.integers(0, 1), how=st.sampled_from(["link", "add", "refuse"]))
    def decides_a_list_check(self, who: int, cohort: int, how: str) -> None:
        if not (check := next(iter(claim_decisions.waiting(self.meetup_id, start=0, size=1)), None)):
            return
        row, person, joins = check.registration_id, self.people[who].id, self.cohorts[cohort].id
        acts = {
            "link": lambda: claim_decisions.link(row, person, ORGANIZER, "왜"),
            "add": lambda: claim_decisions.add(row, joins, "새 이름", ORGANIZER, "왜"),
            "refuse": lambda: claim_decisions.refuse(row, "왜", ORGANIZER),
        }
        self.tries(acts[how])

    @rule(who=WHO)
    def takes_a_refusal_back(self, who: int) -> None:
        if row := self.last_of(who):
            self.tries(lambda: approvals.take_back(row.id, ORGANIZER))

    @rule(kept=WHO, other=WHO)
    def finds_that_two_are_one(self, kept: int, other: int) -> None:
        stays, goes = self.people[kept].id, self.people[other].id
        self.tries(lambda: joining.join(self.program_id, stays, goes, ORGANIZER, "왜"))
        if db.session.get(Person, goes) is None:
            same = self.people[kept]
            self.people = [same if person.id == goes else person for person in self.people]

    @rule(who=WHO)
    def takes_a_place_back(self, who: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: registrations.decline(row.id, ORGANIZER, "왜"))

    @rule(who=WHO, place=st.integers(1, PEOPLE))
    def moves(self, who: int, place: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: waitlist.move(row.id, place, "왜", ORGANIZER))

    @rule(who=WHO)
    def gives(self, who: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: waitlist.confirm(row.id, "왜", ORGANIZER))

    @rule(who=WHO)
    def offers_directly(self, who: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: waitlist.offer(row.id, "왜", ORGANIZER))

    @rule(who=WHO, role=st.sampled_from(GuestRole))
    def names_a_guest(self, who: int, role: GuestRole) -> None:
        person = self.people[who].id
        self.tries(lambda: reserved_seats.assign(self.meetup_id, person, role, ORGANIZER))
        self.short = self.sees().short

    @rule(who=WHO, keep=st.booleans())
    def takes_a_guest_off(self, who: int, keep: bool) -> None:
        person = self.people[who].id
        self.tries(lambda: reserved_seats.release(self.meetup_id, person, ORGANIZER, keep_seat=keep))
        self.short = self.sees().short  # the seat that they keep is of their cohort now

    @rule(who=WHO, number=st.integers(0, 2))
    def brings_companions(self, who: int, number: int) -> None:
        if row := self.place_of(who):
            self.tries(lambda: companions.set_number(row.id, number, ORGANIZER))

    @rule(who=WHO, kept=st.booleans())
    def lets_keep(self, who: int, kept: bool) -> None:
        if row := self.place_of(who):
            self.tries(lambda: seat_release.keep(row.id, ORGANIZER, kept=kept))
