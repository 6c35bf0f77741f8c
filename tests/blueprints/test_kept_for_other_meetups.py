"""Views and columns that are kept for a programme name what a meetup asks by its words, not by its key alone."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain.registering.questions import QuestionKind
from app.domain.writing.words import Words
from app.models import Meetup, Program, SavedView
from app.services.organizing import column_sets
from app.services.registering import answer_sheets
from tests.factories import (
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_person,
    make_program,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, form_of

pytestmark = pytest.mark.one_database
SHIRT, HEALTH = Words("티셔츠", "T-shirt"), Words("건강", "Health")


@pytest.fixture
def program(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    program = make_program()
    sign_in(client, make_member(program))
    return program


@pytest.fixture
def here(program: Program) -> Meetup:
    """Asks for the size of a shirt as q1."""
    meetup = make_meetup(program)
    make_notice(meetup, consents=(make_consent("other-1", label=Words("사진", "Photos")),))
    make_questions(meetup, make_question("q1", QuestionKind.CHOICE, "S", "M", label=SHIRT))
    return meetup


@pytest.fixture
def elsewhere(program: Program) -> Meetup:
    """Asks for health as q1 and for a shirt as q2, its sizes in another order; somebody chose M."""
    meetup = make_meetup(program)
    make_notice(meetup, consents=(make_consent("other-1", label=Words("명함", "Cards")),))
    make_questions(
        meetup,
        make_question("q1", QuestionKind.CHOICE, "당뇨", "임신", label=HEALTH),
        make_question("q2", QuestionKind.CHOICE, "M", "S", label=SHIRT),
    )
    for name, shirt in (("김하나", "o1"), ("이두리", "o2")):
        person = make_registration(meetup, make_person(program, name))
        with transaction() as session:
            told = {0: {"q1": "o2", "q2": shirt}}
            answer_sheets.record(
                connection_of(session), person.id, told, questions_version=2, at=now(), actor="person"
            )
    return meetup


def desk(meetup: Meetup, page: str) -> str:
    program = db.session.get_one(Program, meetup.program_id)
    return f"/desk/{program.slug}/meetups/{meetup.slug}/{page}"


def keep(client: Browser, meetup: Meetup, name: str, query: str) -> None:
    answer = client.post(desk(meetup, "views"), data={"name": name, "query": query})
    assert answer.status_code == 303


def opened(client: Browser, meetup: Meetup, name: str) -> tuple[str, str]:
    """Where the view leads at this meetup, and the page there."""
    page = client.get(desk(meetup, "attendees")).text
    (href,) = re.findall(rf'href="([^"]*)">{name}', page)
    return unescape(href), client.get(unescape(href)).text


def people(page: str) -> list[str]:
    return re.findall(r"<th scope=\"row\">.*?>(.*?)</a>", page)


def ticked(client: Browser, meetup: Meetup, page: str = "export") -> list[str]:
    return form_of(client, desk(meetup, page))[1].fields["columns"]


def test_a_view_by_an_answer_finds_the_same_answer_elsewhere(
    client: Browser, here: Meetup, elsewhere: Meetup
) -> None:
    keep(client, here, "엠", "answer=q1:o2&col=answer:q1")

    at_home, _page = opened(client, here, "엠")
    there, page = opened(client, elsewhere, "엠")

    assert "answer=q1:o2" in at_home
    assert "answer=q2:o1" in there
    assert "col=answer:q2" in there
    assert people(page) == ["김하나"]


def test_a_view_of_who_has_not_answered_asks_for_the_same_question_elsewhere(
    client: Browser, here: Meetup, elsewhere: Meetup
) -> None:
    make_registration(elsewhere, make_person(db.session.get_one(Program, elsewhere.program_id), "박세찬"))
    keep(client, here, "셔츠 없음", "unanswered=q1")

    there, page = opened(client, elsewhere, "셔츠 없음")

    assert "unanswered=q2" in there
    assert people(page) == ["박세찬"]


@pytest.mark.parametrize(
    "query",
    [
        "answer=q1:o1",
        "consent=other-1",
        "unconsented=other-1",
        "refused=other-1",
        "unasked=other-1",
        "unanswered=q9",
    ],
)
def test_what_is_not_asked_in_these_words_finds_nobody_elsewhere_and_says_so(
    client: Browser, here: Meetup, elsewhere: Meetup, query: str
) -> None:
    make_questions(
        here, make_question("q1", QuestionKind.CHOICE, "XXL", "M", label=SHIRT), make_question("q9")
    )
    keep(client, here, "여기만", query)

    _there, page = opened(client, elsewhere, "여기만")

    assert people(page) == []
    assert "asked at this meetup" in page


def test_a_kept_set_ticks_the_same_question_elsewhere_and_never_another_of_its_key(
    client: Browser, here: Meetup, elsewhere: Meetup
) -> None:
    _target, form = form_of(client, desk(here, "export"))
    chosen = ["name", "answer:q1", "consent:other-1"]
    sent = MultiDict([*((k, v) for k, values in form.fields.items() for v in values if k != "columns")])
    sent.setlist("columns", chosen)
    sent["set_name"] = "주문"

    kept = client.post(desk(here, "export/sets"), data=sent)
    number = kept.location.rpartition("=")[2]

    assert sorted(ticked(client, here, f"export?set={number}")) == sorted(chosen)
    assert ticked(client, elsewhere, f"export?set={number}") == ["name", "answer:q2"]


def test_what_was_kept_before_words_were_is_left_out(
    client: Browser, program: Program, here: Meetup, elsewhere: Meetup
) -> None:
    kept = column_sets.save(program.id, "옛 열", ["name", "answer:q1"], "cell", "account:1")
    column_sets.make_default(program.id, kept, "account:1", default=True)
    member = SavedView(
        program_id=program.id, account_id=make_member(program).id, name="옛 보기", is_shared=True
    )
    member.query = "answer=q1:o2\ncol=answer:q1\nstatus=confirmed"
    with transaction() as session:
        session.add(member)

    there, page = opened(client, elsewhere, "옛 보기")

    assert ticked(client, elsewhere) == ["name"]
    assert people(page) == []
    assert "col=" not in there
