"""Seats of those who did not answer: released at the time that they were told, unless somebody keeps theirs."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.still_coming import Reply
from app.domain.seating.offers import FreedSeats
from app.models import MailState, Meetup, OutboxMail, Registration, Status
from app.services.organizing import attendee, meetup_states, people_pages
from app.services.organizing.filters import Filter
from app.services.registering import registrations, replies, still_coming, tickets
from app.services.running import schedule
from app.services.seating import approvals, seat_release, waitlist
from tests.factories import code_of, make_alumnus
from tests.services.test_reminders import written
from tests.services.test_still_coming import DAY, ORGANIZER, asking, move, set_rules
from tests.support.door import Phone
from tests.support.offers import HOUR, fresh, history, later, states
from tests.support.registering import all_go_out, owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")
C, W, O, X, E = Status.CONFIRMED, Status.WAITLISTED, Status.OFFERED, Status.CANCELLED, Status.EXPIRED  # noqa: E741


def run() -> int:
    """Do all that is due by now, and have its mails go out."""
    done = 0
    while number := schedule.run_due():
        done += number
    all_go_out()
    return done


def releasing(
    seats: int = 2, waiting: int = 1, hours: int = 48, release: int = 24, **fields: object
) -> tuple[Meetup, list[Registration]]:
    """A full meetup in two weeks that asks two days before and releases one day before."""
    return asking(seats=seats, waiting=waiting, hours=hours, release=release, **fields)


def silent(meetup: Meetup) -> list[int]:
    """Whose seat would be released."""
    found = people_pages.page(meetup.id, Filter(reply=Reply.NONE), size=50).rows
    return [row.id for row in found if fresh_row(row.id).released_at(fresh_meetup(meetup))]


def fresh_row(registration_id: int) -> Registration:
    return db.session.get_one(Registration, registration_id, populate_existing=True)


def fresh_meetup(meetup: Meetup) -> Meetup:
    end_reading()
    return db.session.get_one(Meetup, meetup.id, populate_existing=True)


def test_who_does_not_answer_loses_the_seat_at_the_time_that_they_were_told_and_it_goes_on() -> None:
    meetup, people = releasing()
    with later(12 * DAY):
        run()
        still_coming.say_yes(people[0].id, appointment=1)
        assert replies.counts(fresh_meetup(meetup)) == replies.Replies(yes=1, no=0, open=1, releasing=1)
        assert fresh(people[1]).released_at(fresh_meetup(meetup)) == meetup.starts_at - DAY
    with later(13 * DAY - HOUR):
        assert run() == 0
        assert states(meetup) == [C, C, W]
    with later(13 * DAY):
        assert run() == 1
        assert run() == 0

    assert states(meetup) == [C, E, O]
    assert history(people[1]) == [(C, "person", ""), (E, "worker", seat_release.NOT_ANSWERED)]
    assert tickets.current(people[1].id) is None
    assert [mail.registration_id for mail in owed("registration_released")] == [people[1].id]
    assert seat_release.was_released(fresh(people[1]))


def test_where_freed_seats_are_given_at_once_the_next_has_it() -> None:
    meetup, _ = releasing(freed_seats=FreedSeats.CONFIRM, waiting=3)
    with later(12 * DAY):
        run()
    with later(13 * DAY):
        run()

    assert states(meetup) == [E, E, C, C, W]


def test_who_got_the_seat_after_the_question_came_in_or_is_kept_loses_nothing() -> None:
    meetup, people = releasing(seats=4, waiting=1, freed_seats=FreedSeats.CONFIRM)
    with later(12 * DAY):
        run()
        registrations.cancel(people[0].id)  # and the fifth gets the seat
        seat_release.keep(people[1].id, ORGANIZER, kept=True)
        with transaction() as session:
            session.get_one(Registration, people[2].id).admitted_at = now()
        assert silent(meetup) == [people[3].id]
    with later(13 * DAY):
        run()

    assert states(meetup) == [X, C, C, E, C]


def test_a_seat_that_is_kept_no_more_is_released_and_the_history_has_both() -> None:
    meetup, people = releasing(seats=1, waiting=0)
    with later(12 * DAY):
        run()
        for kept in (True, True, False):
            seat_release.keep(people[0].id, ORGANIZER, kept=kept)
    with later(13 * DAY):
        run()
        with pytest.raises(DomainError, match="no_seat_to_let_keep"):
            seat_release.keep(people[0].id, ORGANIZER, kept=True)

    assert states(meetup) == [E]


def test_released_they_can_register_again_and_stand_at_the_end_of_the_line() -> None:
    meetup, people = releasing(seats=1, waiting=2, freed_seats=FreedSeats.CONFIRM)
    with later(12 * DAY):
        run()
    with later(13 * DAY):
        run()
        again = register(meetup, people[0].person)

    assert states(meetup) == [E, C, W, W]
    assert fresh(again).rank > fresh(people[2]).rank


def test_a_late_question_leaves_twelve_hours_to_answer() -> None:
    meetup, people = releasing(waiting=0)
    with later(13 * DAY - HOUR):
        run()
        by = fresh(people[0]).released_at(fresh_meetup(meetup))
        assert by is not None
        assert by - now() >= dt.timedelta(hours=12)
    with later(13 * DAY + HOUR):
        run()
        assert states(meetup) == [C, C]
    with later(13 * DAY + 12 * HOUR):
        run()

    assert states(meetup) == [E, E]


def test_a_question_too_late_for_that_releases_nobody_and_the_mail_says_so() -> None:
    meetup, _ = releasing(waiting=0)
    with later(14 * DAY - 6 * HOUR):
        run()
        assert "답하지 않아도 자리는 그대로예요." in text_of(written(owed("still_coming")[0]))
    with later(14 * DAY - HOUR):
        run()

    assert states(meetup) == [C, C]


def test_a_worker_that_comes_back_after_the_last_call_or_the_start_releases_nobody() -> None:
    meetup, _ = releasing(last_call_hours=2)
    with transaction() as session:
        Meetup.locked(session, meetup.id).last_call_hours = 2
    with later(12 * DAY):
        run()
    for back in (14 * DAY - HOUR, 14 * DAY + HOUR):
        with later(back):
            run()
            assert states(meetup) == [C, C, W]


def test_after_a_downtime_over_question_and_release_the_question_comes_first() -> None:
    meetup, people = releasing()
    with later(13 * DAY + HOUR):
        run()
        assert states(meetup) == [C, C, W]
        still_coming.say_yes(people[0].id, appointment=1)
    with later(13 * DAY + 14 * HOUR):
        run()

    assert states(meetup) == [C, E, O]


def test_called_off_or_switched_off_releases_nobody() -> None:
    off, _ = releasing()
    unset, _ = releasing()
    with later(12 * DAY):
        run()
        meetup_states.call_off(off.id, "폭설", ORGANIZER)
        set_rules(unset, 48)
    with later(13 * DAY):
        run()

    assert states(off) == [C, C, W]
    assert states(unset) == [C, C, W]


def test_switched_on_after_the_question_it_takes_nothing_from_those_who_were_told_otherwise() -> None:
    meetup, _ = asking()
    with later(12 * DAY):
        run()
        set_rules(meetup, 48, release=24)
    with later(13 * DAY):
        run()

    assert states(meetup) == [C, C, W]


def test_a_moved_meetup_asks_again_and_releases_before_its_new_start() -> None:
    meetup, _ = releasing(waiting=0)
    with later(12 * DAY):
        run()
        move(meetup, 7 * DAY)
    with later(13 * DAY):
        run()
        assert states(meetup) == [C, C]
    with later(19 * DAY):
        run()
    with later(20 * DAY):
        run()

    assert states(meetup) == [E, E]


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.FAILED, MailState.DROPPED])
def test_whoever_was_not_told_keeps_the_seat_and_their_history_says_so(state: MailState) -> None:
    meetup, people = releasing(waiting=1)
    with later(12 * DAY):
        schedule.run_due()
        all_go_out()
        with transaction() as session:
            session.execute(
                update(OutboxMail)
                .where(OutboxMail.registration_id == people[0].id, OutboxMail.kind == "still_coming")
                .values(state=state, sent_at=None)
            )
    with later(13 * DAY):
        run()

    assert [states(meetup)[0], states(meetup)[1]] == [C, E]
    assert attendee.history(people[0].id)[0].act == "seat_kept_untold"
    assert fresh(people[0]).released_at(fresh_meetup(meetup)) is None


def test_whoever_was_told_too_late_keeps_the_seat() -> None:
    meetup, _ = releasing(waiting=0)
    with later(12 * DAY):
        schedule.run_due()
    with later(12 * DAY + 14 * HOUR):
        all_go_out()
    with later(13 * DAY):
        run()

    assert states(meetup) == [C, C]


@pytest.mark.parametrize("hours", [48, 160, 180])
def test_a_reminder_that_went_out_before_the_question_does_not_count_as_one(hours: int) -> None:
    meetup, _ = releasing(waiting=0, reminds_week=True)
    with later(7 * DAY):
        run()
    with later((8 if hours > 150 else 12) * DAY):
        set_rules(meetup, hours, release=24)
        schedule.run_due()
        with transaction() as session:
            question = update(OutboxMail).where(OutboxMail.kind == "still_coming")
            session.execute(question.values(state=MailState.FAILED, sent_at=None))
    with later(13 * DAY):
        run()

    assert states(meetup) == [C, C]


def test_moved_away_and_back_a_meetup_releases_nobody_by_what_they_were_told_before() -> None:
    meetup, people = releasing(waiting=1)
    with later(12 * DAY):
        run()
        move(meetup, 7 * DAY)
    with later(13 * DAY - dt.timedelta(minutes=10)):
        move(meetup, -7 * DAY)
        run()
    with later(13 * DAY):
        run()

    assert states(meetup) == [C, C, W]
    assert fresh(people[0]).answer_by is None


def test_three_workers_at_once_release_once(app: Flask) -> None:
    meetup, _ = releasing(seats=6, waiting=2, freed_seats=FreedSeats.CONFIRM)
    with later(12 * DAY):
        run()
    start = threading.Barrier(3)

    def work() -> int:
        with app.app_context():
            start.wait(30)
            return schedule.run_due()

    with later(13 * DAY), ThreadPoolExecutor(3) as pool:
        assert sum(task.result() for task in [pool.submit(work) for _ in range(3)]) == 1

    assert states(meetup) == [E] * 6 + [C, C]
    assert len(owed("registration_released")) == 6


def test_while_promotion_is_paused_released_seats_stay_free() -> None:
    meetup, _ = releasing()
    with later(12 * DAY):
        run()
        waitlist.pause(meetup.id, "방 변경", ORGANIZER)
    with later(13 * DAY):
        run()

    assert states(meetup) == [E, E, W]


def test_question_reminder_and_release_say_until_when_and_what_then() -> None:
    meetup, people = releasing(waiting=0, reminds_day=True, hours=40, release=20)
    with later(14 * DAY - 40 * HOUR):
        run()
        asks = written(owed("still_coming")[0])
    with later(13 * DAY):
        run()
        reminds = written(owed("reminder")[0])
    with later(14 * DAY - 20 * HOUR):
        run()
        says = written(owed("registration_released")[0])

    for message in (asks, reminds):
        assert "까지 답하지 않으면 자리가 취소돼요." in text_of(message)
        assert "까지 답하지 않으면 자리가 취소돼요." in html_of(message)
    assert "다시 신청" in text_of(says)
    assert f"/m/{meetup.slug}" in html_of(says)
    assert "ticket_link" not in html_of(says)
    register(meetup, people[0].person)


def test_the_list_is_filtered_by_what_people_answered() -> None:
    meetup, people = releasing(seats=3, waiting=1)
    with later(12 * DAY):
        run()
        still_coming.say_yes(people[0].id, appointment=1)
        registrations.cancel(people[1].id)
        register(meetup, make_alumnus(meetup.cohorts[0]))

        found = {
            reply: [row.id for row in people_pages.page(meetup.id, Filter(reply=reply), size=9).rows]
            for reply in Reply
        }

    assert found == {Reply.YES: [people[0].id], Reply.NO: [people[1].id], Reply.NONE: [people[2].id]}


@pytest.mark.parametrize(
    ("asks", "release", "code"),
    [
        (None, 24, "release_without_question"),
        (48, 40, "release_too_soon"),
        (48, 0, "still_coming_unusable"),
    ],
)
def test_a_release_without_time_to_answer_is_refused(asks: int | None, release: int, code: str) -> None:
    meetup, _ = asking(waiting=0)

    with pytest.raises(Unusable) as refused:
        set_rules(meetup, asks, release=release)

    assert refused.value.problems["release_hours"].code == code


def test_each_is_released_at_the_time_that_they_were_told_whoever_was_asked_later_with_less() -> None:
    meetup, people = releasing(seats=2, waiting=1, hours=60, freed_seats=FreedSeats.CONFIRM)
    with later(14 * DAY - 60 * HOUR):
        run()
        registrations.cancel(people[0].id)  # and the third gets the seat, after the question
    with later(14 * DAY - 50 * HOUR):
        set_rules(meetup, 48, FreedSeats.CONFIRM, release=34)
    with later(14 * DAY - 48 * HOUR):
        run()
    with later(14 * DAY - 34 * HOUR):
        run()
        assert states(meetup) == [X, C, E]
    with later(14 * DAY - 24 * HOUR):
        run()

    assert states(meetup) == [X, E, E]


def test_after_the_time_to_answer_nobody_is_kept_no_more() -> None:
    meetup, people = releasing(seats=1, waiting=0)
    with later(12 * DAY):
        run()
        seat_release.keep(people[0].id, ORGANIZER, kept=True)
    with later(13 * DAY):
        run()
        with pytest.raises(DomainError, match="release_over"):
            seat_release.keep(people[0].id, ORGANIZER, kept=False)

    assert states(meetup) == [C]


def test_who_lost_the_seat_and_got_another_after_the_question_keeps_it() -> None:
    meetup, people = releasing(seats=1, waiting=0, freed_seats=FreedSeats.CONFIRM)
    with later(12 * DAY):
        run()
        registrations.decline(people[0].id, ORGANIZER, "잘못 눌렀어요")
        approvals.take_back(people[0].id, ORGANIZER)
        assert states(meetup) == [C]
    with later(13 * DAY):
        run()

    assert states(meetup) == [C]


def test_at_the_door_their_old_ticket_is_refused_with_the_reason(app: Flask) -> None:
    meetup, people = releasing(seats=1, waiting=0)
    code = code_of(people[0])
    with later(12 * DAY):
        run()
    with later(13 * DAY):
        run()
    with later(14 * DAY):
        told = Phone(app, meetup).scan(code=code)

    assert told["verdict"] == "unapproved"
    assert told["reason"] == "There was no answer in time, so the seat went to others."
