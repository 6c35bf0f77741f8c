"""What somebody says to an organizer is kept for them: answers, a consent taken back, a place given up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain.erasure import Asked
from app.domain.registering.questions import QuestionKind
from app.models import Meetup, OutboxMail, Program, Registration, Role, Status
from app.services.organizing import attendee
from app.services.organizing.door_moments import Moment
from app.services.personal import erasure
from app.services.registering import answer_sheets, companions, consents, question_sets, registrations
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
from tests.support.client import Browser, Page, form_of, submit
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

    answer = submit(client, here, {"a0-q1": "o2", "a0-q3": "늦어요"})

    assert answer.status_code == 303
    assert kept(hana) == {"q1": "o2", "q2": False, "q3": "늦어요"}
    sheet = answer_sheets.newest(hana.id)[0]
    assert sheet.actor.startswith("account:")
    assert latest(hana) == ("answers_changed", "")
    assert "못 가요" in client.get(page_of(hana)).text


def test_the_desk_keeps_to_the_rules_of_the_form(client: Browser, hana: Registration) -> None:
    said(hana, q1="o1")
    here = f"{page_of(hana)}/answers"

    assert submit(client, here, {"a0-q1": None}).status_code == 422
    assert submit(client, here, {"a0-q1": "o9"}).status_code == 422
    assert submit(client, here, {"questions": 3, "a0-q1": "o2"}).status_code == 422

    assert kept(hana) == {"q1": "o1"}


def test_the_desk_unticks_what_somebody_agreed_to_and_ticks_nothing(
    client: Browser, hana: Registration
) -> None:
    said(hana, q1="o1", q2=True)
    here = f"{page_of(hana)}/answers"

    submit(client, here, {"a0-q2": None})
    assert kept(hana)["q2"] is False
    assert "a0-q2" not in client.get(here).text

    submit(client, here, {"a0-q2": "yes"})
    assert kept(hana)["q2"] is False


@pytest.fixture
def at_home(app: Flask, hana: Registration) -> FlaskClient:
    """The person's own browser; they can change their answers, too."""
    question_sets.set_deadline(hana.meetup_id, now() + dt.timedelta(days=1), BY)
    return app.test_client()


