"""Questions on the pages of whoever registers, and their answers afterwards."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain.registering.questions import Condition, QuestionKind, options_from
from app.domain.writing.words import Words
from app.models import Meetup, Registration
from app.services.personal import personal_links
from app.services.registering import answer_sheets, question_sets
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_program,
    make_question,
    make_questions,
)
from tests.support.client import Browser, Page, submit
from tests.support.registering import prove_in, register

MEAL = make_question("q1", QuestionKind.CHOICE, "다 먹어요", "채식해요", required=True)
TELL = make_question("q2", QuestionKind.LONG_TEXT, only_if=Condition("q1", ("o2",)), required=True)
BOX = make_question("q3", QuestionKind.CONSENT)
ALLERGY = make_question("q4", consent="sensitive")


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1)])
    make_notice(meetup, consents=(make_consent("sensitive"),))
    make_questions(meetup, MEAL, TELL, BOX, ALLERGY)
    return meetup


@pytest.fixture
def check(client: Browser, meetup: Meetup) -> str:
    """The page at which somebody stands who has proved their address."""
    prove_in(client, meetup, make_alumnus(meetup.cohorts[0]).addresses[0].address)
    return f"/m/{meetup.slug}/check"


def press(client: Browser, meetup: Meetup, page: str, typed: dict[str, Any]) -> Any:
    return submit(client, page, typed, action=f"/m/{meetup.slug}/registrations")


def kept(meetup: Meetup) -> dict[str, Any]:
    db.session.expire_all()
    held = db.session.scalars(select(Registration.id).where(Registration.meetup_id == meetup.id)).all()
    return next((sheet.answers for sheet in answer_sheets.newest_of(held).values()), {})


def path_of(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def test_all_kinds_of_questions_stand_there_and_are_kept(client: Browser, meetup: Meetup, check: str) -> None:
    created = press(
        client, meetup, check,
        {"a0-q1": "o2", "a0-q2": "비건이에요", "a0-q3": "yes", "box-sensitive": "yes", "a0-q4": "땅콩"},
    )  # fmt: skip

    assert kept(meetup) == {"q1": "o2", "q2": "비건이에요", "q3": True, "q4": "땅콩"}
    mine = client.get(created.location).text
    assert "You're in" in mine
    assert "채식해요" in mine
    assert "땅콩" in mine


def test_refusing_everything_optional_registers(client: Browser, meetup: Meetup, check: str) -> None:
    assert press(client, meetup, check, {"a0-q1": "o1"}).status_code == 303
    assert kept(meetup) == {"q1": "o1", "q3": False}


def test_without_a_script_the_server_asks_for_what_an_answer_brings_up_and_keeps_what_was_typed(
    client: Browser, meetup: Meetup, check: str
) -> None:
    assert "Only if you answered “Question q1” with: 채식해요" in client.get(check).text

    refused = press(client, meetup, check, {"a0-q1": "o2", "a0-q3": "yes"})

    assert refused.status_code == 422
    assert 'href="#a0-q2"' in refused.text
    for stands in (r'value="o2"[^>]* checked', r'name="a0-q3"[^>]* checked', r'id="a0-q2"[^>]*aria-invalid'):
        assert re.search(stands, refused.text), stands
    assert kept(meetup) == {}


def test_a_sensitive_answer_without_its_consent_is_neither_kept_nor_lost(
    client: Browser, meetup: Meetup, check: str
) -> None:
    refused = press(client, meetup, check, {"a0-q1": "o1", "a0-q4": "땅콩"})

    assert refused.status_code == 422
    assert 'value="땅콩"' in refused.text
    assert "Tick the consent above" in refused.text
    assert kept(meetup) == {}


def test_a_resident_number_is_refused(client: Browser, meetup: Meetup, check: str) -> None:
    refused = press(client, meetup, check, {"a0-q1": "o2", "a0-q2": "900101-1234567"})

    assert refused.status_code == 422
    assert "resident registration number" in refused.text
    assert kept(meetup) == {}


def test_only_the_cohort_that_is_meant_is_asked(client: Browser, app: Flask) -> None:
    program = make_program()
    first, second = (make_cohort(program, n) for n in (1, 2))
    meetup = make_meetup(program, cohorts=[first, second])
    make_questions(meetup, make_question("q1", cohorts=(second.id,), required=True))
    pages = {}
    for cohort in (first, second):
        browser = app.test_client()
        prove_in(browser, meetup, make_alumnus(cohort).addresses[0].address)
        page = f"/m/{meetup.slug}/check"
        pages[cohort] = browser.get(page).text, press(browser, meetup, page, {}).status_code

    assert ("a0-q1" in pages[first][0], pages[first][1]) == (False, 303)
    assert ("a0-q1" in pages[second][0], pages[second][1]) == (True, 422)


def test_a_question_that_comes_meanwhile_is_asked_before_anything_is_kept(
    client: Browser, meetup: Meetup, check: str
) -> None:
    fields = next(f.fields for f in Page(client.get(check).text).forms if "questions" in f.fields)
    make_questions(meetup, make_question("q5", required=True))
    action = f"/m/{meetup.slug}/registrations"

    answer = client.post(action, data=fields | {"a0-q1": "o1"})

    assert answer.status_code == 422
    assert "changed what this page says" in answer.text
    assert 'name="a0-q5"' in answer.text
    again = next(f.fields for f in Page(answer.text).forms if "questions" in f.fields)
    assert client.post(action, data=again | {"a0-q5": "x"}).status_code == 303


def test_answers_are_changed_at_the_personal_link(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]), q1="o1", q3=False)
    page = f"{path_of(held)}/answers"
    assert page in client.get(path_of(held)).text
    assert "a0-q4" not in client.get(page).text  # its consent was not given

    refused = submit(client, page, {"a0-q1": "o2"})
    saved = submit(client, page, {"a0-q1": "o2", "a0-q2": "두부"})

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert 'href="#a0-q2"' in refused.text
    assert kept(meetup) == {"q1": "o2", "q2": "두부", "q3": False}


def test_after_the_date_answers_are_seen_and_not_changed(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]), q1="o2", q2="두부")
    question_sets.set_deadline(meetup.id, now() - dt.timedelta(minutes=1), "account:1")

    page = client.get(path_of(held)).text

    assert "두부" in page
    assert "/answers" not in page
    assert client.get(f"{path_of(held)}/answers").status_code == 302


def test_a_retired_answer_stands_where_it_was_chosen(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]), q1="o1")
    other = options_from([Words("비건", "Vegan"), Words("채식해요", "채식해요")], MEAL.options, keep=True)
    changed = dataclasses.replace(MEAL, options=other)
    question_sets.save(meetup.id, changed, "account:1", based_on=held.meetup.questions_version)

    page = client.get(f"{path_of(held)}/answers").text

    assert re.search(r'value="o1" checked', page)
    assert submit(client, f"{path_of(held)}/answers").status_code == 303
    assert kept(meetup)["q1"] == "o1"


def test_companions_are_asked_on_the_same_page(client: Browser, meetup: Meetup) -> None:
    make_questions(meetup, make_question("q5", of_companions=True))
    held = register(meetup, make_alumnus(meetup.cohorts[0]), q1="o1")
    with transaction() as session:
        session.get_one(Registration, held.id).companions = 1

    saved = submit(client, f"{path_of(held)}/answers", {"a1-q5": "동생"})

    assert saved.status_code == 303
    assert "동생" in client.get(path_of(held)).text
    assert answer_sheets.newest(held.id)[1].answers == {"q5": "동생"}
