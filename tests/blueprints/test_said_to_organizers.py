"""What somebody says to an organizer is kept for them: answers, a consent taken back, a place given up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain.erasure import Asked
from app.domain.registering.questions import QuestionKind
from app.models import Meetup, OutboxMail, Program, Registration, Role, Status
from app.services.organizing import attendee
from app.services.organizing.door_moments import Moment
from app.services.personal import erasure
from app.services.registering import answer_sheets, consents, registrations
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_program,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.services.test_reminders import written
from tests.support.client import Browser
from tests.support.fresh import path_of
from tests.support.smtp import text_of


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def program(app: Flask, client: Browser) -> Program:
    program = make_program()
    sign_in(client, make_member(program))
    return program


BY = "account:1"
MEAL = make_question("q1", QuestionKind.CHOICE, "가요", "못 가요", required=True)
BOX = make_question("q2", QuestionKind.CONSENT)
UNDER = make_question("q3", QuestionKind.TEXT)
ALLERGY = make_question("q4", consent="photos")


@pytest.fixture
def hana(program: Program) -> Registration:
    """Asked four things, and whether photos may be shown."""
    cohort = make_cohort(program, 1)
    person = make_alumnus(cohort, "김하나", "hana@example.com")
    meetup = make_meetup(program, cohorts=[cohort], answers_until=now() - dt.timedelta(hours=1))
    make_notice(meetup, consents=(make_consent("photos"), make_consent("marketing")))
    make_questions(meetup, MEAL, BOX, UNDER, ALLERGY)
    return make_registration(meetup, person, cohort=cohort)


def said(registration: Registration, **sheet: Any) -> None:
    at = now()
    with transaction() as session:
        connection = connection_of(session)
        answer_sheets.record(
            connection, registration.id, {0: sheet}, questions_version=4, at=at, actor="person"
        )
        consents.record(
            connection, registration.id, {"photos": True, "marketing": False}, notice_version=1, at=at
        )


def page_of(registration: Registration) -> str:
    meetup = db.session.get_one(Meetup, registration.meetup_id)
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{registration.reference}"


def kept(registration: Registration) -> dict[str, Any]:
    db.session.rollback()
    return dict(answer_sheets.newest(registration.id)[0].answers)


def given(registration: Registration) -> dict[str, bool]:
    db.session.rollback()
    db.session.expire_all()
    row = db.session.get_one(Registration, registration.id)
    return {each.consent.key: each.given for each in consents.of_registration(row)}


def history(registration: Registration) -> list[Moment]:
    db.session.rollback()
    return attendee.history(registration.id)


def latest(registration: Registration) -> tuple[str, str]:
    moment = history(registration)[0]
    return moment.act, moment.reason


def test_an_answer_that_changed_is_written_down_by_whoever_was_told(
    client: Browser, hana: Registration
) -> None:
    said(hana, q1="o1", q2=False)
    here = f"{page_of(hana)}/answers"
    assert 'value="o1" checked' in client.get(here).text

    answer = client.post(here, data={"questions": 4, "a0-q1": "o2", "a0-q3": "늦어요"})

    assert answer.status_code == 303
    assert kept(hana) == {"q1": "o2", "q2": False, "q3": "늦어요"}
    sheet = answer_sheets.newest(hana.id)[0]
    assert sheet.actor.startswith("account:")
    assert latest(hana) == ("answers_changed", "")
    assert "못 가요" in client.get(page_of(hana)).text


def test_the_desk_keeps_to_the_rules_of_the_form(client: Browser, hana: Registration) -> None:
    said(hana, q1="o1")
    here = f"{page_of(hana)}/answers"

    assert client.post(here, data={"questions": 4, "a0-q3": "늦어요"}).status_code == 422
    assert client.post(here, data={"questions": 4, "a0-q1": "o9"}).status_code == 422
    assert client.post(here, data={"questions": 3, "a0-q1": "o2"}).status_code == 422

    assert kept(hana) == {"q1": "o1"}


def test_the_desk_unticks_what_somebody_agreed_to_and_ticks_nothing(
    client: Browser, hana: Registration
) -> None:
    said(hana, q1="o1", q2=True)
    here = f"{page_of(hana)}/answers"

    client.post(here, data={"questions": 4, "a0-q1": "o1"})
    assert kept(hana)["q2"] is False
    assert "a0-q2" not in client.get(here).text

    client.post(here, data={"questions": 4, "a0-q1": "o1", "a0-q2": "yes"})
    assert kept(hana)["q2"] is False


def test_a_consent_is_withdrawn_for_whoever_asks_and_the_answers_that_rested_on_it_go(
    client: Browser, hana: Registration
) -> None:
    said(hana, q1="o1", q4="땅콩")
    there = f"{page_of(hana)}/consents/withdrawal"

    assert client.post(there, data={"key": "photos", "reason": " "}).status_code == 422
    assert given(hana)["photos"] is True
    assert client.post(there, data={"key": "photos", "reason": "본인 전화"}).status_code == 303

    assert given(hana) == {"photos": False, "marketing": False}
    assert kept(hana) == {"q1": "o1"}
    assert latest(hana) == ("consent_withdrawn", "본인 전화")
    assert consents.history(hana.id)[-1].actor.startswith("account:")


def test_the_desk_gives_no_consent(client: Browser, hana: Registration) -> None:
    said(hana, q1="o1")

    client.post(f"{page_of(hana)}/consents/withdrawal", data={"key": "marketing", "reason": "전화"})

    assert given(hana)["marketing"] is False
    assert client.get(page_of(hana)).text.count("Withdraw it for them") == 1


def test_a_place_that_somebody_gives_up_by_phone_is_their_own_cancelling(
    client: Browser, hana: Registration
) -> None:
    there = f"{page_of(hana)}/cancellation"

    assert client.post(there, data={"reason": "전화로 취소", "asked": "y"}).status_code == 303

    db.session.rollback()
    db.session.expire_all()
    assert db.session.get_one(Registration, hana.id).status is Status.CANCELLED
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.registration_id == hana.id)).one()
    assert (mail.kind, mail.params) == ("registration_cancelled", {"on_request": True})
    assert "말씀하신 대로" in text_of(written(mail))
    assert latest(hana) == ("cancelled_on_request", "전화로 취소")
    assert "Cancelled at their request" in client.get(page_of(hana)).text
    own = client.get(path_of(hana)).text
    assert "The organizer cancelled it as you asked" in own
    assert "You cancelled your registration" not in own


def test_whose_wish_a_cancelling_was_is_known_when_its_reason_is_erased(hana: Registration) -> None:
    registrations.cancel_on_request(hana.id, BY, "전화로 취소")

    erasure.erase(hana.person_id, BY, Asked.LINK)

    assert ("cancelled_on_request", "") in [(each.act, each.reason) for each in history(hana)]


def test_what_somebody_cancels_themselves_is_nobody_elses_doing(client: Browser, hana: Registration) -> None:
    registrations.cancel(hana.id)

    assert latest(hana) == ("cancelled", "")
    assert "You cancelled your registration" in client.get(path_of(hana)).text


def test_viewers_and_door_staff_write_nothing_down(app: Flask, hana: Registration) -> None:
    said(hana, q1="o1")
    meetup = db.session.get_one(Meetup, hana.meetup_id)
    for role in (Role.VIEWER, Role.DOOR):
        browser = app.test_client()
        sign_in(browser, make_member(meetup.program, role))
        for path, data in (
            ("answers", {"questions": "4", "a0-q1": "o2"}),
            ("consents/withdrawal", {"key": "photos", "reason": "전화"}),
            ("cancellation", {"reason": "전화", "asked": "y"}),
        ):
            assert browser.post(f"{page_of(hana)}/{path}", data=data).status_code == 403
    assert (kept(hana), given(hana)["photos"]) == ({"q1": "o1"}, True)
