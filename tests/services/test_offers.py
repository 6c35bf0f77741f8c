"""Freed seats that are offered: held until a deadline, accepted, declined, passed on."""

from __future__ import annotations

import datetime as dt

import pytest

from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.models import Status, Ticket
from app.services.organizing import meetup_states
from app.services.registering import registrations, tickets
from app.services.running import schedule
from app.services.seating import offers, seat_counts
from tests.support.offers import HOUR, fresh, history, later, offering, states, with_companions
from tests.support.registering import owed

pytestmark = pytest.mark.usefixtures("app")
C, W, O, X, E = Status.CONFIRMED, Status.WAITLISTED, Status.OFFERED, Status.CANCELLED, Status.EXPIRED  # noqa: E741


def test_a_freed_seat_is_offered_to_the_first_in_line_and_held_for_them() -> None:
    meetup, people = offering(seats=1, waiting=2)

    registrations.cancel(people[0].id)

    assert states(meetup) == [X, O, W]
    assert seat_counts.seating_of(db.session(), meetup).held == 1
    until = fresh(people[1]).offered_until
    assert until is not None
    assert dt.timedelta(hours=23, minutes=59) <= until - now() <= dt.timedelta(hours=24)
    assert history(people[1])[-1] == (O, "promotion", "")
    assert [mail.registration_id for mail in owed("registration_offered")] == [people[1].id]
    assert tickets.current(people[1].id) is None


def test_accepting_gives_the_seat_its_ticket_and_its_mail_and_twice_changes_nothing() -> None:
    meetup, people = offering(seats=1, waiting=1)
    registrations.cancel(people[0].id)

    offers.accept(people[1].id)
    offers.accept(people[1].id)

    assert states(meetup) == [X, C]
    assert fresh(people[1]).offered_until is None
    assert tickets.current(people[1].id) is not None
    assert len(owed("registration_confirmed")) == 2, "of the first and of this one"
    assert [event[0] for event in history(people[1])] == [W, O, C]


def test_an_offer_that_passes_goes_to_the_next_in_the_same_breath() -> None:
    meetup, people = offering(seats=1, waiting=2)
    registrations.cancel(people[0].id)

    with later(25 * HOUR):
        assert schedule.run_due() == 1

        assert states(meetup) == [X, E, O]
        assert history(people[1])[-1] == (E, "worker", "")
        assert [mail.registration_id for mail in owed("registration_expired")] == [people[1].id]
        assert schedule.run_due() == 0


def test_a_declined_offer_goes_to_the_next_at_once() -> None:
    meetup, people = offering(seats=1, waiting=2)
    registrations.cancel(people[0].id)

    registrations.cancel(people[1].id)

    assert states(meetup) == [X, X, O]


def test_past_the_deadline_nobody_accepts_also_before_a_worker_has_come_by() -> None:
    meetup, people = offering(seats=1, waiting=2)
    registrations.cancel(people[0].id)

    with later(25 * HOUR):
        with pytest.raises(DomainError) as refusal:
            offers.accept(people[1].id)
        assert refusal.value.code == "offer_over"
        schedule.run_due()
        with pytest.raises(DomainError) as refusal:
            offers.accept(people[1].id)

    assert refusal.value.code == "offer_over"
    assert states(meetup) == [X, E, O]


def test_who_waits_has_nothing_to_accept() -> None:
    _, people = offering(seats=1, waiting=1)

    with pytest.raises(DomainError) as refusal:
        offers.accept(people[1].id)

    assert refusal.value.code == "no_offer"


def test_near_the_last_call_offers_are_short_and_after_it_seats_stay_free() -> None:
    starts = now() + 100 * HOUR
    meetup, people = offering(
        seats=2, waiting=3, last_call_hours=4, starts_at=starts, ends_at=starts + 3 * HOUR
    )

    with later(86 * HOUR):
        registrations.cancel(people[0].id)
        until = fresh(people[2]).offered_until
    with later(97 * HOUR):
        schedule.run_due()
        registrations.cancel(people[1].id)

    assert until is not None
    assert dt.timedelta(hours=4, minutes=59) <= until - (now() + 86 * HOUR) <= 5 * HOUR
    assert states(meetup) == [X, X, E, W, W]


def test_the_offers_of_a_meetup_that_was_called_off_rest() -> None:
    meetup, people = offering(seats=1, waiting=2)
    registrations.cancel(people[0].id)
    meetup_states.call_off(meetup.id, "태풍이 와요.", "account:1")

    with later(25 * HOUR):
        assert schedule.run_due() == 0
        with pytest.raises(DomainError) as refusal:
            offers.accept(people[1].id)

    assert refusal.value.code == "meetup_called_off"
    assert states(meetup) == [X, O, W]


def test_a_party_is_offered_its_seats_together_and_nobody_overtakes_it() -> None:
    meetup, people = offering(seats=2, waiting=2)
    with_companions(people[2], 1)

    registrations.cancel(people[0].id)
    assert states(meetup) == [X, C, W, W]
    registrations.cancel(people[1].id)

    assert states(meetup) == [X, X, O, W]
    assert seat_counts.seating_of(db.session(), meetup).held == 2


def test_every_ticket_belongs_to_a_seat_after_all_that() -> None:
    _, people = offering(seats=1, waiting=1)
    registrations.cancel(people[0].id)
    with later(25 * HOUR):
        schedule.run_due()

    valid = db.session.query(Ticket).filter(Ticket.revoked_at.is_(None)).all()

    assert valid == []
