"""Still coming? Asked once about each start; a no frees the seat, a yes is kept."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from app.db import db, end_reading
from app.domain.errors import DomainError
from app.domain.registering.moves import Telling
from app.domain.registering.still_coming import Answer
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_rules import SeatRules
from app.models import Meetup, Registration, Status
from app.services.mails.writing import write
from app.services.organizing import meetup_states, meetups
from app.services.personal import personal_links
from app.services.registering import registrations, replies, still_coming
from app.services.registering.moves import Announcement
from app.services.running import schedule
from app.services.seating import seat_rules
from tests.factories import make_alumnus
from tests.services.test_meetups_life import draft
from tests.support.offers import HOUR, fresh, history, later, offering, states
from tests.support.registering import owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")
DAY = dt.timedelta(days=1)
ORGANIZER = "account:1"
C, W, O, X = Status.CONFIRMED, Status.WAITLISTED, Status.OFFERED, Status.CANCELLED  # noqa: E741


def set_rules(
    meetup: Meetup, hours: int | None, freed: FreedSeats = FreedSeats.OFFER, release: int | None = None
) -> Meetup:
    rules = SeatRules(
        mode=Mode.FIRST_COME,
        freed_seats=freed,
        offer_hours=24,
        last_call_hours=None,
        still_coming_hours=hours,
        release_hours=release,
    )
    return seat_rules.save(meetup.id, rules, ORGANIZER)


def asking(
    seats: int = 2, waiting: int = 1, hours: int | None = 48, release: int | None = None, **fields: Any
) -> tuple[Meetup, list[Registration]]:
    """A full meetup in two weeks that asks."""
    fields = {"reminds_week": False, "reminds_day": False} | fields
    meetup, people = offering(seats=seats, waiting=waiting, **fields)
    set_rules(meetup, hours, meetup.freed_seats, release)
    end_reading()
    return meetup, people


def asked() -> list[int]:
    """Whom, in no order: all of a meetup are written to at once."""
    return sorted(mail.registration_id or 0 for mail in owed("still_coming"))


def answer_of(registration: Registration) -> Answer:
    row = fresh(registration)
    return row.still_coming(row.meetup)


def move(meetup: Meetup, by: dt.timedelta, telling: Telling = Telling.NOBODY) -> None:
    """Save another time at the desk."""
    end_reading()
    row = db.session.get_one(Meetup, meetup.id)
    starts, ends = (row.local(at + by).replace(tzinfo=None) for at in (row.starts_at, row.ends_at))
    flags = {"reminds_week": row.reminds_week, "reminds_day": row.reminds_day}
    typed = draft(row.cohorts[0], starts=starts, ends=ends, **flags)
    meetups.revise(row.id, row.version, typed, ORGANIZER, Announcement(telling))
    end_reading()


def test_whoever_has_a_seat_is_asked_once_so_many_hours_before() -> None:
    _, people = asking()

    with later(11 * DAY):
        assert schedule.run_due() == 0
    with later(12 * DAY):
        assert schedule.run_due() == 1
        assert schedule.run_due() == 0

    assert asked() == [people[0].id, people[1].id]
    assert [answer_of(person) for person in people] == [Answer.OPEN, Answer.OPEN, Answer.NOT_ASKED]


def test_after_a_downtime_the_question_goes_out_but_not_to_who_came_after_its_time() -> None:
    meetup, people = asking(seats=3, waiting=0)
    with later(12 * DAY + HOUR):
        registrations.cancel(people[0].id)
        late = register(meetup, make_alumnus(meetup.cohorts[0]))

    with later(13 * DAY):
        assert schedule.run_due() == 1

    assert asked() == [people[1].id, people[2].id]
    assert answer_of(late) is Answer.NOT_ASKED


def test_three_workers_at_once_ask_once(app: Flask) -> None:
    _, people = asking(seats=6, waiting=0)
    start = threading.Barrier(3)

    def work() -> int:
        with app.app_context():
            start.wait(30)
            return schedule.run_due()

    with later(12 * DAY), ThreadPoolExecutor(3) as pool:
        assert sum(task.result() for task in [pool.submit(work) for _ in range(3)]) == 1

    assert asked() == [person.id for person in people]


def test_nobody_is_asked_when_the_meetup_is_called_off_has_begun_or_does_not_ask() -> None:
    off, _ = asking()
    meetup_states.call_off(off.id, "폭설", ORGANIZER)
    asking(hours=None)
    with later(12 * DAY):
        assert schedule.run_due() == 0
    asking()

    with later(14 * DAY):
        schedule.run_due()

    assert asked() == []


def test_a_yes_is_kept_once_with_its_time_and_in_the_history() -> None:
    meetup, people = asking()
    with later(12 * DAY):
        schedule.run_due()

        still_coming.say_yes(people[0].id, appointment=1)
        still_coming.say_yes(people[0].id, appointment=1)

    assert answer_of(people[0]) is Answer.YES
    assert fresh(people[0]).coming_at is not None
    assert history(people[0]) == [(C, "person", ""), (C, "person", still_coming.SAID_YES)]
    assert replies.counts(fresh(people[0]).meetup) == replies.Replies(yes=1, no=0, open=1, releasing=0)
    assert states(meetup) == [C, C, W]


def test_a_no_gives_the_seat_to_the_next_at_once() -> None:
    meetup, people = asking()
    with later(12 * DAY):
        schedule.run_due()

        registrations.cancel(people[0].id)

        assert states(meetup) == [X, C, O]
        assert replies.counts(fresh(people[1]).meetup) == replies.Replies(yes=0, no=1, open=1, releasing=0)


def test_who_was_not_asked_or_has_no_seat_cannot_answer() -> None:
    _, people = asking()

    with pytest.raises(DomainError, match="not_asked"):
        still_coming.say_yes(people[0].id, appointment=1)
    with pytest.raises(DomainError, match="no_seat_to_keep"):
        still_coming.say_yes(people[2].id, appointment=1)


def test_a_moved_meetup_asks_again_also_those_who_said_yes() -> None:
    meetup, people = asking(waiting=0)
    with later(12 * DAY):
        schedule.run_due()
        still_coming.say_yes(people[0].id, appointment=1)
    move(meetup, 7 * DAY)
    assert [answer_of(person) for person in people] == [Answer.NOT_ASKED] * 2

    with later(19 * DAY):
        assert schedule.run_due() == 1

    assert len(asked()) == 4
    assert [answer_of(person) for person in people] == [Answer.OPEN] * 2


def test_other_hours_ask_nobody_twice_about_the_same_start_and_turned_on_late_asks_at_once() -> None:
    meetup, people = asking(waiting=0, hours=None)
    with later(13 * DAY):
        set_rules(meetup, 48)
        assert schedule.run_due() == 1
        assert len(asked()) == 2
        set_rules(meetup, 36)
        schedule.run_due()

    assert len(asked()) == 2
    set_rules(meetup, None)
    assert answer_of(people[0]) is Answer.NOT_ASKED


def test_the_mail_asks_with_the_personal_page_as_its_link_and_is_not_sent_once_answered() -> None:
    _, people = asking()
    with later(12 * DAY):
        schedule.run_due()
        mail = next(each for each in owed("still_coming") if each.registration_id == people[0].id)
        message = message_from_bytes(write([mail]).messages[mail.id], policy=policy.default)
        assert isinstance(message, EmailMessage)
        for body in (text_of(message), html_of(message)):
            assert personal_links.url_of(fresh(people[0])) in body
            assert "답하지 않아도 자리는 그대로예요." in body
        assert "올 수 있나요?" in message["Subject"]

        still_coming.say_yes(people[0].id, appointment=1)

        again = next(each for each in owed("still_coming") if each.id == mail.id)
        assert write([again]).dropped == [mail.id]
