"""Questions and answers as use cases: versions, changes until the organizer's date, what consents take along."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.answers import Typed
from app.domain.registering.questions import QuestionKind, QuestionSet, options_from
from app.domain.writing.words import Words
from app.models import AnswerSheet, Meetup, Registration
from app.services.organizing import meetups
from app.services.registering import answer_sheets, answers, consents, question_sets, registrations
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_question,
    make_questions,
)
from tests.support.counting import statements
from tests.support.registering import proof_for, register, said_to

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"
MEAL = make_question("q1", QuestionKind.CHOICE, "다 먹어요", "채식해요", required=True)
WHY = make_question("q2")


@pytest.fixture
def meetup(app: Any) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort()])
    make_questions(meetup, MEAL, WHY)
    return meetup


@pytest.fixture
def held(meetup: Meetup) -> Registration:
    return register(meetup, make_alumnus(meetup.cohorts[0]), q1="o1", q2="배고파요")


def sheets(held: Registration) -> list[tuple[int, dict[str, Any]]]:
    db.session.expire_all()
    return [(s.questions_version, s.answers) for s in answer_sheets.of_registration(held.id)]


def seen(held: Registration) -> Typed:
    db.session.expire_all()
    return answers.standing(held, at_desk=False)


def change(held: Registration, shown: int | None = None, **typed: str) -> list[int]:
    shown = held.meetup.questions_version if shown is None else shown
    return answers.change(
        held.id, {0: {key: [text] for key, text in typed.items()}}, shown=shown, seen=seen(held)
    )


def test_answers_are_kept_with_the_version_that_was_asked(held: Registration):
    assert sheets(held) == [(2, {"q1": "o1", "q2": "배고파요"})]


def test_questions_cost_a_registration_one_statement_and_none_where_nothing_is_asked(meetup: Meetup):
    cohort, counted = meetup.cohorts[0], []
    for asks in (make_meetup(cohorts=[cohort]), meetup):
        proof, said = proof_for(asks, make_alumnus(cohort)), said_to(asks)
        with statements() as seen:
            registrations.register(asks.id, proof, said=said)
        counted.append(len(seen))

    assert counted[1] == counted[0] + 1


def test_what_was_answered_to_other_questions_is_refused(meetup: Meetup):
    person = make_alumnus(meetup.cohorts[0])
    said, proof = said_to(meetup, q1="o1"), proof_for(meetup, person)
    make_questions(meetup, make_question("q3"))

    with pytest.raises(DomainError) as refusal:
        registrations.register(meetup.id, proof, said=said)

    assert refusal.value.code == "texts_changed"
    assert db.session.scalar(select(func.count(AnswerSheet.id))) == 0


def test_a_change_is_a_sheet_and_saying_the_same_is_none(held: Registration):
    assert change(held, q1="o2", q2="배고파요") == [0]
    assert change(held, q1="o2", q2="배고파요") == []

    assert [answers["q1"] for _, answers in sheets(held)] == ["o1", "o2"]
    assert {s.actor for s in answer_sheets.of_registration(held.id)} == {"person"}


def test_a_wrong_answer_changes_nothing_and_is_named_by_person_and_question(held: Registration):
    with pytest.raises(Unusable) as refusal:
        change(held, q1="", q2="900101-1234567")

    assert {k: p.code for k, p in refusal.value.problems.items()} == {
        "0-q1": "answer_missing", "0-q2": "resident_number_typed",
    }  # fmt: skip
    assert len(sheets(held)) == 1


@pytest.mark.parametrize("hours", [-1, 1])
def test_answers_change_until_the_organizers_date(held: Registration, hours: int):
    question_sets.set_deadline(held.meetup_id, now() + dt.timedelta(hours=hours), ACTOR)

    if hours > 0:
        assert change(held, q1="o2") == [0]
        return
    with pytest.raises(DomainError) as refusal:
        change(held, q1="o2")
    assert refusal.value.code == "answers_closed"


def test_without_a_date_answers_change_until_registration_closes(held: Registration):
    assert answers.open_until(held.meetup) == held.meetup.starts_at
    with transaction() as session:
        Meetup.locked(session, held.meetup_id).closes_at = now() - dt.timedelta(minutes=1)

    with pytest.raises(DomainError):
        change(held, q1="o2")


def test_whoever_cancelled_changes_no_answers(held: Registration):
    registrations.cancel(held.id)

    with pytest.raises(DomainError) as refusal:
        change(held, q1="o2")

    assert refusal.value.code == "answers_closed"


def test_companions_answer_what_is_for_them_on_sheets_of_their_own(held: Registration):
    make_questions(held.meetup, make_question("q3", of_companions=True, required=True))
    with transaction() as session:
        session.get_one(Registration, held.id).companions = 1
    typed = {0: {"q1": ["o1"], "q3": ["a"]}, 1: {"q1": ["o1"], "q3": ["b"]}}

    assert answers.change(held.id, typed, shown=3, seen=seen(held)) == [0, 1]

    newest = answer_sheets.newest(held.id)
    assert (newest[0].answers, newest[1].answers) == ({"q1": "o1", "q3": "a"}, {"q3": "b"})


def test_a_question_that_was_answered_is_retired_and_its_answer_stays(held: Registration):
    question_sets.retire(held.meetup_id, "q2", ACTOR, based_on=2)
    change(held, q1="o2")

    assert [q.key for q in question_sets.current(held.meetup).asked] == ["q1"]
    assert sheets(held)[-1] == (3, {"q1": "o2", "q2": "배고파요"})
    question_sets.ask_again(held.meetup_id, "q2", ACTOR, based_on=3)
    assert len(question_sets.current(held.meetup).asked) == 2


def test_a_question_that_nobody_answered_is_gone(meetup: Meetup):
    question_sets.retire(meetup.id, "q2", ACTOR, based_on=2)

    assert [q.key for q in question_sets.current(meetup).questions] == ["q1"]


def test_the_words_of_an_old_answer_stay_readable(held: Registration):
    other = options_from([Words("다 먹어요", "다 먹어요"), Words("비건", "비건")], MEAL.options, keep=True)
    renamed = dataclasses.replace(MEAL, label=Words("식사"), options=other)
    question_sets.save(held.meetup_id, renamed, ACTOR, based_on=2)

    before, after = (question_sets.version(held.meetup_id, n) for n in (2, 3))

    assert before.questions[0] == MEAL
    assert [(o.key, o.retired) for o in after.questions[0].options] == [
        ("o1", False),
        ("o3", False),
        ("o2", True),
    ]


def test_a_question_that_another_needs_is_neither_retired_nor_moved_behind_it(meetup: Meetup):
    from app.domain.registering.questions import Condition

    make_questions(meetup, dataclasses.replace(WHY, only_if=Condition("q1", ("o2",))))

    for act in (
        lambda: question_sets.retire(meetup.id, "q1", ACTOR, based_on=3),
        lambda: question_sets.move(meetup.id, "q1", 1, ACTOR, based_on=3),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "question_needed"
    assert meetup.questions_version == 3


def test_the_second_of_two_organizers_is_told(meetup: Meetup):
    with pytest.raises(DomainError) as refusal:
        question_sets.move(meetup.id, "q1", 1, ACTOR, based_on=1)

    assert refusal.value.code == "questions_changed"


def test_a_sensitive_answer_goes_with_its_consent_out_of_the_history_too():
    meetup = make_meetup(cohorts=[make_cohort()])
    make_notice(meetup, consents=(make_consent("sensitive"), make_consent("photos")))
    make_questions(meetup, make_question("q1", consent="sensitive"), make_question("q2"))
    held = register(meetup, make_alumnus(meetup.cohorts[0]), "sensitive", "photos", q1="땅콩", q2="안녕")
    change(held, q1="호두", q2="안녕")

    consents.change(held.id, {"photos": False})
    assert sheets(held)[-1][1] == {"q1": "호두", "q2": "안녕"}
    consents.change(held.id, {"sensitive": False})

    assert [answers for _, answers in sheets(held)] == [{"q2": "안녕"}, {"q2": "안녕"}]


def test_a_copy_asks_what_its_original_asks_and_knows_no_answers(held: Registration):
    question_sets.retire(held.meetup_id, "q2", ACTOR, based_on=2)

    copy = meetups.copy(held.meetup_id, ACTOR)

    assert question_sets.current(copy) == QuestionSet((MEAL,))
    assert copy.questions_version == 1


def test_a_set_is_kept_by_the_programme_and_added_after_what_is_asked(meetup: Meetup):
    question_sets.keep(meetup.program_id, "식사", question_sets.current(meetup), ACTOR)
    other = make_meetup(cohorts=list(meetup.cohorts))
    make_questions(other, make_question("q1"))

    question_sets.extend(other.id, question_sets.kept(meetup.program_id)["식사"], ACTOR, based_on=1)

    assert [q.label.ko for q in question_sets.current(other).asked] == ["q1번 질문", "q1번 질문", "q2번 질문"]
    question_sets.discard(meetup.program_id, "식사", ACTOR)
    assert question_sets.kept(meetup.program_id) == {}
    assert len(question_sets.current(other).asked) == 3


@pytest.mark.parametrize(("name", "code"), [("", "set_unnamed"), ("x" * 61, "set_unnamed")])
def test_a_set_without_a_name_is_not_kept(meetup: Meetup, name: str, code: str):
    with pytest.raises(DomainError) as refusal:
        question_sets.keep(meetup.program_id, name, question_sets.current(meetup), ACTOR)

    assert refusal.value.code == code