def test_what_somebody_changes_while_the_desk_has_the_form_open_is_not_overwritten(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    said(hana, q1="o1", q2=False, q3="채식")
    here, theirs = f"{page_of(hana)}/answers", {"q1": "o2", "q2": True, "q3": "땅콩 알레르기"}
    old = form_of(client, here)[1].fields
    assert submit(at_home, f"{path_of(hana)}/answers", {
        "a0-q1": "o2", "a0-q2": "yes", "a0-q3": "땅콩 알레르기",
    }).status_code == 303  # fmt: skip

    refused = client.post(here, data=old | {"a0-q4": ["견과"]})

    assert refused.status_code == 422
    assert "The answers have changed since this page was opened" in refused.text
    assert kept(hana) == theirs
    again = Page(refused.text).forms
    fields = next(form.fields for form in again if "questions" in form.fields)
    assert {key: fields[f"a0-{key}"] for key in ("q1", "q2", "q3", "q4")} == {
        "q1": ["o2"], "q2": ["yes"], "q3": ["땅콩 알레르기"], "q4": ["견과"],
    }  # fmt: skip
    assert client.post(here, data=fields).status_code == 303
    assert kept(hana) == theirs | {"q4": "견과"}


def test_what_the_desk_writes_down_is_not_overwritten_by_a_page_that_somebody_had_open(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    said(hana, q1="o1", q2=False)
    own = f"{path_of(hana)}/answers"
    old = form_of(at_home, own)[1].fields
    assert submit(client, f"{page_of(hana)}/answers", {"a0-q1": "o2"}).status_code == 303

    refused = at_home.post(own, data=old | {"a0-q2": ["yes"]})

    assert refused.status_code == 422
    assert kept(hana) == {"q1": "o2", "q2": False}
    fields = next(form.fields for form in Page(refused.text).forms if "questions" in form.fields)
    assert at_home.post(own, data=fields).status_code == 303
    assert kept(hana) == {"q1": "o2", "q2": True}


def test_a_field_changed_here_and_there_keeps_what_was_typed_until_somebody_has_looked(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    said(hana, q1="o1", q2=False, q3="채식")
    here = f"{page_of(hana)}/answers"
    old = form_of(client, here)[1].fields
    submit(at_home, f"{path_of(hana)}/answers", {"a0-q3": "비건"})

    refused = client.post(here, data=old | {"a0-q3": [""]})

    fields = next(form.fields for form in Page(refused.text).forms if "questions" in form.fields)
    assert (fields["was-0-q3"], fields["a0-q3"]) == (["비건"], [""])
    assert kept(hana)["q3"] == "비건"
    client.post(here, data=fields)
    assert "q3" not in kept(hana)


def test_only_a_box_ticked_meanwhile_keeps_the_old_page_from_being_saved(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    said(hana, q1="o1", q2=False)
    here = f"{page_of(hana)}/answers"
    old = form_of(client, here)[1].fields
    submit(at_home, f"{path_of(hana)}/answers", {"a0-q2": "yes"})

    assert client.post(here, data=old | {"a0-q1": ["o2"]}).status_code == 422
    assert kept(hana) == {"q1": "o1", "q2": True}


def test_a_consent_given_meanwhile_brings_its_question_before_anything_is_saved(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    said(hana, q1="o1", q2=False, q4="땅콩")
    consents.withdraw(hana.id, "photos", BY, "전화")
    here = f"{page_of(hana)}/answers"
    old = form_of(client, here)[1].fields
    consents.change(hana.id, {"photos": True})
    submit(at_home, f"{path_of(hana)}/answers", {"a0-q4": "우유"})

    refused = client.post(here, data=old | {"a0-q1": ["o2"]})

    assert refused.status_code == 422
    assert 'value="우유"' in refused.text
    assert kept(hana) == {"q1": "o1", "q2": False, "q4": "우유"}


def test_a_sensitive_answer_is_not_shown_again_once_its_consent_is_withdrawn(
    client: Browser, hana: Registration
) -> None:
    said(hana, q1="o1", q4="땅콩")
    here = f"{page_of(hana)}/answers"
    old = form_of(client, here)[1].fields
    consents.change(hana.id, {"photos": False})

    refused = client.post(here, data=old | {"a0-q4": ["땅콩과 우유"]})

    assert refused.status_code == 422
    assert "땅콩" not in refused.text


def test_a_companion_who_comes_meanwhile_keeps_what_they_answered(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    make_questions(hana.meetup, make_question("q5", of_companions=True))
    said(hana, q1="o1", q2=False)
    companions.allow(hana.meetup_id, 2, BY)
    here = f"{page_of(hana)}/answers"
    old = form_of(client, here)[1].fields
    companions.set_number(hana.id, 1, BY)
    submit(at_home, f"{path_of(hana)}/answers", {"a1-q5": "동생"})

    assert client.post(here, data=old | {"a0-q1": ["o2"]}).status_code == 422

    assert kept(hana)["q1"] == "o1"
    assert answer_sheets.newest(hana.id)[1].answers == {"q5": "동생"}


def test_a_question_changed_meanwhile_hides_no_answer_that_changed_with_it(
    client: Browser, hana: Registration, at_home: FlaskClient
) -> None:
    said(hana, q1="o1", q2=False)
    here = f"{page_of(hana)}/answers"
    old = form_of(client, here)[1].fields
    submit(at_home, f"{path_of(hana)}/answers", {"a0-q1": "o2"})
    make_questions(hana.meetup, make_question("q5"))

    refused = client.post(here, data=old | {"a0-q3": ["늦어요"]})
    fields = next(form.fields for form in Page(refused.text).forms if "questions" in form.fields)

    assert refused.status_code == 422
    assert client.post(here, data=fields).status_code == 303
    assert kept(hana) == {"q1": "o2", "q2": False, "q3": "늦어요"}


def test_answers_of_several_lines_are_no_change_by_being_shown(client: Browser, hana: Registration) -> None:
    make_questions(hana.meetup, make_question("q5", QuestionKind.LONG_TEXT))
    said(hana, q1="o1", q2=False, q5='첫 줄\n"둘째" <줄>')
    here = f"{page_of(hana)}/answers"
    fields = {
        name: [text.replace("\n", "\r\n") for text in texts]
        for name, texts in form_of(client, here)[1].fields.items()
    }

    assert client.post(here, data=fields | {"a0-q1": ["o2"]}).status_code == 303
    assert kept(hana)["q5"] == '첫 줄\n"둘째" <줄>'


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
