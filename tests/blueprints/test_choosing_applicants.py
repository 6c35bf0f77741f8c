"""Whoever decides about applicants sees what they answered, and is told what to choose."""

from __future__ import annotations

import pytest
from flask import Flask

from app.clock import now
from app.db import connection_of, transaction
from app.domain.seating.modes import Mode
from app.domain.seating.tables import Seating
from app.models import Meetup, Registration, Status
from app.services.meeting import tables
from app.services.registering import answer_sheets
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
from tests.support.client import Browser
from tests.support.counting import statements


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program()
    sign_in(client, make_member(program))
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1)], mode=Mode.APPROVAL)
    make_notice(meetup, consents=(make_consent("sensitive"),))
    make_questions(meetup, make_question("q1"), make_question("q2", consent="sensitive"))
    return meetup


def applied(meetup: Meetup, answer: str) -> Registration:
    cohort = meetup.cohorts[0]
    row = make_registration(meetup, make_alumnus(cohort), Status.APPLIED, cohort=cohort)
    sheet = {0: {"q1": answer, "q2": "땅콩 알레르기"}}
    with transaction() as session:
        answer_sheets.record(
            connection_of(session), row.id, sheet, questions_version=2, at=now(), actor="person"
        )
    return row


def page_of(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/applicants"


def test_each_applicant_stands_there_with_their_answers_but_sensitive_ones(
    client: Browser, meetup: Meetup
) -> None:
    applied(meetup, "발표하고 싶어요")

    page = client.get(page_of(meetup)).text

    assert "발표하고 싶어요" in page
    assert "1 answer" in page
    assert "땅콩" not in page


def test_the_page_reads_no_more_often_however_many_applied(client: Browser, meetup: Meetup) -> None:
    here = page_of(meetup)
    applied(meetup, "하나")
    client.get(here)
    with statements() as few:
        client.get(here)
    for n in range(5):
        applied(meetup, f"{n}번째")

    with statements() as many:
        client.get(here)

    assert len(many) == len(few)


def test_nothing_chosen_names_what_there_is_to_choose(client: Browser, meetup: Meetup) -> None:
    row = applied(meetup, "하나")

    page = client.post(f"{page_of(meetup)}/preview", data={"who": row.reference})

    assert page.status_code == 422
    assert "Choose one of these: Give a seat, Put on the waitlist, Don&#39;t select." in page.text


def test_namesakes_on_the_wall_are_told_apart_by_no_more_than_that_takes(
    client: Browser, meetup: Meetup
) -> None:
    cohort = meetup.cohorts[0]
    for name, phone in (
        ("장우호", "010-1111-6666"),
        ("장우호", "010-1111-7766"),
        ("장우호", "010-1111-9999"),
        ("손영혁", "010-1111-8888"),
    ):
        make_registration(meetup, make_alumnus(cohort, name), cohort=cohort, phone=phone)
    tables.lay(meetup.id, tables.Wanted("4x1", Seating.MIX), "account:1")

    page = client.get(page_of(meetup).replace("/applicants", "/tables/print")).text

    assert [page.count(f"···{end}<") + page.count(f"···{end} ") for end in ("666", "766", "99")] == [2, 2, 2]
    assert page.count("···") == 6, "nobody else's"
