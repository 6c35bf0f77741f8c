"""Who there is at a meetup that is lived through, and what is remembered from act to act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from flask import current_app
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from app.clock import now
from app.db import db, end_reading
from app.domain.errors import DomainError
from app.domain.registering.registrations import ENDED, Status
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.models import Cohort, Meetup, Person, Program
from tests.factories import make_account, make_alumnus, make_cohort, make_meetup, make_registration
from tests.support.databases import empty_tables
from tests.support.registering import register
from tests.support.seat_life.sight import Sight, look

PEOPLE, SEATS = 8, 3
ORGANIZER = "account:7"
WHO = st.integers(0, PEOPLE - 1)


class Life(RuleBasedStateMachine):
    """Begins with empty tables, so that the last life of a run is as quick as the first."""

    @initialize(mode=st.sampled_from(Mode), freed=st.sampled_from(FreedSeats), behind=st.booleans())
    def open(self, mode: Mode, freed: FreedSeats, behind: bool) -> None:
        db.session.remove()
        empty_tables(current_app)
        cohort = make_cohort()
        other = make_cohort(db.session.get_one(Program, cohort.program_id))
        meetup = make_meetup(
            cohorts=[cohort, other], capacity=SEATS, freed_seats=freed, last_call_hours=2, companions_most=2
        )
        self.meetup_id, self.program_id = meetup.id, meetup.program_id
        self.people = [make_alumnus(other if n % 3 == 2 else cohort) for n in range(PEOPLE)]
        self.cohorts = [cohort, other]
        self._last_meetup(self.cohorts)
        self.account_id = make_account().id
        self.remembers_nothing_yet()
        self.travel = time_machine.travel(now(), tick=False)
        self.clock = self.travel.start()
        self.begins(mode, freed, behind)
        for who in range(SEATS + 3):  # so that few steps lead to a full house with people waiting
            self.tries(lambda who=who: register(self.meetup(), self.people[who]))

    def remembers_nothing_yet(self) -> None:
        self.told = 0  # the newest line of the history that was looked at
        self.allowed = 0  # by how many the seats may be exceeded: rule 1's two acts
        self.short = 0  # how many of the seats that are kept others had before
        self.walked_in = self.asked = self.answered = 0
        self.paid: dict[int, int] = {}  # what came in, by registration
        self.seen: Sight | None = None

    def begins(self, mode: Mode, freed: FreedSeats, behind: bool) -> None:
        """What is set before anybody registers."""
        raise NotImplementedError

    def teardown(self) -> None:
        if hasattr(self, "travel"):
            self.travel.stop()
        db.session.rollback()

    def tries(self, act: Callable[[], Any]) -> Any:
        """What the act gives; None where the house refuses it. Whatever was seen before it is seen anew."""
        self.seen = None
        try:
            return act()
        except DomainError:
            db.session.rollback()
            return None
        finally:
            end_reading()

    def sees(self) -> Sight:
        """How things stand: read again after every act."""
        if self.seen is None:
            self.seen = look(self.meetup_id, self.told)
        return self.seen

    def meetup(self) -> Meetup:
        return db.session.get_one(Meetup, self.meetup_id)

    def last_of(self, who: int) -> Any | None:
        return self.sees().last_of(self.people[who].id)

    def place_of(self, who: int) -> Any | None:
        row = self.last_of(who)
        return row if row and row.status not in ENDED else None

    def seated(self) -> set[int]:
        """The registrations that have a seat for sure."""
        return {row.id for row in self.sees().rows if row.status is Status.CONFIRMED}

    def _last_meetup(self, cohorts: list[Cohort]) -> None:
        """It is over; every other person had a seat there and did not come."""
        at = now() - dt.timedelta(days=9)
        last = make_meetup(cohorts=cohorts, starts_at=at, ends_at=at + dt.timedelta(hours=3))
        self.at_last = [
            make_registration(last, person, admitted_at=None if n % 2 else at).id
            for n, person in enumerate(self.people)
        ]

    def address_of(self, person: Person) -> str:
        return db.session.get_one(Person, person.id).addresses[0].address
