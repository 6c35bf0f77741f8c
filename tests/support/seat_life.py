"""A meetup's seats lived through at random, by the services, with everything that must hold after each step."""

from __future__ import annotations

import datetime as dt

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import ENDED, may_become
from app.domain.registering.still_coming import SHORTEST_ANSWER_HOURS
from app.domain.seating.approvals import Decision, Rest, Wish
from app.domain.seating.draw_files import verify
from app.domain.seating.drawing import Drawing
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.pools import GuestRole
from app.domain.seating.seat_pools import SeatPools
from app.domain.seating.seat_rules import SeatRules
from app.models import (
    Cohort,
    Meetup,
    MeetupInvitation,
    Person,
    Program,
    Registration,
    RegistrationEvent,
    Status,
    Ticket,
)
from app.services.alumni import joining
from app.services.door import walk_ins
from app.services.inviting import meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.registering import claim_decisions, companions, registrations, still_coming
from app.services.running import schedule
from app.services.seating import (
    approvals,
    draw_entries,
    draw_holding,
    offers,
    promotion,
    reserved_seats,
    seat_counts,
    seat_pools,
    seat_release,
    seat_rules,
    waitlist,
)
from tests.factories import make_account, make_alumnus, make_cohort, make_meetup, make_registration
from tests.support.claiming import claim
from tests.support.draws import draw_rules
from tests.support.registering import all_go_out, register

PEOPLE, SEATS = 8, 3
ORGANIZER = "account:7"
# Hours before the start in two weeks, when people are asked if they still come and when the silent lose their seat:
# both within the first days.
ASKS = ((None, None), (335, 306), (335, None), (320, 300))
WHO = st.integers(0, PEOPLE - 1)


