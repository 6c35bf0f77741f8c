"""Another time or place: whom it is told, what is asked, and which answer counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from email.message import EmailMessage
from typing import Any

import pytest

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft
from app.domain.registering.moves import Telling
from app.domain.registering.still_coming import Answer
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_rules import SeatRules
from app.domain.writing.mail_texts import MailText
from app.domain.writing.words import Words
from app.models import Meetup, MeetupState, Registration, Status
from app.services.mails import own_texts
from app.services.mails.writing import write
from app.services.organizing import meetup_states, meetups
from app.services.registering import moves, registrations, replies, still_coming
from app.services.registering.moves import Announcement, Unannounced
from app.services.running import schedule
from app.services.seating import offers, seat_rules
from tests.factories import make_alumnus
from tests.services.test_meetups_life import draft
from tests.services.test_reminders import stamp_of, written
from tests.services.test_still_coming import ORGANIZER, answer_of, asked, asking, move
from tests.support.counting import statements
from tests.support.offers import HOUR, fresh, later, offering, states
from tests.support.registering import all_go_out, owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")
DAY = dt.timedelta(days=1)
C, W, X, E = Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED, Status.EXPIRED
ASK, TELL, NOBODY = (Announcement(telling) for telling in Telling)


def as_it_is(meetup: Meetup) -> Draft:
    """What the form has for the meetup."""
    row = db.session.get_one(Meetup, meetup.id)
    local = {"starts": row.starts_at, "ends": row.ends_at}
    same = {name: getattr(row, name) for name in ("title_ko", "title_en", "place_ko", "place_en", "capacity")}
    times = {name: row.local(at).replace(tzinfo=None) for name, at in local.items()}
    flags = {"reminds_week": row.reminds_week, "reminds_day": row.reminds_day}
    return draft(*row.cohorts, **same, **times, **flags, place_address=row.place_address)


def change(meetup: Meetup, announcement: Announcement | None = ASK, **changes: Any) -> None:
    """Save another place, or whatever else, at the desk."""
    end_reading()
    typed = dataclasses.replace(as_it_is(meetup), **changes)
    version = db.session.get_one(Meetup, meetup.id).version
    meetups.revise(meetup.id, version, typed, ORGANIZER, announcement)
    end_reading()


def yes(registration: Registration) -> None:
    """The press on the page as it is now."""
    still_coming.say_yes(registration.id, fresh(registration).meetup.appointment)


def told() -> list[int | None]:
    return [mail.registration_id for mail in owed(moves.MAIL)]


def mail_to(registration: Registration) -> EmailMessage:
    """Their newest mail about a move, as it would go out now."""
    return written([mail for mail in owed(moves.MAIL) if mail.registration_id == registration.id][-1])


def test_another_place_is_told_to_everybody_asked_of_those_with_a_seat_and_a_no_goes_on_at_once() -> None:
    meetup, people = offering(seats=2, waiting=1, freed_seats=FreedSeats.CONFIRM)

    own_texts.save(meetup.id, moves.MAIL, MailText(words=Words("친애하는 {이름} 님", "")), ORGANIZER)
    change(meetup, Announcement(Telling.ASK, "건물에 누수가 생겼어요."), place_ko="새 예시홀 2층")

    assert told() == [person.id for person in people]
    assert [answer_of(person) for person in people] == [Answer.OPEN, Answer.OPEN, Answer.NOT_ASKED]
    mail = mail_to(people[0])
    assert "일시·장소가 바뀌었어요. 올 수 있나요?" in mail["Subject"]
    for body in (text_of(mail), html_of(mail)):
        assert "서울 강남구 예시홀" in body
        assert "새 예시홀 2층" in body
        assert "건물에 누수가 생겼어요." in body
        assert "/moves/" in body
    assert "친애하는" in text_of(mail)
    ics = next(mail.iter_attachments()).get_content()
    assert f"SEQUENCE:{fresh(people[0]).meetup.version}" in ics
    assert f"UID:meetup-{meetup.slug}@" in ics
    waiting = mail_to(people[2])
    assert "/moves/" not in text_of(waiting)
    assert "신청은 그대로예요" in text_of(waiting)

    yes(people[0])
    registrations.cancel(people[1].id)

    assert states(meetup) == [C, X, C]
    assert replies.counts(fresh(people[0]).meetup) == replies.Replies(yes=1, no=1, open=0, releasing=0)


def test_nothing_is_saved_until_the_organizer_has_said_who_is_told() -> None:
    meetup, _ = offering(seats=2, waiting=1)

    with pytest.raises(Unannounced) as refused:
        change(meetup, None, place_ko="새 예시홀")

    assert refused.value.usual is Telling.ASK
    assert refused.value.concerned == moves.Concerned(seated=2, companions=0, waiting=1)
    assert db.session.get_one(Meetup, meetup.id).place_ko == "서울 강남구 예시홀"
    change(meetup, None, title_ko="다른 이름")
    with pytest.raises(Unannounced) as refused:
        change(meetup, None, place_address="서울 강남구 예시로 1")
    assert refused.value.usual is Telling.TELL
    assert told() == []


@pytest.mark.parametrize("state", [MeetupState.DRAFT, MeetupState.CALLED_OFF])
def test_of_a_meetup_that_nobody_expects_nobody_is_told(state: MeetupState) -> None:
    meetup, _ = offering(seats=1, waiting=0)
    with transaction() as session:
        session.get_one(Meetup, meetup.id).state = state

    change(meetup, None, place_ko="새 예시홀")

    assert told() == []


def test_a_slip_put_right_is_told_to_nobody_and_a_yes_stays_unless_the_start_moves() -> None:
    meetup, people = offering(seats=2, waiting=0)
    change(meetup, place_ko="새 예시홀")
    yes(people[0])

    change(meetup, NOBODY, place_ko="새 예시홀 2층")

    assert len(told()) == 2
    assert answer_of(people[0]) is Answer.YES
    move(meetup, HOUR)
    assert [answer_of(person) for person in people] == [Answer.NOT_ASKED] * 2


def test_an_old_yes_counts_no_more_when_the_meetup_goes_back_to_its_former_time() -> None:
    meetup, people = asking(waiting=0)
    with later(12 * DAY):
        schedule.run_due()
        yes(people[0])

        move(meetup, DAY)
        move(meetup, -DAY, Telling.ASK)

        assert [answer_of(person) for person in people] == [Answer.OPEN] * 2
        assert schedule.run_due() == 0, "they are asked already"


def test_an_answer_to_a_page_from_before_the_change_is_none() -> None:
    meetup, people = offering(seats=1, waiting=0)
    change(meetup, place_ko="새 예시홀")
    seen = fresh(people[0]).meetup.appointment
    change(meetup, place_ko="또 다른 예시홀")

    with pytest.raises(DomainError, match="moved_meanwhile"):
        still_coming.say_yes(people[0].id, seen)

    assert answer_of(people[0]) is Answer.OPEN


def test_two_changes_before_the_first_mail_went_out_are_one_mail_and_after_it_two() -> None:
    meetup, people = offering(seats=1, waiting=0)
    change(meetup, place_ko="둘째 예시홀")
    change(meetup, place_ko="셋째 예시홀")

    first, second = owed(moves.MAIL)
    assert _dropped(first)
    body = text_of(written(second))
    assert "서울 강남구 예시홀" in body
    assert "둘째 예시홀" not in body
    all_go_out()
    change(meetup, place_ko="넷째 예시홀")
    assert "셋째 예시홀" in text_of(mail_to(people[0]))
    all_go_out()
    late = register(db.session.get_one(Meetup, meetup.id), make_alumnus(meetup.cohorts[0]))
    change(meetup, place_ko="다섯째 예시홀")
    assert "넷째 예시홀" in text_of(mail_to(late)), "they never knew another"


def _dropped(mail: Any) -> bool:
    return write([mail]).dropped == [mail.id]


def test_the_silent_are_reminded_once() -> None:
    meetup, people = offering(seats=3, waiting=1)
    with pytest.raises(DomainError, match="nothing_to_reconfirm"):
        moves.remind(meetup.id, ORGANIZER)
    change(meetup, place_ko="새 예시홀")
    all_go_out()
    yes(people[0])
    change(meetup, TELL, place_address="서울 강남구 예시로 1")
    all_go_out()

    with later(DAY + HOUR):
        assert moves.remind(meetup.id, ORGANIZER) == 2
        assert moves.remind(meetup.id, ORGANIZER) == 0

    assert told()[8:] == [people[1].id, people[2].id]
    assert "서울 강남구 예시홀" in text_of(mail_to(people[1]))
    assert "아직 답을 받지 못했어요" in text_of(mail_to(people[1]))
    yes(people[1])
    assert _dropped([mail for mail in owed(moves.MAIL) if mail.registration_id == people[1].id][-1])


def test_who_reconfirmed_long_before_is_asked_at_the_usual_time_and_only_silence_then_frees_a_seat() -> None:
    meetup, people = asking(waiting=1, release=24)
    change(meetup, place_ko="새 예시홀")
    all_go_out()
    yes(people[0])
    with later(11 * DAY):
        schedule.run_due()
    assert states(meetup) == [C, C, W], "the change alone releases nobody"

    with later(12 * DAY):
        schedule.run_due()
        all_go_out()
        assert [answer_of(person) for person in people[:2]] == [Answer.OPEN] * 2
        yes(people[0])
    with later(13 * DAY + HOUR):
        schedule.run_due()

    assert states(meetup) == [C, E, Status.OFFERED]


def test_a_change_after_the_usual_question_takes_its_place_and_gives_time_to_answer() -> None:
    meetup, people = asking(waiting=1, release=24)
    with later(12 * DAY):
        schedule.run_due()
        all_go_out()
        yes(people[0])
    with later(12 * DAY + 8 * HOUR):
        change(meetup, place_ko="새 예시홀")
        all_go_out()
        assert fresh(people[0]).released_at(fresh(people[0]).meetup) is not None
        yes(people[1])
    with later(13 * DAY + HOUR):
        schedule.run_due()

    assert states(meetup) == [E, C, Status.OFFERED], "the yes was to another place"


def test_a_change_shortly_before_the_usual_question_is_the_only_question() -> None:
    meetup, people = asking(waiting=1, release=24)
    with later(12 * DAY - 3 * HOUR):
        change(meetup, place_ko="새 예시홀")
        all_go_out()
        yes(people[0])
    with later(12 * DAY):
        schedule.run_due()

        assert asked() == []
        assert answer_of(people[0]) is Answer.YES
    with later(13 * DAY + HOUR):
        schedule.run_due()

    assert states(meetup) == [C, E, Status.OFFERED]


def test_a_meetup_of_hundreds_is_told_in_as_many_statements_as_one_of_few() -> None:
    numbers = []
    for seats in (2, 9):
        meetup, _ = offering(seats=seats, waiting=1)
        with statements() as sent:
            change(meetup, place_ko="새 예시홀")
        numbers.append(len(sent))

    assert numbers[0] == numbers[1]


def test_called_off_after_a_change_only_that_is_told() -> None:
    meetup, _ = offering(seats=1, waiting=0)
    change(meetup, place_ko="새 예시홀")

    meetup_states.call_off(meetup.id, "폭설", ORGANIZER)

    assert _dropped(owed(moves.MAIL)[0])


def test_an_offer_ends_with_the_last_call_of_the_new_start_and_the_mails_say_until_when() -> None:
    meetup, people = offering(seats=2, waiting=3)
    registrations.cancel(people[0].id)
    registrations.cancel(people[1].id)
    all_go_out()
    soon = fresh(people[2]).meetup.local(now() + 3 * HOUR).replace(tzinfo=None, second=0, microsecond=0)

    change(meetup, TELL, starts=soon, ends=soon + 3 * HOUR)

    start = fresh(people[2]).meetup.starts_at
    assert [fresh(person).offered_until for person in people[2:]] == [start, start, None]
    until = stamp_of(people[2])
    assert until in text_of(mail_to(people[2]))
    assert "까지 '참석할게요'를 눌러" in text_of(mail_to(people[2]))
    assert "신청은 그대로예요" in text_of(mail_to(people[4]))
    sooner = [mail for mail in owed("registration_offered") if mail.params]
    assert [mail.registration_id for mail in sooner] == [people[2].id, people[3].id]
    assert f"{until}까지" in written(sooner[0])["Subject"]
    offers.accept(people[2].id)
    with later(4 * HOUR), pytest.raises(DomainError, match="offer_over"):
        offers.accept(people[3].id)
    with later(4 * HOUR):
        schedule.run_due()
        assert states(meetup)[2:] == [C, E, W]


def test_where_the_last_call_comes_before_now_an_offer_is_over_at_once() -> None:
    meetup, people = offering(seats=1, waiting=1, starts_at=now() + 100 * HOUR, ends_at=now() + 103 * HOUR)
    registrations.cancel(people[0].id)
    rules = SeatRules(mode=Mode.FIRST_COME, freed_seats=FreedSeats.OFFER, offer_hours=24, last_call_hours=120)

    seat_rules.save(meetup.id, rules, ORGANIZER)

    with pytest.raises(DomainError, match="offer_over"):
        offers.accept(people[1].id)
    schedule.run_due()
    assert states(meetup) == [X, E]
    assert [mail.params for mail in owed("registration_offered")] == [{}], (
        "the mail that it is over tells enough"
    )


def test_what_was_written_to_a_change_that_nobody_was_told_of_goes_with_the_next() -> None:
    meetup, people = offering(seats=1, waiting=0)
    change(meetup, Announcement(Telling.ASK, "건물이 침수됐어요."), place_ko="새 예시홀")
    change(meetup, TELL, place_address="서울 강남구 예시로 2")
    change(meetup, Announcement(Telling.TELL, "3층이에요."), place_ko="새 예시홀 3층")

    body = text_of(mail_to(people[0]))

    assert "건물이 침수됐어요." in body
    assert "3층이에요." in body
    all_go_out()
    change(meetup, TELL, place_ko="새 예시홀 4층")
    assert "건물이 침수됐어요." not in text_of(mail_to(people[0]))


def test_the_one_reminder_is_neither_spent_on_nobody_nor_before_there_was_time_to_answer() -> None:
    meetup, people = offering(seats=1, waiting=0)
    change(meetup, place_ko="새 예시홀")
    all_go_out()

    with pytest.raises(DomainError, match="move_reminder_early"):
        moves.remind(meetup.id, ORGANIZER)

    with later(DAY + HOUR):
        yes(people[0])
        assert moves.remind(meetup.id, ORGANIZER) == 0
        row = db.session.get_one(Meetup, meetup.id)
        assert (move := moves.asking(row)) is not None
        assert move.reminded_at is None
