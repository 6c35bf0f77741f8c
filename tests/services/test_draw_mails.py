"""What the mails of somebody in a draw say."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.models import Meetup, Role, Status
from app.services.mails.writing import write
from app.services.personal import personal_links
from app.services.seating import draw_entries, line
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member
from tests.support.counting import statements
from tests.support.draws import DEADLINE, KNOWN, drawing, hold, hold_in_time, pass_deadline, pseudonym
from tests.support.offers import HOUR, fresh, later
from tests.support.registering import owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")


def written(kind: str) -> tuple[str, str, str]:
    """Subject, text and HTML of the newest mail of that kind."""
    mail = owed(kind)[-1]
    message = message_from_bytes(write([mail]).messages[mail.id], policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message["Subject"], text_of(message), html_of(message)


def public_page(meetup: Meetup) -> str:
    return f"/m/{meetup.slug}/draw"


def test_entering_is_told_with_pseudonym_deadline_and_what_decides() -> None:
    meetup, people = drawing(1)

    subject, *bodies = written("registration_applied")

    assert "추첨에 참여했어요" in subject
    for body in bodies:
        assert pseudonym(people[0]) in body
        assert "코스피 종가" in body
        assert public_page(meetup) in body
        assert personal_links.url_of(fresh(people[0])) in body


def test_the_drawn_and_those_who_wait_are_told_so_with_their_pseudonym() -> None:
    meetup, people = drawing(3, seats=1)
    hold_in_time(meetup)
    by_status = {row.status: row for row in map(fresh, people)}

    subject, *bodies = written("registration_drawn")
    assert "추첨에서 선정됐어요" in subject
    assert all(pseudonym(by_status[Status.CONFIRMED]) in body for body in bodies)
    assert all("/T/" in body for body in bodies)
    newest = owed("registration_not_drawn")[-1].registration_id
    last = next(row for row in map(fresh, people) if row.id == newest)
    subject, *bodies = written("registration_not_drawn")

    place = line.place_of(last).place
    assert f"대기 {place}번" in subject
    assert all(f"선정되지 않았어요. 대기 {place}번이에요." in body for body in bodies)
    assert all(public_page(meetup) in body for body in bodies)


def test_who_comes_too_late_gets_the_usual_mail_of_the_waitlist() -> None:
    meetup, _ = drawing(1)

    with later(DEADLINE + HOUR):
        pass_deadline()
        register(meetup, make_alumnus(meetup.cohorts[0]))

    assert "대기 1번" in written("registration_waitlisted")[0]


def test_organizers_are_asked_once_for_the_value_when_it_should_be_known() -> None:
    meetup, _ = drawing(1)
    members = [make_member(meetup.program, role) for role in (Role.ORGANIZER, Role.OWNER)]
    make_member(meetup.program, Role.VIEWER)
    with later(DEADLINE + HOUR):
        pass_deadline()
        assert owed("draw_value_due") == []

    with later(KNOWN + HOUR):
        pass_deadline()
        pass_deadline()

    assert [mail.address for mail in owed("draw_value_due")] == [member.address for member in members]
    subject, *bodies = written("draw_value_due")
    assert "공개된 값을 기다리고 있어요" in subject
    assert all(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/draw" in body for body in bodies)
    assert all("코스피 종가" in body for body in bodies)


def test_nobody_is_asked_for_a_value_that_was_entered_meanwhile() -> None:
    meetup, _ = drawing(1)
    make_member(meetup.program)
    with later(KNOWN + HOUR):
        pass_deadline()
        hold(meetup)

    mail = owed("draw_value_due")[-1]
    assert write([mail]).dropped == [mail.id]


def test_mails_of_a_draw_take_as_many_queries_for_many_as_for_few() -> None:
    asked = []
    for people in (2, 12):
        meetup, _ = drawing(people)
        mails = [mail for mail in owed("registration_applied") if mail.meetup_id == meetup.id]
        with statements() as seen:
            assert len(write(mails).messages) == people
        asked.append(len(seen))

    assert asked[0] == asked[1]


def test_without_a_draw_nothing_of_one_is_looked_up() -> None:
    register(make_meetup(cohorts=[cohort := make_cohort()]), make_alumnus(cohort))
    mails = owed("registration_confirmed")

    with statements() as seen:
        write(mails)

    assert not [asked for asked in seen if "draw_entry" in asked]
    assert draw_entries.of_registration(mails[0].registration_id or 0) is None