class SeatLife(RuleBasedStateMachine):
    """Every rule is one act of somebody; what the rules of the house refuse changes nothing."""

    @initialize(mode=st.sampled_from(Mode), freed=st.sampled_from(FreedSeats), behind=st.booleans())
    def open(self, mode: Mode, freed: FreedSeats, behind: bool) -> None:
        cohort = make_cohort()
        other = make_cohort(db.session.get_one(Program, cohort.program_id))
        self.meetup_id = make_meetup(
            cohorts=[cohort, other], capacity=SEATS, freed_seats=freed, last_call_hours=2, companions_most=2
        ).id
        self.people = [make_alumnus(other if n % 3 == 2 else cohort) for n in range(PEOPLE)]
        self._last_meetup([cohort, other])
        self.cohorts = [cohort, other]
        self.short = 0  # how many of the seats that are kept others had before
        self.told = 0  # the newest line of the history that was looked at
        self.allowed = 0  # by how many the seats may be exceeded: rule 1's two acts
        self.walked_in = self.asked = 0
        self.account_id = make_account().id
        self.travel = time_machine.travel(now(), tick=False)
        self.clock = self.travel.start()
        for who in range(SEATS + 3):
            self.invites(who)
        self.sets_the_rules(mode, freed, 24, ASKS[1], behind)
        for who in range(SEATS + 3):  # so that few steps lead to a full house with people waiting
            register(self._meetup(), self._person(who))

    def teardown(self) -> None:
        if hasattr(self, "travel"):
            self.travel.stop()
        db.session.rollback()

    # What people do

    @rule(who=WHO)
    def registers(self, who: int) -> None:
        held = self._place_of(who) is not None
        self._try(lambda: register(self._meetup(), self._person(who)))
        if not held and self._meetup().mode is Mode.INVITATION:
            assert self._is_invited(who) or self._place_of(who) is None, "registered uninvited"

    @precondition(lambda self: self.asked < 3)
    @rule()
    def asks_for_a_list_check(self) -> None:
        """Somebody whose address is on no list."""
        self.asked += 1
        life = f"{self.meetup_id}-{self.asked}"
        self._try(lambda: claim(self._meetup(), f"new{life}@example.com", client=life))

    @rule(who=WHO)
    def cancels(self, who: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: registrations.cancel(row.id))

    @rule(who=WHO)
    def accepts(self, who: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: offers.accept(row.id))

    # What organizers do

    @rule(who=WHO)
    def invites(self, who: int) -> None:
        choice = Choice(frozenset(), frozenset({self._person(who).id}))
        self._try(lambda: meetup_invitations.invite(self.meetup_id, choice, "", ORGANIZER))

    @rule(who=st.sets(WHO, max_size=4), decision=st.sampled_from(Decision), rest=st.sampled_from(Rest))
    def decides(self, who: set[int], decision: Decision, rest: Rest) -> None:
        named = frozenset(row.reference for one in sorted(who) if (row := self._place_of(one)))
        wish = Wish(decision=decision, references=named, note="왜", rest=rest)
        self._try(lambda: approvals.decide(self.meetup_id, wish, ORGANIZER))

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
        self._try(acts[how])

    @rule(who=WHO)
    def takes_a_refusal_back(self, who: int) -> None:
        if row := self._last_of(who):
            self._try(lambda: approvals.take_back(row.id, ORGANIZER))

    @rule(kept=WHO, other=WHO)
    def finds_that_two_are_one(self, kept: int, other: int) -> None:
        stays, goes = self.people[kept].id, self.people[other].id
        self._try(lambda: joining.join(self._meetup().program_id, stays, goes, ORGANIZER, "왜"))
        if db.session.get(Person, goes) is None:
            same = self.people[kept]
            self.people = [same if person.id == goes else person for person in self.people]

    @rule(who=WHO)
    def takes_a_place_back(self, who: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: registrations.decline(row.id, ORGANIZER, "왜"))

    @rule(who=WHO, place=st.integers(1, PEOPLE))
    def moves(self, who: int, place: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: waitlist.move(row.id, place, "왜", ORGANIZER))

    @rule(who=WHO)
    def gives(self, who: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: waitlist.confirm(row.id, "왜", ORGANIZER))

    @rule(who=WHO)
    def offers_directly(self, who: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: waitlist.offer(row.id, "왜", ORGANIZER))

    @rule()
    def pauses(self) -> None:
        self._try(lambda: waitlist.pause(self.meetup_id, "왜", ORGANIZER))

    @rule()
    def goes_on(self) -> None:
        self._try(lambda: waitlist.resume(self.meetup_id, ORGANIZER))

    @rule(seats=st.integers(1, 6))
    def sets_the_seats(self, seats: int) -> None:
        with transaction() as session:
            meetup = Meetup.locked(session, self.meetup_id)
            meetup.capacity = max(seats, meetup.promises(now()).total)
            promotion.promote(session, meetup)
        self.allowed, self.short = self._over(), self._short()

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
        self._try(lambda: seat_pools.save(self.meetup_id, wanted, ORGANIZER))
        self.short = self._short()

    @rule(who=WHO, role=st.sampled_from(GuestRole))
    def names_a_guest(self, who: int, role: GuestRole) -> None:
        self._try(lambda: reserved_seats.assign(self.meetup_id, self.people[who].id, role, ORGANIZER))
        self.short = self._short()

    @rule(who=WHO, keep=st.booleans())
    def takes_a_guest_off(self, who: int, keep: bool) -> None:
        person = self.people[who].id
        self._try(lambda: reserved_seats.release(self.meetup_id, person, ORGANIZER, keep_seat=keep))
        self.short = self._short()  # the seat that they keep is of their cohort now

    @rule(who=WHO, number=st.integers(0, 2))
    def brings_companions(self, who: int, number: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: companions.set_number(row.id, number, ORGANIZER))

    @rule(who=WHO, number=st.integers(0, 3))
    def brings_companions_alone(self, who: int, number: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: companions.set_own(row.id, number))

    @rule(who=WHO)
    def says_yes(self, who: int) -> None:
        if row := self._place_of(who):
            self._try(lambda: still_coming.say_yes(row.id, self._meetup().appointment))

    @rule(who=WHO, kept=st.booleans())
    def lets_keep(self, who: int, kept: bool) -> None:
        if row := self._place_of(who):
            self._try(lambda: seat_release.keep(row.id, ORGANIZER, kept=kept))

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
        self._try(lambda: seat_rules.save(self.meetup_id, wanted, ORGANIZER))
        self.short = self._short()  # after a draw, quotas hold again

    @rule(value=st.sampled_from(["1,234.56", "77"]))
    def enters_the_value_of_a_draw(self, value: str) -> None:
        """Where it is a draw's time, or after all that has to pass first."""
        if draw := draw_entries.current(db.session(), self.meetup_id):
            draw_id, known = draw.id, draw.known_at
            self.clock.shift(max(known - now(), dt.timedelta()))
            self._try(lambda: draw_holding.hold(self.meetup_id, draw_id, value, ORGANIZER))

    @precondition(lambda self: self.walked_in < 2)
    @rule(over=st.booleans())
    def lets_a_walk_in_in(self, over: bool) -> None:
        self.walked_in += 1
        body = {"id": f"00000000-0000-4000-8000-{self.meetup_id:06d}{self.walked_in:06d}", "name": "손님"}
        self._try(lambda: walk_ins.admit_at_desk(self.meetup_id, self.account_id, body | {"over": over}))
        self.allowed = max(self.allowed, self._over() if over else 0)
        self.short = max(self.short, self._short() if over else 0)

    # What time does

    @rule(hours=st.sampled_from([1, 6, 25]))
    def time_passes(self, hours: int) -> None:
        self.clock.shift(dt.timedelta(hours=hours))
        while schedule.run_due():
            all_go_out()

    # What holds

    @invariant()
    def the_seats_are_exceeded_by_rule_1s_two_acts_alone(self) -> None:
        assert self._over() <= self.allowed
        self.allowed = self._over()

    @invariant()
    def no_seat_that_is_kept_goes_to_others(self) -> None:
        """But for those that others had before it was kept, and for whom a supervisor let in."""
        assert self._short() <= self.short
        self.short = self._short()

    @invariant()
    def everybody_who_is_named_has_a_seat_of_those_that_are_reserved(self) -> None:
        names = [named for named, _ in reserved_seats.of_meetup(self.meetup_id)]
        assert len(names) <= self._meetup().reserved_seats

    @invariant()
    def one_person_has_one_place(self) -> None:
        active = (
            select(func.count())
            .where(Registration.meetup_id == self.meetup_id, Registration.status.not_in(ENDED))
            .group_by(Registration.person_id)
        )
        assert set(db.session.scalars(active)) <= {1}

    @invariant()
    def a_freed_seat_went_on(self) -> None:
        meetup = self._meetup()
        seating = seat_counts.seating_of(db.session(), meetup)
        too_late = meetup.freed_seats is FreedSeats.OFFER and promotion.deadline(meetup) is None
        if not promotion.stopped(meetup, None) and not too_late:
            line = list(db.session.scalars(seat_counts.line(meetup.id).order_by(Registration.rank)))
            seen: set[int | None] = set()
            for party in seat_counts.parties_of(db.session(), meetup, line):
                room = seating.room
                room.common = 0 if seen else room.common
                if party.cohort in seen:
                    room.quotas.clear()
                assert not room.take(party), "somebody for whom seats are free still waits"
                seen.add(party.cohort)

    @invariant()
    def the_history_tells_it_all(self) -> None:
        rows = list(db.session.scalars(select(Registration).where(Registration.meetup_id == self.meetup_id)))
        for row in rows:
            events = self._events(row)
            assert events[-1].after is row.status
            assert all(event.actor for event in events)
            assert all(event.reason for event in events if event.actor == ORGANIZER and _has_reason(event))
            before: Status | None = None
            for event in events:
                assert event.before is before
                assert _is_no_change(event) or may_become(before, event.after)
                before = event.after

    @invariant()
    def a_draw_s_seats_are_promised_until_it_is_held_and_what_it_published_leads_to_its_result(self) -> None:
        draw, meetup = draw_entries.current(db.session(), self.meetup_id), self._meetup()
        pending = draw is not None and draw.held_at is None
        assert meetup.draw_seats == (draw.rules.seats if draw and pending else 0)
        assert (meetup.draw_until is not None) == pending
        if draw and draw.held_at:
            verify(draw.files)
        if meetup.drawing(now()) is not Drawing.ENTERING and meetup.mode is Mode.DRAW and not pending:
            assert not db.session.scalars(draw_entries.applied(self.meetup_id)).all(), (
                "the draw left somebody out"
            )

    @invariant()
    def who_is_confirmed_has_a_ticket_and_who_is_offered_a_deadline(self) -> None:
        rows = db.session.scalars(select(Registration).where(Registration.meetup_id == self.meetup_id))
        for row in rows:
            valid = db.session.scalar(
                select(func.count()).where(Ticket.registration_id == row.id, Ticket.revoked_at.is_(None))
            )
            assert valid == (1 if row.status is Status.CONFIRMED else 0)
            assert (row.offered_until is not None) == (row.status is Status.OFFERED)

    @invariant()
    def a_seat_is_released_from_none_but_the_silent_who_were_asked_in_time(self) -> None:
        meetup = self._meetup()
        ended = select(RegistrationEvent).where(RegistrationEvent.reason == seat_release.NOT_ANSWERED)
        here = ended.join(Registration, Registration.id == RegistrationEvent.registration_id)
        for event in db.session.scalars(here.where(Registration.meetup_id == self.meetup_id)):
            row = db.session.get_one(Registration, event.registration_id)
            assert (event.actor, event.before, event.after) == ("worker", Status.CONFIRMED, Status.EXPIRED)
            assert row.asked_for == meetup.appointment
            assert row.coming_for is None
            assert row.kept_for is None
            assert row.admitted_at is None
            seated = max(each.at for each in self._events(row) if each.after is Status.CONFIRMED)
            assert event.at - seated >= dt.timedelta(hours=SHORTEST_ANSWER_HOURS)

    @rule(who=WHO)
    def turns_out_to_have_come_to_the_last_meetup(self, who: int) -> None:
        """A phone sends an entry late."""
        with transaction() as session:
            row = session.get_one(Registration, self.at_last[who])
            row.admitted_at = row.created_at

    @invariant()
    def the_line_is_in_the_order_of_registering_no_shows_behind_where_that_is_the_rule(self) -> None:
        """But for those who were drawn, or asked for a list check, and unless an organizer moved somebody."""
        meetup = self._meetup()
        rows = list(db.session.scalars(seat_counts.line(self.meetup_id).order_by(Registration.rank)))
        if not meetup.puts_no_shows_behind:
            assert not any(row.stands_behind for row in rows)
        if self._somebody_was_moved():
            return
        here = [row for row in rows if self._events(row)[0].after is not Status.PENDING]
        left = [row for row in here if not draw_entries.of_registration(row.id)]
        assert left == sorted(left, key=lambda row: (row.stands_behind, row.id))
        absent = {person.id for person in self.people[1::2]}
        assert {row.person_id for row in left if row.stands_behind} <= absent

    @invariant()
    def nobody_overtook_the_line(self) -> None:
        """Whoever was promoted by themselves was before all who still wait with the ranks of now, unless moved."""
        here = (
            select(RegistrationEvent)
            .join(Registration, Registration.id == RegistrationEvent.registration_id)
            .where(Registration.meetup_id == self.meetup_id)
        )
        if self._somebody_was_moved():
            return
        newest = db.session.scalars(here.order_by(RegistrationEvent.id.desc()).limit(1)).first()
        before, self.told = self.told, newest.id if newest else self.told
        if newest is None or newest.id == before or newest.actor != promotion.PROMOTION:
            return
        promoted = db.session.get_one(Registration, newest.registration_id)
        if reserved_seats.role_of(promoted):
            return
        line = db.session.scalars(seat_counts.line(self.meetup_id)).all()
        kept = promoted.cohort_id in self._meetup().promises(now()).quotas
        passed = [row for row in line if row.rank < promoted.rank]
        assert not [row for row in passed if not kept or row.cohort_id == promoted.cohort_id]

    def _somebody_was_moved(self) -> bool:
        moved = (
            select(RegistrationEvent.id)
            .join(Registration, Registration.id == RegistrationEvent.registration_id)
            .where(
                Registration.meetup_id == self.meetup_id,
                RegistrationEvent.before == Status.WAITLISTED,
                RegistrationEvent.after == Status.WAITLISTED,
            )
        )
        return db.session.scalar(moved.limit(1)) is not None

    def _last_meetup(self, cohorts: list[Cohort]) -> None:
        """It is over; every other person had a seat there and did not come."""
        at = now() - dt.timedelta(days=9)
        last = make_meetup(cohorts=cohorts, starts_at=at, ends_at=at + dt.timedelta(hours=3))
        self.at_last = [
            make_registration(last, person, admitted_at=None if n % 2 else at).id
            for n, person in enumerate(self.people)
        ]

    def _try(self, act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except DomainError:
            db.session.rollback()
        end_reading()

    def _is_invited(self, who: int) -> bool:
        theirs = MeetupInvitation.person_id == self._person(who).id
        return db.session.scalar(select(MeetupInvitation.id).where(theirs)) is not None

    def _meetup(self) -> Meetup:
        end_reading()
        return db.session.get_one(Meetup, self.meetup_id, populate_existing=True)

    def _over(self) -> int:
        return seat_counts.seating_of(db.session(), self._meetup()).over_by

    def _short(self) -> int:
        seating = seat_counts.seating_of(db.session(), self._meetup())
        left = seating.capacity - seating.held - seating.promised
        return max(0, seating.kept.unused - left)

    def _person(self, who: int) -> Person:
        return db.session.get_one(Person, self.people[who].id)

    def _last_of(self, who: int) -> Registration | None:
        end_reading()
        rows = select(Registration).where(
            Registration.meetup_id == self.meetup_id, Registration.person_id == self.people[who].id
        )
        ended = Registration.status.in_(ENDED)
        return db.session.scalars(rows.order_by(ended, Registration.id.desc()).limit(1)).first()

    def _place_of(self, who: int) -> Registration | None:
        row = self._last_of(who)
        return row if row and row.status not in ENDED else None

    @staticmethod
    def _events(row: Registration) -> list[RegistrationEvent]:
        query = select(RegistrationEvent).where(RegistrationEvent.registration_id == row.id)
        return list(db.session.scalars(query.order_by(RegistrationEvent.id)))


def _has_reason(event: RegistrationEvent) -> bool:
    """Taking a refusal back says what it is by itself."""
    return event.before is not Status.DECLINED


def _is_no_change(event: RegistrationEvent) -> bool:
    """Somebody was moved in line, or said that they still come."""
    said_yes = event.after is Status.CONFIRMED and event.reason == still_coming.SAID_YES
    return event.before is event.after and (event.after is Status.WAITLISTED or said_yes)
