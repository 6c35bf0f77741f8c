"""The fee of a meetup: booked, taken back, passed on when it does not come, given back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.fees.terms import State, Terms
from app.domain.registering.registrations import Status
from app.models import Meetup, OutboxMail, Payment, Person, Registration
from app.services.fees import deadlines, lists, payments, terms
from app.services.organizing import attendee, meetups
from app.services.personal import erasure, own_data
from app.services.registering import registrations
from app.services.running import cleanup, schedule
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program
from tests.support.registering import all_go_out, register

ORGANIZER = "account:7"
DAY = dt.timedelta(days=1)
FEE = Terms(amount=30_000, bank="예시은행", account="110-1234", holder="동문회", days=3, passes_on=True)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    found = make_meetup(program, 1, cohorts=[make_cohort(program, 3)])
    terms.save(found.id, FEE, ORGANIZER)
    return found


def seated(meetup: Meetup) -> Registration:
    return register(meetup, make_alumnus(meetup.cohorts[0]))


def now_is(registration: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def state_of(registration: Registration) -> State | None:
    facts = terms.facts(now_is(registration))
    return facts.state if facts else None


def kinds(registration: Registration) -> list[str]:
    end_reading()
    query = select(OutboxMail.kind).where(OutboxMail.registration_id == registration.id)
    return list(db.session.scalars(query.order_by(OutboxMail.id)))


def test_the_next_meetup_costs_the_same_and_its_last_day_is_not_the_old_one(meetup: Meetup) -> None:
    by_days = meetups.copy(meetup.id, ORGANIZER)
    by_day = replace(FEE, days=None, until=now() + 9 * DAY)
    terms.save(meetup.id, by_day, ORGANIZER)

    by_date = meetups.copy(meetup.id, ORGANIZER)

    assert terms.require(by_days.id).terms == FEE
    assert terms.require(by_date.id).terms == replace(by_day, until=None, passes_on=False)


def test_an_unpaid_seat_goes_on_at_the_deadline_after_a_reminder(meetup: Meetup) -> None:
    late, waiting = seated(meetup), seated(meetup)
    all_go_out()

    with time_machine.travel(now() + 2 * DAY + dt.timedelta(minutes=1)):
        schedule.run_due()
        schedule.run_due()
        reminded = kinds(late)
        all_go_out()
    with time_machine.travel(now() + 3 * DAY + dt.timedelta(minutes=1)):
        schedule.run_due()

    assert reminded == ["registration_confirmed", "fee_reminder"]
    assert now_is(late).status is Status.EXPIRED
    assert deadlines.was_unpaid(now_is(late))
    assert now_is(waiting).status is Status.CONFIRMED
    assert kinds(late)[-1] == "fee_unpaid"


def test_who_was_not_told_in_time_keeps_the_seat(meetup: Meetup) -> None:
    untold = seated(meetup)  # the mail server is away: nothing goes out

    with time_machine.travel(now() + 4 * DAY):
        schedule.run_due()
        schedule.run_due()

    assert now_is(untold).status is Status.CONFIRMED
    assert next(moment.act for moment in attendee.history(untold.id)) == "fee_seat_kept_untold"


@pytest.mark.parametrize("settled", ["paid", "waived", "kept"])
def test_who_has_paid_or_need_not_loses_nothing(meetup: Meetup, settled: str) -> None:
    person = seated(meetup)
    all_go_out()
    if settled == "kept":
        payments.keep(person.id, ORGANIZER, kept=True)
    else:
        payments.book(person.id, None if settled == "paid" else 0, ORGANIZER)

    with time_machine.travel(now() + 4 * DAY):
        schedule.run_due()

    assert now_is(person).status is Status.CONFIRMED
    assert kinds(person) == ["registration_confirmed"]


def test_a_changed_fee_is_told_and_the_time_begins_anew(meetup: Meetup) -> None:
    person = seated(meetup)
    all_go_out()

    with time_machine.travel(now() + 2 * DAY):
        terms.save(meetup.id, Terms(**{**vars_of(FEE), "amount": 40_000}), ORGANIZER)
        terms.save(meetup.id, Terms(**{**vars_of(FEE), "amount": 40_000}), ORGANIZER)
        all_go_out()
    with time_machine.travel(now() + 4 * DAY):
        schedule.run_due()

    assert kinds(person)[:2] == ["registration_confirmed", "fee_asked"]
    assert now_is(person).status is Status.CONFIRMED


def vars_of(fee: Terms) -> dict[str, object]:
    return {name: getattr(fee, name) for name in terms.COLUMNS}


def test_a_list_is_booked_once_and_undone_at_once(meetup: Meetup) -> None:
    person = seated(meetup)
    lines = [payments.Booking(person.reference, 30_000, now())]

    first, batch = payments.book_all(meetup.id, lines, ORGANIZER)
    again, _none = payments.book_all(meetup.id, lines, ORGANIZER)
    paid = state_of(person)
    undone = payments.take_back_all(meetup.id, batch, ORGANIZER)

    assert (first, again, undone) == (1, 0, 1)
    assert (paid, state_of(person)) == (State.PAID, State.OWED)


def test_a_meetups_list_books_nobody_of_another(meetup: Meetup) -> None:
    other = make_meetup(make_program(), cohorts=[make_cohort()])
    terms.save(other.id, FEE, ORGANIZER)
    person = seated(meetup)

    assert payments.book_all(other.id, [payments.Booking(person.reference, 1, None)], ORGANIZER)[0] == 0


def test_who_paid_and_cancelled_stands_on_the_list_of_what_goes_back(meetup: Meetup) -> None:
    person = seated(meetup)
    payments.book(person.id, None, ORGANIZER)
    with pytest.raises(DomainError, match="fee_nothing_to_refund"):
        payments.refund(person.id, ORGANIZER, done=True)
    registrations.cancel(person.id)
    payments.say_refund_account(person.id, "예시은행 1-2 김하늘")

    payments.refund(person.id, ORGANIZER, done=True)
    payments.refund(person.id, ORGANIZER, done=True)
    end_reading()
    line = lists.to_refund(meetup, terms.require(meetup.id), size=5)[0]

    assert line.payment is not None
    assert line.payment.refund_account == "예시은행 1-2 김하늘"
    assert line.payment.refunded_at
    assert lists.sums(meetup.id).came == 0


def test_the_sender_that_they_name_is_the_one_looked_for(meetup: Meetup) -> None:
    person = seated(meetup)

    payments.say_depositor(person.id, " 바다  엄마 ")
    end_reading()

    assert [payer.depositor for payer in lists.payers(terms.require(meetup.id))] == ["바다 엄마"]


def test_names_and_accounts_are_in_the_download_and_go_with_the_person_or_after_90_days(
    meetup: Meetup,
) -> None:
    person = seated(meetup)
    payments.say_depositor(person.id, "바다 엄마")
    end_reading()
    told = own_data.collect(person.person_id, "ko")["registrations"][0]["fee"][0]["depositor"]
    with time_machine.travel(meetup.ends_at + 91 * DAY):
        cleanup.run()
    emptied = db.session.scalars(select(Payment.depositor)).one()
    payments.say_depositor(person.id, "바다 엄마")
    erasure.erase(person.person_id, ORGANIZER, Asked.LETTER)
    end_reading()

    assert (told, emptied) == ("바다 엄마", "")
    assert db.session.scalars(select(Payment.depositor)).one() == ""
    assert db.session.get_one(Person, person.person_id).erased_at


def test_a_free_meetup_has_no_fee_for_anybody(app: Flask) -> None:
    program = make_program()
    free = make_meetup(program, cohorts=[make_cohort(program, 1)])
    person = seated(free)

    assert terms.facts(now_is(person)) is None
    with pytest.raises(DomainError, match="fee_none"):
        payments.book(person.id, None, ORGANIZER)
