"""No-shows of the last meetup stand behind the others in line, where the meetup says so."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_rules import SeatRules
from app.models import Cohort, Meetup, MeetupState, Person, Registration
from app.services.mails.writing import write
from app.services.registering import claim_decisions, registrations
from app.services.seating import approvals, line, seat_rules, waitlist
from tests.factories import make_alumnus, make_cohort, make_meetup, make_registration
from tests.services.test_seat_release import C, W
from tests.support.claiming import claim
from tests.support.draws import draw_rules
from tests.support.offers import fresh, states
from tests.support.registering import owed, register
from tests.support.smtp import text_of

pytestmark = pytest.mark.usefixtures("app")
ORGANIZER = "account:1"


def past(cohort: Cohort, days: int = 10, state: MeetupState = MeetupState.PUBLISHED) -> Meetup:
    at = now() - dt.timedelta(days=days)
    return make_meetup(
        cohorts=[cohort], state=state, starts_at=at, ends_at=at + dt.timedelta(hours=3), title_ko="지난 밋업"
    )


def had_seat(meetup: Meetup, person: Person, *, came: bool) -> Registration:
    return make_registration(meetup, person, admitted_at=meetup.starts_at if came else None)


def set_rule(meetup: Meetup, on: bool = True, mode: Mode = Mode.FIRST_COME) -> None:
    rules = SeatRules(
        mode=mode,
        freed_seats=FreedSeats.CONFIRM,
        offer_hours=24,
        last_call_hours=None,
        no_shows_behind=on,
        draw=draw_rules() if mode is Mode.DRAW else None,
    )
    seat_rules.save(meetup.id, rules, ORGANIZER)
    end_reading()


def meetup_with_rule(cohort: Cohort, seats: int = 1) -> Meetup:
    """A full meetup to come that puts no-shows behind."""
    meetup = make_meetup(cohorts=[cohort], capacity=seats)
    set_rule(meetup)
    for _ in range(seats):
        register(meetup, make_alumnus(cohort))
    return meetup


def in_order(meetup: Meetup) -> list[int]:
    end_reading()
    return [row.person_id for row in line.waiting(meetup.id, start=0, size=50)]


def world() -> tuple[Meetup, Meetup, Person, Person, Person]:
    """The last meetup, a full one to come, and three: one did not come, one came, one was not there."""
    cohort = make_cohort()
    last = past(cohort)
    absent, came, new = (make_alumnus(cohort) for _ in range(3))
    had_seat(last, absent, came=False)
    had_seat(last, came, came=True)
    return last, meetup_with_rule(cohort), absent, came, new


def test_who_did_not_come_stands_behind_who_registers_later_and_reads_why() -> None:
    last, meetup, absent, came, new = world()
    first = register(meetup, absent)
    second, third = register(meetup, came), register(meetup, new)

    assert in_order(meetup) == [came.id, new.id, absent.id]
    place = line.place_of(fresh(first))
    assert (place.place, place.missed and place.missed.id, place.later) == (3, last.id, 0)
    assert line.place_of(fresh(second)).missed is None
    assert line.place_of(fresh(third)).later == 0
    mail = next(each for each in owed("registration_waitlisted") if each.registration_id == first.id)
    message = message_from_bytes(write([mail]).messages[mail.id], policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert "체크인하지 않아서" in text_of(message)


def test_the_one_ahead_moves_up_first_and_no_seat_is_taken_by_the_rule() -> None:
    _, meetup, absent, came, _ = world()
    with_seat = meetup_with_rule(meetup.cohorts[0], seats=0)
    with transaction() as session:
        Meetup.locked(session, with_seat.id).capacity = 1
    assert register(with_seat, absent).status is C  # free seats go to whoever comes

    register(meetup, absent)
    register(meetup, came)
    registrations.cancel(line_first_seated(meetup))

    assert in_order(meetup) == [absent.id]


def line_first_seated(meetup: Meetup) -> int:
    return db.session.scalars(
        select(Registration.id).where(Registration.meetup_id == meetup.id, Registration.status == C)
    ).one()


def test_only_the_last_meetup_that_took_place_and_was_recorded_counts() -> None:
    cohort = make_cohort()
    person = make_alumnus(cohort)
    older, last = past(cohort, days=40), past(cohort, days=10)
    had_seat(older, person, came=False)
    had_seat(older, make_alumnus(cohort), came=True)
    had_seat(last, make_alumnus(cohort), came=True)
    unrecorded, off = past(cohort, days=5), past(cohort, days=4, state=MeetupState.CALLED_OFF)
    for each in (unrecorded, off):
        had_seat(each, person, came=False)
    meetup = meetup_with_rule(cohort)

    assert not register(meetup, person).stands_behind


def test_without_the_rule_or_before_it_nobody_stands_behind() -> None:
    _, meetup, absent, came, _ = world()
    set_rule(meetup, on=False)
    register(meetup, absent)
    set_rule(meetup)
    register(meetup, came)

    assert in_order(meetup) == [absent.id, came.id]


@pytest.mark.parametrize(("on", "mode"), [(False, Mode.FIRST_COME), (True, Mode.DRAW)])
def test_once_the_rule_is_gone_or_seats_are_drawn_everybody_stands_where_they_registered(
    on: bool, mode: Mode
) -> None:
    _, meetup, absent, came, _ = world()
    register(meetup, absent)
    register(meetup, came)
    waitlist.pause(meetup.id, "방 변경", ORGANIZER)
    with transaction() as session:
        Meetup.locked(session, meetup.id).capacity += 1  # a draw needs a seat to give

    set_rule(meetup, on=on, mode=mode)

    assert in_order(meetup) == [absent.id, came.id]


def test_who_turns_out_to_have_come_stands_where_they_registered_when_the_line_moves() -> None:
    last, meetup, absent, came, _ = world()
    first = register(meetup, absent)
    register(meetup, came)
    with transaction() as session:  # a phone sends its entries late
        of_last = session.query(Registration).filter_by(meetup_id=last.id, person_id=absent.id).one()
        of_last.admitted_at = last.starts_at

    registrations.cancel(line_first_seated(meetup))

    assert fresh(first).status is C
    assert in_order(meetup) == [came.id]


def test_an_organizer_s_move_holds_against_the_rule_and_against_who_comes_later() -> None:
    _, meetup, absent, came, new = world()
    first = register(meetup, absent)
    register(meetup, came)

    waitlist.move(first.id, 1, "전화로 미리 알렸어요", ORGANIZER)
    register(meetup, new)

    assert in_order(meetup) == [absent.id, came.id, new.id]
    assert not fresh(first).stands_behind


def test_with_approval_the_queue_goes_by_it_too() -> None:
    _, meetup, absent, came, _ = world()
    set_rule(meetup, mode=Mode.APPROVAL)
    register(meetup, absent)
    register(meetup, came)

    queue = approvals.applicants(meetup.id, None, start=0, size=9)

    assert [row.person_id for row in queue] == [came.id, absent.id]


def test_states_are_as_without_the_rule() -> None:
    _, meetup, absent, came, new = world()
    for person in (absent, came, new):
        register(meetup, person)

    assert states(meetup) == [C, W, W, W]


def test_whoever_is_found_by_a_list_check_stands_behind_like_everybody_who_missed_it() -> None:
    _, meetup, absent, came, _ = world()
    asking = claim(meetup)
    register(meetup, came)

    claim_decisions.link(asking.id, absent.id, ORGANIZER)

    assert in_order(meetup) == [came.id, absent.id]
