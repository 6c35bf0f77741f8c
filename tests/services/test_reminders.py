"""Reminders: to whoever has a seat, a week and a day before, once for each start."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app import i18n
from app.db import db, end_reading, transaction
from app.models import AuditEntry, Meetup, OutboxMail, Registration
from app.services.mails.writing import write
from app.services.organizing import meetup_states, meetup_times
from app.services.registering import registrations, replies, still_coming
from app.services.running import schedule
from tests.factories import code_of, make_alumnus
from tests.services.test_still_coming import ORGANIZER, move, set_rules
from tests.support.offers import HOUR, fresh, later, offering, with_companions
from tests.support.registering import owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")
DAY = dt.timedelta(days=1)


def reminding(
    seats: int = 2, waiting: int = 1, hours: int | None = None, **fields: Any
) -> tuple[Meetup, list[Registration]]:
    """A full meetup in two weeks that reminds, as every meetup that is saved at the desk."""
    meetup, people = offering(seats=seats, waiting=waiting, **fields)
    with transaction() as session:
        row = Meetup.locked(session, meetup.id)
        meetup_times.follow(row)
    if hours:
        set_rules(meetup, hours)
    end_reading()
    return meetup, people


def reminded() -> list[int | None]:
    return [mail.registration_id for mail in owed("reminder")]


def stamp_of(registration: Registration) -> str:
    """The start as mails write it."""
    meetup = fresh(registration).meetup
    with force_locale("ko"):
        return i18n.stamp(meetup.local(meetup.starts_at))


def written(mail: OutboxMail) -> EmailMessage:
    message = message_from_bytes(write([mail]).messages[mail.id], policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_whoever_has_a_seat_is_reminded_a_week_and_a_day_before_and_once_each() -> None:
    _, people = reminding()

    for days, mails in ((6.9, 0), (7, 2), (12.9, 2), (13, 4), (13.9, 4)):
        with later(days * DAY):
            while schedule.run_due():
                pass
        assert len(reminded()) == mails

    assert set(reminded()) == {people[0].id, people[1].id}
    entries = select(AuditEntry.details).where(AuditEntry.act == "meetup.reminded")
    assert [entry["reminder"] for entry in db.session.scalars(entries.order_by(AuditEntry.id))] == [
        "week_reminder",
        "day_reminder",
    ]


def test_who_got_their_seat_after_the_reminder_s_time_cancelled_or_is_in_gets_none() -> None:
    meetup, people = reminding(seats=4, waiting=0)
    with transaction() as session:
        row = session.get_one(Registration, people[1].id)
        row.admitted_at = row.created_at
    with later(13 * DAY + HOUR):
        registrations.cancel(people[0].id)
        register(meetup, make_alumnus(meetup.cohorts[0]))
        schedule.run_due()

    assert reminded() == [people[2].id, people[3].id]


def test_each_can_be_switched_off_and_a_meetup_that_is_off_or_has_begun_reminds_nobody() -> None:
    reminding(reminds_week=False, reminds_day=False)
    off, _ = reminding()
    meetup_states.call_off(off.id, "폭설", ORGANIZER)
    with later(13 * DAY):
        assert schedule.run_due() == 0
    reminding()
    with later(14 * DAY):
        assert schedule.run_due() == 0

    assert reminded() == []


def test_after_a_downtime_over_both_times_only_the_day_s_goes_out() -> None:
    _, people = reminding(waiting=0)
    with later(13 * DAY + HOUR):
        while schedule.run_due():
            pass

    assert reminded() == [person.id for person in people]


def test_three_workers_at_once_remind_once(app: Flask) -> None:
    _, people = reminding(seats=6, waiting=0)
    start = threading.Barrier(3)

    def work() -> int:
        with app.app_context():
            start.wait(30)
            return schedule.run_due()

    with later(7 * DAY), ThreadPoolExecutor(3) as pool:
        assert sum(task.result() for task in [pool.submit(work) for _ in range(3)]) == 1

    assert sorted(number or 0 for number in reminded()) == [person.id for person in people]


def test_a_moved_meetup_reminds_of_its_new_time_and_what_still_waits_of_the_old_is_not_sent() -> None:
    meetup, people = reminding(seats=1, waiting=0)
    with later(7 * DAY):
        schedule.run_due()
        move(meetup, 7 * DAY)
        assert write(owed("reminder")).dropped == [owed("reminder")[0].id]
        assert schedule.run_due() == 0

    with later(14 * DAY):
        assert schedule.run_due() == 1
        assert stamp_of(people[0]) in written(owed("reminder")[1])["Subject"]
    assert reminded() == [people[0].id] * 2


def test_it_says_when_where_with_whom_and_brings_the_ticket_the_calendar_and_the_larger_event() -> None:
    _, people = reminding(
        seats=1, waiting=0, host_event_ko="예시 콘퍼런스", host_event_url="https://conference.example/tickets"
    )
    with_companions(people[0], 2)
    with later(7 * DAY):
        schedule.run_due()
        message = written(owed("reminder")[0])

    row = fresh(people[0])
    for body in (text_of(message), html_of(message)):
        assert "서울 강남구 예시홀" in body
        assert "동반 참석자 2명" in body
        assert code_of(people[0]) in body
        assert "예시 콘퍼런스" in body
        assert "https://conference.example/tickets" in body
        assert "사정이 생겼나요?" in body
        assert "대기자" not in body
    assert row.reference in text_of(message)
    assert [part.get_filename() for part in message.iter_attachments()] == ["meetup.ics"]


def test_where_somebody_waits_it_says_that_the_seat_goes_on() -> None:
    reminding()
    with later(7 * DAY):
        schedule.run_due()
        assert "대기 중인 분에게" in text_of(written(owed("reminder")[0]))


def test_it_asks_those_who_have_not_answered_in_one_line_and_not_those_who_have() -> None:
    _, people = reminding(hours=48)
    with later(12 * DAY):
        schedule.run_due()
        still_coming.say_yes(people[0].id, appointment=1)
    with later(13 * DAY):
        schedule.run_due()
        said, silent = (text_of(written(mail)) for mail in owed("reminder")[-2:])

    assert "올 수 있는지" not in said
    assert silent.count("올 수 있는지") == 1


@pytest.mark.parametrize(("hours", "days"), [(24, 13.0), (168, 7.0), (48, 13.5), (30, 13.1)])
def test_a_question_that_is_due_with_a_reminder_comes_with_it_and_not_as_a_second_mail(
    hours: int, days: float
) -> None:
    _, people = reminding(waiting=0, hours=hours)
    with later(days * DAY):
        while schedule.run_due():
            pass
        assert owed("still_coming") == []
        assert [text_of(written(mail)).count("올 수 있는지") for mail in owed("reminder")] == [1, 1]
        assert replies.counts(fresh(people[0]).meetup).open == 2


@pytest.mark.parametrize(("hours", "days"), [(12, 13.5), (36, 12.6)])
def test_a_question_apart_from_the_reminders_is_a_mail_of_its_own(hours: int, days: float) -> None:
    reminding(waiting=0, hours=hours)
    for each in (7, 13 if hours < 24 else 12, days):
        with later(each * DAY):
            while schedule.run_due():
                pass

    assert len(owed("still_coming")) == 2
