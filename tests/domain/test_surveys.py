"""How answers of a survey are read, and kept apart from each other."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.surveys import (
    FEWEST,
    Held,
    SurveyKind,
    SurveyQuestion,
    Tally,
    average,
    checked,
    read,
    ready_made,
)
from app.domain.writing.words import Words

RATED, CHOSEN, WRITTEN = (
    SurveyQuestion("q1", SurveyKind.RATING, Words("", "How?")),
    SurveyQuestion("q2", SurveyKind.CHOICE, Words("", "Again?"), (Words("네", "Yes"), Words("아니요", "No"))),
    SurveyQuestion("q3", SurveyKind.TEXT, Words("", "What?")),
)
ASKED = (RATED, CHOSEN, WRITTEN)
SHEETS = [{"q1": rating, "q3": text} for rating in "125" for text in ("", "가나", "abc")]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(SHEETS), max_size=20), st.integers(0, 1000))
def test_what_is_kept_is_the_same_whoever_answered_first(sheets: list[dict[str, str]], seed: int):
    chance = random.Random(seed)
    said = [read(ASKED, sheet) for sheet in sheets]
    tally = Tally()
    for each in said:
        tally = tally.add(ASKED, each, chance.shuffle)

    assert tally.answers == len(sheets)
    assert tally.counts.get("q1", {}) == Counter(each["q1"] for each in said)
    assert Counter(tally.texts.get("q3", ())) == Counter(each["q3"] for each in said if "q3" in each)


def test_a_tally_is_not_changed_by_adding_to_it():
    before = Tally().add(ASKED, {"q3": "좋았어요"}, lambda _heap: None)

    before.add(ASKED, {"q3": "또 봐요"}, lambda heap: heap.reverse())

    assert before.texts == {"q3": ["좋았어요"]}


def test_what_is_no_answer_to_choose_is_left_out():
    assert read(ASKED, {"q1": "6", "q2": "3", "q3": " 좋았어요 ", "q9": "1"}) == {"q3": "좋았어요"}


def test_a_line_break_counts_as_one_character_as_it_does_where_it_is_typed():
    typed = "가" * 249 + "\r\n" + "나" * 250

    assert read(ASKED, {"q3": typed}) == {"q3": typed.replace("\r\n", "\n")}


def test_nothing_at_all_is_refused():
    with pytest.raises(DomainError, match="survey_empty"):
        read(ASKED, {"q3": "  "})


@pytest.mark.parametrize(
    ("text", "code"), [("가" * 501, "survey_text_too_long"), ("900101-1234567", "resident_number_typed")]
)
def test_texts_that_may_not_be_kept_are_refused_at_their_question(text: str, code: str):
    with pytest.raises(Unusable) as refusal:
        read(ASKED, {"q1": "5", "q3": text})

    assert {name: problem.code for name, problem in refusal.value.problems.items()} == {"q3": code}


def test_ready_made_questions_are_usable_in_both_languages():
    asked = checked(ready_made())

    assert all(words.ko and words.en for each in asked for words in (each.label, *each.options))


def test_a_choice_needs_two_answers_and_a_question_its_words():
    with pytest.raises(Unusable) as refusal:
        checked([SurveyQuestion("", SurveyKind.CHOICE, Words(), (Words("네", ""),))])

    assert set(refusal.value.problems) == {"label_ko-0", "options-0"}


def test_no_question_holds_a_resident_number():
    asked = [
        SurveyQuestion("", SurveyKind.TEXT, Words("900101-1234567", "")),
        SurveyQuestion(
            "", SurveyKind.CHOICE, Words("누구", ""), (Words("네", ""), Words("", "900101-1234567"))
        ),
    ]

    with pytest.raises(Unusable) as refused:
        checked(asked)

    assert {key: each.code for key, each in refused.value.problems.items()} == {
        f"label_ko-{number}": "resident_number_typed" for number in (0, 1)
    }


def test_the_average_of_nothing_is_nothing():
    assert (average({}), average({"5": 1, "4": 1})) == (None, 4.5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["answer", "answer", "answer", "end"]), max_size=60))
def test_whatever_is_shown_next_is_a_whole_group_and_nothing_is_counted_twice(acts: list[str]):
    shown, held, given_by = Tally(), Held(), 0
    for act in acts:
        if act == "answer":
            given_by += 1
            one = held.newest.add(ASKED, {"q1": "5", "q3": f"글 {given_by}"}, lambda _heap: None)
            more, held = held.add(one)
        else:
            more, held = held.settled()
        shown = shown.plus(more)

        assert more.answers == 0 or more.answers >= FEWEST
        assert held.newest.answers < FEWEST
        assert shown.answers + held.waits.answers + held.newest.answers == given_by
        assert len(shown.texts.get("q3", ())) == shown.counts.get("q3", {}).get("written", 0) == shown.answers


def test_a_question_is_told_by_its_words_and_not_by_its_place():
    moved = SurveyQuestion("q7", RATED.kind, RATED.label)
    worded = SurveyQuestion("q1", RATED.kind, Words("", "How was it?"))

    assert RATED.digest == moved.digest != worded.digest
