"""Questions of a meetup and the answers to them, as rules."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.answers import Answering, read, typed_as
from app.domain.registering.questions import (
    NO_QUESTIONS,
    Condition,
    QuestionKind,
    QuestionSet,
    options_from,
    require_question,
    require_set,
)
from app.domain.writing.words import NO_WORDS, Words
from tests.factories import make_question

EATS = make_question("q1", QuestionKind.CHOICE, "다 먹어요", "채식해요", required=True)
WHAT = make_question("q2", only_if=Condition("q1", ("o2",)), required=True)
ASKED = QuestionSet((EATS, WHAT))


def problems(questions: QuestionSet, typed: dict[str, list[str]], **who: Any) -> dict[str, str]:
    with pytest.raises(Unusable) as refusal:
        read(questions, typed, Answering(**who))
    return {where: problem.code for where, problem in refusal.value.problems.items()}


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        (QuestionKind.TEXT, "  두  줄 ", "두 줄"),
        (QuestionKind.TEXT, "줄\x00\n바꿈", "줄 바꿈"),
        (QuestionKind.LONG_TEXT, "첫째\r\n둘째", "첫째\n둘째"),
        (QuestionKind.NUMBER, "1,234", 1234),
        (QuestionKind.NUMBER, "１２", 12),
        (QuestionKind.NUMBER, "-3", -3),
        (QuestionKind.DATE, "2027-07-14", "2027-07-14"),
        (QuestionKind.DATE, "2027. 7. 4.", "2027-07-04"),
        (QuestionKind.PHONE, "023123456", "02-312-3456"),
        (QuestionKind.CONSENT, "yes", True),
    ],
)
def test_an_answer_is_kept_tidied(kind: QuestionKind, typed: str, answer: object):
    question = QuestionSet((make_question("q1", kind),))

    assert read(question, {"q1": [typed]}, Answering()) == {"q1": answer}


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (QuestionKind.TEXT, "x" * 201, "text_too_long"),
        (QuestionKind.LONG_TEXT, "x" * 2001, "text_too_long"),
        (QuestionKind.TEXT, "900101-1234567", "resident_number_typed"),
        (QuestionKind.LONG_TEXT, "제 번호는 ９００１０１ - １２３４５６７ 이에요", "resident_number_typed"),
        (QuestionKind.NUMBER, "둘", "answer_no_number"),
        (QuestionKind.NUMBER, "1" * 11, "answer_no_number"),
        (QuestionKind.DATE, "14 July", "answer_no_date"),
        (QuestionKind.DATE, "2027-02-30", "answer_no_date"),
        (QuestionKind.PHONE, "12", "bad_phone"),
    ],
)
def test_what_is_no_answer_is_said_at_its_question(kind: QuestionKind, typed: str, code: str):
    assert problems(QuestionSet((make_question("q1", kind),)), {"q1": [typed]}) == {"q1": code}


@pytest.mark.parametrize("kind", [kind for kind in QuestionKind if kind is not QuestionKind.CONSENT])
def test_an_optional_question_may_be_left_and_a_required_one_not(kind: QuestionKind):
    question = make_question("q1", kind, "하나", "둘")

    assert read(QuestionSet((question,)), {"q1": ["", " "]}, Answering()) == {}
    assert problems(QuestionSet((dataclasses.replace(question, required=True),)), {}) == {
        "q1": "answer_missing"
    }


def test_a_required_box_has_to_be_ticked_and_another_is_a_no():
    box = make_question("q1", QuestionKind.CONSENT)

    assert read(QuestionSet((box,)), {}, Answering()) == {"q1": False}
    assert problems(QuestionSet((dataclasses.replace(box, required=True),)), {}) == {
        "q1": "answer_not_ticked"
    }


def test_several_answers_stand_in_the_order_of_the_options_each_once():
    question = make_question("q1", QuestionKind.CHOICES, "a", "b", "c")

    assert read(QuestionSet((question,)), {"q1": ["o3", "o1", "o3"]}, Answering()) == {"q1": ["o1", "o3"]}
    assert problems(QuestionSet((question,)), {"q1": ["o1", "o9"]}) == {"q1": "answer_not_offered"}


def test_a_question_is_asked_only_after_the_answer_that_it_depends_on():
    assert read(ASKED, {"q1": ["o1"], "q2": ["두부"]}, Answering()) == {"q1": "o1"}
    assert read(ASKED, {"q1": ["o2"], "q2": ["두부"]}, Answering()) == {"q1": "o2", "q2": "두부"}
    assert problems(ASKED, {"q1": ["o2"]}) == {"q2": "answer_missing"}


def test_a_box_and_one_of_several_answers_can_decide_too():
    box, several = (
        make_question("q1", QuestionKind.CONSENT),
        make_question("q2", QuestionKind.CHOICES, "a", "b"),
    )
    after_box = make_question("q3", only_if=Condition("q1", ("yes",)))
    after_b = make_question("q4", only_if=Condition("q2", ("o2",)))
    questions = QuestionSet((box, several, after_box, after_b))
    typed = {"q3": ["x"], "q4": ["y"]}

    assert read(questions, typed | {"q1": ["yes"], "q2": ["o1", "o2"]}, Answering()).keys() == {
        "q1",
        "q2",
        "q3",
        "q4",
    }
    assert read(questions, typed | {"q2": ["o1"]}, Answering()) == {"q1": False, "q2": ["o1"]}


def test_only_the_cohorts_that_are_meant_are_asked_and_companions_only_what_is_for_them():
    of_cohort = make_question("q1", cohorts=(7,), required=True)
    of_all = make_question("q2", of_companions=True, required=True)
    typed = {"q1": ["x"], "q2": ["y"]}

    assert read(QuestionSet((of_cohort, of_all)), typed, Answering(cohort=7)) == {"q1": "x", "q2": "y"}
    assert read(QuestionSet((of_cohort, of_all)), typed, Answering(cohort=8)) == {"q2": "y"}
    assert read(QuestionSet((of_cohort, of_all)), typed, Answering(cohort=7, companion=True)) == {"q2": "y"}


def test_a_sensitive_question_is_answered_with_its_consent_only():
    question = QuestionSet((make_question("q1", consent="sensitive"),))

    assert read(question, {"q1": ["채식"]}, Answering(consents={"sensitive"})) == {"q1": "채식"}
    assert read(question, {}, Answering()) == {}
    assert problems(question, {"q1": ["채식"]}) == {"q1": "answer_needs_consent"}


def test_a_retired_option_stands_where_it_stood_and_cannot_be_chosen_anew():
    old = make_question("q1", QuestionKind.CHOICE, "a", "b", "c")
    gone = dataclasses.replace(
        old, options=options_from([Words("b", "b"), Words("c", "c")], old.options, keep=True)
    )

    assert read(QuestionSet((gone,)), {"q1": ["o1"]}, Answering(before={"q1": "o1"})) == {"q1": "o1"}
    assert problems(QuestionSet((gone,)), {"q1": ["o1"]}) == {"q1": "answer_not_offered"}


def test_a_new_wording_is_a_new_option_and_a_wording_that_comes_back_keeps_its_key():
    first = options_from([Words("a"), Words("b")], (), keep=True)
    second = options_from([Words("A"), Words("b"), Words("b")], first, keep=True)
    third = options_from([Words("a"), Words("b")], second, keep=True)

    assert [(o.key, o.label.ko, o.retired) for o in second] == [
        ("o3", "A", False), ("o2", "b", False), ("o1", "a", True),
    ]  # fmt: skip
    assert [(o.key, o.retired) for o in third] == [("o1", False), ("o2", False), ("o3", True)]
    assert [o.key for o in options_from([Words("b")], first, keep=False)] == ["o2"]


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"label": NO_WORDS}, "label_ko", "question_unworded"),
        ({"label": Words("가" * 301)}, "label_ko", "text_too_long"),
        ({"kind": QuestionKind.CHOICE}, "options", "options_missing"),
        ({"required": True, "consent": "sensitive"}, "required", "sensitive_not_required"),
        ({"only_if": Condition("q9", ("o1",))}, "only_if", "condition_not_earlier"),
        ({"only_if": Condition("q1", ("o9",))}, "only_if", "condition_not_earlier"),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused_at_its_field(
    changes: dict[str, Any], where: str, code: str
):
    question = dataclasses.replace(make_question("q3"), **changes)

    with pytest.raises(Unusable) as refusal:
        require_question(question, ASKED.with_one(question))

    assert {place: problem.code for place, problem in refusal.value.problems.items()} == {where: code}


@pytest.mark.parametrize("broken", [ASKED.moved("q1", 1), ASKED.without("q1")])
def test_what_another_question_depends_on_stays_before_it(broken: QuestionSet):
    with pytest.raises(DomainError) as refusal:
        require_set(broken)

    assert refusal.value.code == "question_needed"
    require_set(ASKED)


def test_moving_passes_over_what_is_no_longer_asked():
    a, gone, b = make_question("q1"), make_question("q2", retired=True), make_question("q3")

    moved = QuestionSet((a, gone, b)).moved("q3", -1)

    assert [question.key for question in moved.asked] == ["q3", "q1"]
    assert moved.moved("q3", -1) == moved
    assert QuestionSet((a, gone, b)).moved("q1", 1).asked == (b, a)


def test_copied_questions_get_keys_of_their_own_and_keep_their_conditions():
    copied = ASKED.extended(ASKED.asked)

    assert [question.key for question in copied.questions] == ["q1", "q2", "q3", "q4"]
    assert copied.questions[3].only_if == Condition("q3", ("o2",))
    require_set(copied)


def test_a_set_is_read_back_as_it_was_stored():
    asked = ASKED.with_one(
        make_question("q3", QuestionKind.CHOICES, "a", cohorts=(1, 2), consent="sensitive")
    )

    assert QuestionSet.of(json.loads(json.dumps(asked.stored()))) == asked
    assert QuestionSet.of(NO_QUESTIONS.stored()) == NO_QUESTIONS


BITS = st.sampled_from(
    ["o1", "o2", "yes", "", " ", "\x00", "가\n나", "2027-07-14", "-0", "1.1.", "--", "٣", "=1"]
)
TYPED = st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q4"]), st.lists(BITS, max_size=3))


@given(TYPED, st.sampled_from(list(QuestionKind)))
def test_whatever_is_typed_is_refused_or_can_be_shown_and_sent_again(
    typed: dict[str, list[str]], kind: QuestionKind
):
    questions = QuestionSet((EATS, WHAT, make_question("q3", kind, "a", "b"), make_question("q4")))
    answers: dict[str, Any] = {}
    with contextlib.suppress(Unusable):
        answers = read(questions, typed, Answering())
    again = {key: typed_as(answer) for key, answer in answers.items()}
    assert not answers or read(questions, again, Answering()) == answers
