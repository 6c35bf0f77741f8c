"""Thanks: to whoever was there, once, the next morning, where the organizer wants it."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.clock import now
from app.db import end_reading, transaction
from app.domain.registering.thanks import thanks_at
from app.domain.surveys import ready_made
from app.domain.writing.mail_texts import MailText
from app.domain.writing.words import Words
from app.models import Meetup, Registration, Status
from app.services.mails import opt_outs, own_texts
from app.services.mails.samples import sample
from app.services.mails.writing import write
from app.services.organizing import meetup_states, meetup_times
from app.services.registering import surveys
from app.services.running import schedule
from tests.factories import make_meetup, make_registration
from tests.services.test_reminders import written
from tests.services.test_still_coming import ORGANIZER
from tests.support.offers import HOUR, later
from tests.support.registering import owed
from tests.support.smtp import html_of, text_of

DAY = dt.timedelta(days=1)
SEOUL = dt.timezone(dt.timedelta(hours=9))


@pytest.mark.parametrize(
    ("ends", "thanked"),
    [((14, 21), (15, 10)), ((15, 1), (15, 10)), ((15, 5), (16, 10)), ((15, 12), (16, 10))],
)
def test_thanks_wait_for_ten_in_the_morning_after_a_night(
    ends: tuple[int, int], thanked: tuple[int, int]
) -> None:
    over = dt.datetime(2027, 7, *ends, tzinfo=SEOUL)

    assert thanks_at(over, "Asia/Seoul", wanted=True) == dt.datetime(2027, 7, *thanked, tzinfo=SEOUL)
    assert thanks_at(over, "Asia/Seoul", wanted=False) is None


def thanking(*, wanted: bool = True, came: bool = True) -> tuple[Meetup, Registration]:
    """A meetup in two weeks to which one of three will have come, or nobody, with whom that would be."""
    meetup = make_meetup(thanks=wanted)
    with transaction() as session:
        meetup_times.follow(Meetup.locked(session, meetup.id))
    guest = make_registration(meetup, admitted_at=now() + 14 * DAY if came else None)
    make_registration(meetup)
    make_registration(meetup, status=Status.CANCELLED)
    end_reading()
    return meetup, guest


def thanked() -> list[int | None]:
    return [mail.registration_id for mail in owed("thanks")]


@pytest.mark.usefixtures("app")
def test_who_was_there_is_thanked_in_the_organizer_s_words_and_can_opt_out() -> None:
    meetup, came = thanking()
    text = MailText(words=Words("{이름} 님 덕분에 즐거웠어요.", ""))
    own_texts.save(meetup.id, "thanks", text, ORGANIZER)
    assert "김동문 님 덕분에 즐거웠어요." in sample(meetup, "thanks", "ko", text).text

    with later(14 * DAY + 4 * HOUR):
        schedule.run_due()
    assert thanked() == [], "not at night"
    with later(16 * DAY):
        schedule.run_due()
        assert thanked() == [came.id]
        mail = written(owed("thanks")[0])
        for body in (text_of(mail), html_of(mail)):
            assert "님 덕분에 즐거웠어요." in body
            assert "초대와 감사" in body
        program_id, address_hash = mail["List-Unsubscribe"].strip("<>").split("/")[-3:-1]
        opt_outs.opt_out(int(program_id), address_hash)
        end_reading()
        assert opt_outs.unwanted(owed("thanks")) == {owed("thanks")[0].id}


def test_three_workers_thank_once_and_so_they_do_when_the_times_are_put_right_afterwards(app: Flask) -> None:
    meetup, came = thanking()
    start = threading.Barrier(3)

    def work() -> int:
        with app.app_context():
            start.wait(30)
            return schedule.run_due()

    with later(16 * DAY), ThreadPoolExecutor(3) as pool:
        assert sum(task.result() for task in [pool.submit(work) for _ in range(3)]) == 1
        with transaction() as session:
            row = Meetup.locked(session, meetup.id)
            row.ends_at += 12 * HOUR
            meetup_times.follow(row)
    with later(17 * DAY):
        schedule.run_due()

    assert thanked() == [came.id]


@pytest.mark.usefixtures("app")
def test_nobody_is_thanked_late_unwanted_called_off_or_once_their_check_in_was_undone() -> None:
    _, came = thanking()
    with later(19 * DAY):
        schedule.run_due()
    assert thanked() == [], "late"
    thanking(wanted=False)
    off, scanned_before = thanking(came=False)
    meetup_states.call_off(off.id, "폭설", ORGANIZER)
    with transaction() as session:
        session.get_one(Registration, scanned_before.id).admitted_at = now()
    with later(16 * DAY):
        schedule.run_due()

    assert thanked() == [came.id]
    with transaction() as session:
        session.get_one(Registration, came.id).admitted_at = None
    end_reading()
    assert write(owed("thanks")).dropped == [owed("thanks")[0].id]


@pytest.mark.usefixtures("app")
def test_the_thanks_open_the_survey_and_lead_to_it() -> None:
    meetup, _ = thanking()
    surveys.save(meetup.id, ready_made(), with_thanks=True, actor=ORGANIZER)

    with later(16 * DAY):
        schedule.run_due()
        end_reading()
        mail = written(owed("thanks")[0])

    assert "/survey" in text_of(mail)
    assert "/survey" in html_of(mail)


@pytest.mark.usefixtures("app")
def test_thanks_without_a_survey_ask_nothing() -> None:
    thanking()

    with later(16 * DAY):
        schedule.run_due()
        end_reading()
        mail = written(owed("thanks")[0])

    assert "/survey" not in text_of(mail) + html_of(mail)
