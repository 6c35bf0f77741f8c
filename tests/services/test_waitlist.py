"""The waitlist at the organizer's hand."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.models import AuditEntry, Meetup, MeetupState, Registration, Status
from app.services.organizing import meetup_states
from app.services.registering import registrations, tickets
from app.services.seating import line, promotion, seat_counts, waitlist
from tests.factories import make_alumnus
from tests.support.offers import HOUR, fresh, history, later, offering, states, with_companions
from tests.support.registering import owed, register

pytestmark = pytest.mark.usefixtures("app")
ORGANIZER = "account:7"
C, W, O, X = Status.CONFIRMED, Status.WAITLISTED, Status.OFFERED, Status.CANCELLED  # noqa: E741


def refused(act: object, *args: object) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(*args)  # type: ignore[operator]
    return refusal.value


def in_line(meetup: Meetup) -> list[int]:
    query = seat_counts.line(meetup.id).order_by(Registration.rank)
    return [row.id for row in db.session.scalars(query)]


def with_a_free_seat(*, seats: int = 1, waiting: int = 3) -> tuple[Meetup, list[Registration]]:
    """Promotion is paused, and the first seat was freed."""
    meetup, people = offering(seats=seats, waiting=waiting)
    waitlist.pause(meetup.id, "더 큰 방으로 옮겨요", ORGANIZER)
    registrations.cancel(people[0].id)
    return meetup, people


def test_while_it_is_paused_freed_seats_stay_free_and_whoever_waits_reads_why() -> None:
    meetup, people = with_a_free_seat()

    assert states(meetup) == [X, W, W, W]
    place = line.place_of(fresh(people[1]))
    assert (place.place, place.stopped, place.pause_reason) == (1, "paused", "더 큰 방으로 옮겨요")


def test_a_newcomer_goes_behind_those_who_wait_beside_a_free_seat() -> None:
    meetup, _ = with_a_free_seat()
    newcomer = register(meetup, make_alumnus(meetup.cohorts[0]))

    assert newcomer.status is W


def test_going_on_lets_as_many_move_up_as_fit() -> None:
    meetup, people = with_a_free_seat(seats=2)
    registrations.cancel(people[1].id)

    assert waitlist.resume(meetup.id, ORGANIZER) == 2
    assert waitlist.resume(meetup.id, ORGANIZER) == 0

    assert states(meetup) == [X, X, O, O, W]


def test_somebody_is_moved_with_a_reason_and_the_others_keep_their_order() -> None:
    meetup, people = offering(seats=1, waiting=4)
    first, second, third, fourth = people[1:]

    waitlist.move(fourth.id, 2, "휠체어 자리", ORGANIZER)

    assert in_line(meetup) == [first.id, fourth.id, second.id, third.id]
    assert history(fourth)[-1] == (W, ORGANIZER, "휠체어 자리")
    moved, passed = line.place_of(fresh(fourth)), line.place_of(fresh(second))
    assert moved.moved is not None
    assert (moved.place, moved.moved.reason) == (2, "휠체어 자리")
    assert (passed.place, passed.later, passed.moved) == (3, 1, None)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "waitlist.moved")).one()
    assert entry.details["places"] == {"before": 4, "after": 2}

    waitlist.move(fourth.id, 4, "착오", ORGANIZER)
    assert in_line(meetup) == [first.id, second.id, third.id, fourth.id]


def test_a_line_has_no_other_places_than_its_own() -> None:
    _, people = offering(seats=1, waiting=2)

    assert refused(waitlist.move, people[1].id, 3, "왜", ORGANIZER).code == "no_such_place"
    assert refused(waitlist.move, people[1].id, 0, "왜", ORGANIZER).code == "no_such_place"
    assert refused(waitlist.move, people[0].id, 1, "왜", ORGANIZER).code == "not_in_line"


def test_moving_a_party_back_lets_those_behind_it_take_the_seat_it_waited_beside() -> None:
    meetup, people = offering(seats=2, waiting=2)
    with_companions(people[2], 1)
    registrations.cancel(people[0].id)
    assert states(meetup) == [X, C, W, W]

    waitlist.move(people[2].id, 2, "혼자 오는 분 먼저", ORGANIZER)

    assert states(meetup) == [X, C, W, O]


def test_a_seat_can_be_given_past_the_line_only_while_it_is_free() -> None:
    meetup, people = with_a_free_seat()

    waitlist.confirm(people[3].id, "연사", ORGANIZER)

    assert states(meetup) == [X, W, W, C]
    assert history(people[3])[-1] == (C, ORGANIZER, "연사")
    assert tickets.current(people[3].id) is not None
    refusal = refused(waitlist.confirm, people[2].id, "또", ORGANIZER)
    assert (refusal.code, refusal.params) == ("no_free_seat", {"free": 0, "people": 1})


def test_a_seat_can_be_offered_past_the_line_and_is_held() -> None:
    meetup, people = with_a_free_seat()

    waitlist.offer(people[2].id, "부탁", ORGANIZER)

    assert states(meetup) == [X, W, O, W]
    assert fresh(people[2]).offered_until is not None
    assert [mail.registration_id for mail in owed("registration_offered")] == [people[2].id]
    assert refused(waitlist.offer, people[1].id, "또", ORGANIZER).code == "no_free_seat"


def test_minutes_before_the_start_no_offer_is_made_but_a_seat_can_be_given() -> None:
    meetup, people = with_a_free_seat()
    till_start = meetup.starts_at - now() - dt.timedelta(minutes=10)

    with later(till_start):
        assert refused(waitlist.offer, people[1].id, "늦었지만", ORGANIZER).code == "offer_too_late"
        waitlist.confirm(people[1].id, "늦었지만", ORGANIZER)

    assert states(meetup) == [X, C, W, W]


def test_nothing_is_given_at_a_meetup_that_is_over_or_called_off() -> None:
    meetup, people = with_a_free_seat()
    with later(meetup.ends_at - now() + HOUR):
        assert refused(waitlist.confirm, people[1].id, "왜", ORGANIZER).code == "meetup_over"
    meetup_states.call_off(meetup.id, "태풍", ORGANIZER)

    assert refused(waitlist.confirm, people[1].id, "왜", ORGANIZER).code == "meetup_called_off"
    assert refused(waitlist.pause, meetup.id, "왜", ORGANIZER).code == "meetup_called_off"


def test_more_seats_are_offered_in_the_transaction_that_adds_them() -> None:
    meetup, _ = offering(seats=1, waiting=3)
    with transaction() as session:
        locked = Meetup.locked(session, meetup.id)
        locked.capacity = 3
        promotion.promote(session, locked)

    assert states(meetup) == [C, O, O, W]
    assert db.session.get_one(Meetup, meetup.id).state is MeetupState.PUBLISHED
