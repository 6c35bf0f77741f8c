"""The organizer's pages of a meetup's questions, and where the desk shows the answers."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask

from app.db import db
from app.domain.registering.questions import Condition, QuestionKind
from app.models import Meetup, Program
from app.services.registering import answers, question_sets
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_question,
    make_questions,
    sign_in,
)
from tests.support.client import Browser, form_of, submit
from tests.support.registering import register


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort(ordinal=1)])
    make_cohort(program_of(meetup), 2)
    sign_in(client, make_member(program_of(meetup)))
    return meetup


def program_of(meetup: Meetup) -> Program:
    return db.session.get_one(Program, meetup.program_id)


def desk(meetup: Meetup, page: str = "/questions") -> str:
    return f"/desk/{program_of(meetup).slug}/meetups/{meetup.slug}{page}"


def asked(meetup: Meetup) -> list[Any]:
    db.session.expire_all()
    return list(question_sets.current(db.session.get_one(Meetup, meetup.id)).asked)


def press(client: Browser, meetup: Meetup, key: str, act: str, **fields: str) -> Any:
    return submit(client, desk(meetup), fields, action=desk(meetup, f"/questions/{key}/{act}"))


def test_a_question_is_added_from_an_empty_page(client: Browser, meetup: Meetup) -> None:
    assert "This meetup asks nothing yet" in client.get(desk(meetup)).text

    saved = submit(
        client,
        desk(meetup, "/questions/new?kind=choice"),
        {
            "label_ko": "식사",
            "options": "다 먹어요 | Everything\n\n채식 | Vegetarian\n| Vegan",
            "required": "yes",
        },
    )

    assert saved.status_code == 303
    (question,) = asked(meetup)
    assert (question.key, question.kind, question.required) == ("q1", QuestionKind.CHOICE, True)
    assert [(o.label.ko, o.label.en) for o in question.offered] == [
        ("다 먹어요", "Everything"), ("채식", "Vegetarian"), ("", "Vegan"),
    ]  # fmt: skip


def test_saving_what_the_form_shows_changes_nothing(client: Browser, meetup: Meetup) -> None:
    make_notice(meetup, consents=(make_consent("sensitive"),))
    first = make_question("q1", QuestionKind.CHOICES, "하나", "둘")
    cohort = meetup.cohorts[0].id
    second = make_question(
        "q2", QuestionKind.TEXT, only_if=Condition("q1", ("o1", "o2")), cohorts=(cohort,), consent="sensitive",
        of_companions=True,
    )  # fmt: skip
    make_questions(meetup, first, second)

    for key in ("q1", "q2"):
        assert submit(client, desk(meetup, f"/questions/{key}")).status_code == 303

    assert asked(meetup) == [first, second]
    assert meetup.questions_version == 2


@pytest.mark.parametrize(
    ("kind", "typed", "where"),
    [
        ("text", {"label_ko": ""}, "label_ko"),
        ("choice", {"label_ko": "식사", "options": "하나뿐"}, "options"),
        ("text", {"label_ko": "식사", "only_if": ["q1:o1", "q2:yes"]}, "only_if"),
    ],
)
def test_what_nobody_could_answer_is_refused_and_stays_typed(
    client: Browser, meetup: Meetup, kind: str, typed: dict[str, Any], where: str
) -> None:
    make_questions(
        meetup, make_question("q1", QuestionKind.CHOICE, "a", "b"), make_question("q2", QuestionKind.CONSENT)
    )

    refused = submit(client, desk(meetup, f"/questions/new?kind={kind}"), typed | {"hint_en": "Think of it"})

    assert refused.status_code == 422
    assert f'href="#{where}"' in refused.text
    assert "Think of it" in refused.text
    assert len(asked(meetup)) == 2


def test_questions_are_moved_retired_and_asked_again_by_buttons(client: Browser, meetup: Meetup) -> None:
    make_questions(meetup, make_question("q1"), make_question("q2"))
    register(meetup, make_alumnus(meetup.cohorts[0]), q1="x")

    press(client, meetup, "q2", "position", to="up")
    assert [q.key for q in asked(meetup)] == ["q2", "q1"]
    press(client, meetup, "q1", "retirement")
    assert [q.key for q in asked(meetup)] == ["q2"]
    assert "No longer asked" in client.get(desk(meetup)).text
    press(client, meetup, "q1", "retirement")
    assert [q.key for q in asked(meetup)] == ["q2", "q1"]


def test_what_another_question_needs_is_told_apart_from_what_can_go(client: Browser, meetup: Meetup) -> None:
    box = make_question("q1", QuestionKind.CONSENT)
    make_questions(meetup, box, make_question("q2", only_if=Condition("q1", ("yes",))))

    response = press(client, meetup, "q1", "retirement")

    assert "Another question depends on this one" in client.get(response.location).text
    assert len(asked(meetup)) == 2


def test_of_two_organizers_the_second_keeps_what_was_typed(client: Browser, meetup: Meetup) -> None:
    make_questions(meetup, make_question("q1"))
    _, form = form_of(client, desk(meetup, "/questions/q1"))
    make_questions(meetup, make_question("q2"))

    refused = client.post(desk(meetup, "/questions/q1"), data=form.fields | {"label_en": "What else?"})

    assert refused.status_code == 422
    assert "Somebody else changed these questions" in refused.text
    assert "What else?" in refused.text
    assert asked(meetup)[0].label.en == "Question q1"


def test_the_preview_shows_the_questions_as_people_see_them(client: Browser, meetup: Meetup) -> None:
    make_questions(
        meetup,
        make_question("q1", QuestionKind.CHOICES, "하나", "둘"),
        make_question("q2", QuestionKind.DATE),
    )

    page = client.get(desk(meetup)).text

    assert 'id="preview-q1-o2"' in page
    assert 'type="date"' in page


@pytest.mark.parametrize(("typed", "status"), [("2027-01-02T10:00", 303), ("", 303), ("soon", 422)])
def test_the_date_until_which_answers_change(
    client: Browser, meetup: Meetup, typed: str, status: int
) -> None:
    answer = submit(client, desk(meetup), {"until": typed}, action=desk(meetup, "/questions/deadline"))

    assert answer.status_code == status
    until = db.session.get_one(Meetup, meetup.id).answers_until
    assert (until and f"{meetup.local(until):%Y-%m-%dT%H:%M}") == (typed if status == 303 and typed else None)
    if status == 422:
        assert 'value="soon"' in answer.text


def test_questions_are_kept_as_a_set_and_copied_from_it_and_from_a_meetup(
    client: Browser, meetup: Meetup
) -> None:
    make_questions(meetup, make_question("q1"))
    sets = "/questions/sets"
    submit(client, desk(meetup, sets), {"name": "식사"}, action=desk(meetup, sets))
    other = make_meetup(program_of(meetup), cohorts=list(meetup.cohorts))

    for source in ("set:식사", f"meetup:{meetup.slug}"):
        copied = submit(client, desk(other, sets), {"source": source}, action=desk(other, f"{sets}/copies"))
        assert copied.status_code == 303
    unchosen = submit(client, desk(other, sets), {"source": ""}, action=desk(other, f"{sets}/copies"))
    submit(client, desk(other, sets), action=desk(other, f"{sets}/removals"))

    assert unchosen.status_code == 422
    assert [q.key for q in asked(other)] == ["q1", "q2"]
    assert question_sets.kept(meetup.program_id) == {}


def test_another_programmes_questions_are_not_to_be_copied(client: Browser, meetup: Meetup) -> None:
    make_questions(meetup, make_question("q1"))
    foreign = make_meetup(cohorts=[make_cohort()])
    make_questions(foreign, make_question("q1"))
    sets = "/questions/sets"
    make_meetup(program_of(meetup))
    question_sets.keep(meetup.program_id, "식사", question_sets.current(meetup), "account:1")

    answer = submit(
        client,
        desk(meetup, sets),
        {"source": f"meetup:{foreign.slug}"},
        action=desk(meetup, f"{sets}/copies"),
    )

    assert answer.status_code == 404
    assert len(asked(meetup)) == 1


def test_the_attendees_page_tells_the_answers_in_the_words_of_the_time(
    client: Browser, meetup: Meetup
) -> None:
    make_questions(
        meetup, make_question("q1", QuestionKind.CHOICE, "다 먹어요", "채식해요"), make_question("q2")
    )
    held = register(meetup, make_alumnus(meetup.cohorts[0]), q1="o2", q2="안녕")
    answers.change(
        held.id, {0: {"q1": ["o2"], "q2": ["잘 가"]}}, shown=2, seen=answers.standing(held, at_desk=False)
    )
    submit(client, desk(meetup, "/questions/q1"), {"label_en": "What do you eat?", "options": "뭐든지\n비건"})

    page = client.get(desk(meetup, f"/attendees/{held.reference}")).text

    assert "Question q1" in page
    assert "채식해요" in page
    assert "잘 가" in page
    assert "What do you eat?" not in page
    assert "Changed their answers" in page


def test_the_export_has_answers_in_one_cell_or_a_column_each(client: Browser, meetup: Meetup) -> None:
    make_questions(
        meetup,
        make_question("q1", QuestionKind.CHOICES, "가", "나", "다"),
        make_question("q2", QuestionKind.NUMBER),
    )
    register(meetup, make_alumnus(meetup.cohorts[0], "김하나"), q1=["o1", "o3"], q2=7)
    register(meetup, make_alumnus(meetup.cohorts[0], "박두리"))

    def rows(several: str) -> list[tuple[Any, ...]]:
        order = {"columns": ["name", "answer:q1", "answer:q2"], "reason": "식사", "several": several}
        file = submit(client, desk(meetup, "/export"), order)
        sheet = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
        return [tuple(cell.value for cell in row[1:]) for row in sheet.iter_rows()]

    assert rows("cell") == [
        ("Name", "Question q1", "Question q2"), ("김하나", "가, 다", 7), ("박두리", None, None),
    ]  # fmt: skip
    assert rows("columns") == [
        ("Name", "Question q1: 가", "Question q1: 나", "Question q1: 다", "Question q2"),
        ("김하나", 1, None, 1, 7),
        ("박두리", None, None, None, None),
    ]


def test_a_formula_for_an_answer_stays_text(client: Browser, meetup: Meetup) -> None:
    make_questions(meetup, make_question("q1"))
    register(meetup, make_alumnus(meetup.cohorts[0]), q1="=1+1")

    order = {"columns": ["answer:q1"], "reason": "식사", "kind": "csv"}
    file = submit(client, desk(meetup, "/export"), order)

    assert file.data.decode("utf-8-sig").splitlines()[1].endswith(",'=1+1")
