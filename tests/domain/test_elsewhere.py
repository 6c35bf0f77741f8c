"""Answers to a form: the times that forms write, whose row counts, and where somebody stands in line."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.elsewhere.answering import answers_of
from app.domain.elsewhere.columns import Choices, find_columns
from app.domain.elsewhere.fates import FateKind, Known, judge
from app.domain.elsewhere.ranking import Standing, lined_up, merged
from app.domain.elsewhere.rows import FormRow, read_form
from app.domain.elsewhere.times import read_time, writes_day_first
from app.domain.registering.answers import Answering
from app.domain.registering.questions import QuestionKind, QuestionSet
from app.domain.rosters import Hints, Limits, Problem, detect_layout, read_file
from app.domain.seating.line_order import number_of, rank_of
from app.domain.writing.cohorts import KnownCohort
from tests.factories import make_question

SEOUL = ZoneInfo("Asia/Seoul")
NOON = dt.datetime(2026, 11, 3, 3, tzinfo=dt.UTC)
SAMPLE = Path(__file__).parent.parent / "data/rosters/earlier-form-answers.csv"


@pytest.mark.parametrize(
    ("written", "hour_in_seoul"),
    [
        ("2026. 11. 3 오후 2:05:11", 14),
        ("2026. 11. 3 오전 12:05:11", 0),
        ("2026. 11. 3 오후 12:05:11", 12),
        ("2026/11/03 2:05:11 오후 GMT+9", 14),
        ("2026/11/03 2:05:11 PM GMT+9", 14),
        ("2026-11-03T14:05:11+09:00", 14),
        ("2026-11-03T05:05:11.123Z", 14),
        ("2026-11-03 14:05:11", 14),
        ("11/3/2026 14:05:11", 14),
        ("11/3/26 2:05:11 PM", 14),
        ("Nov 3, 2026 2:05:11 PM", 14),
        ("3 November 2026, 14:05:11", 14),
        ("2026년 11월 3일 오후 2시 5분 11초", 14),
        ("2026. 11. 3. (화) 14:05:11", 14),
    ],
)
def test_times_are_read_as_forms_write_them(written: str, hour_in_seoul: int) -> None:
    at = read_time(written, SEOUL)

    assert at is not None
    assert at.astimezone(SEOUL).replace(second=0) == dt.datetime(2026, 11, 3, hour_in_seoul, 5, tzinfo=SEOUL)


@pytest.mark.parametrize("written", ["", "어제", "2026-13-01 10:00", "2026. 2. 30", "25:00", "010-1234-5678"])
def test_what_names_no_time_is_none(written: str) -> None:
    assert read_time(written, SEOUL) is None


def test_a_column_with_a_day_past_the_twelfth_first_has_days_first() -> None:
    assert writes_day_first(["3/11/2026 10:00", "25/11/2026 10:00"])
    assert not writes_day_first(["3/11/2026 10:00", "11/25/2026 10:00"])
    assert read_time("3/11/2026 10:00", SEOUL, day_first=True) == dt.datetime(2026, 11, 3, 10, tzinfo=SEOUL)


def test_the_sample_is_understood_without_a_question() -> None:
    book = read_file(SAMPLE.read_bytes(), SAMPLE.name, Hints(), Limits())
    layout = detect_layout(book, Hints(completed_for_all=True), cohort_given=True)
    rows = book.sheets[layout.sheet].rows[layout.header_row :]
    diet = replace(make_question("q1"), label=replace(make_question("q1").label, ko="식단 (해당 시)"))

    columns = find_columns(layout, rows, QuestionSet((diet,)), SEOUL, Choices())
    outcomes = read_form(rows, 2, columns, [KnownCohort(2, 2021)], SEOUL, NOON)

    assert (columns.time, columns.name, columns.address, columns.cohort, columns.coming) == (0, 1, 2, 3, 4)
    assert columns.answers == {"q1": 5}
    first = outcomes[0]
    assert isinstance(first, FormRow)
    assert first.at == dt.datetime(2023, 6, 1, 13, tzinfo=SEOUL)
    assert first.cohort == 2
    assert sum(isinstance(each, Problem) for each in outcomes) == 0
    assert len(outcomes) == len(SAMPLE.read_text("utf-8-sig").splitlines()) - 1


def answered(
    number: int, address: str, *, hours: int = 0, coming: bool = True, name: str = "김하늘"
) -> FormRow:
    return FormRow(number, NOON + dt.timedelta(hours=hours), name, address, address, 1, coming, {})


def known(person: int, **changes: object) -> Known:
    usual = {
        "name": "김하늘",
        "address": "kim@example.com",
        "listed": True,
        "cohort_id": 1,
        "registered": False,
    }
    return Known(person, **(usual | changes))  # type: ignore[arg-type]


def test_every_row_has_one_fate_and_the_earliest_of_a_person_counts() -> None:
    people = {
        "kim@example.com": known(1),
        "kim@example.org": known(1),
        "seated@example.com": known(2, registered=True),
        "dropout@example.com": known(3, cohort_id=None),
        "uninvited@example.com": known(5, cohort_id=None, lacks_invitation=True),
        "asked@example.com": known(4, listed=False, cohort_id=None),
    }
    rows = [
        answered(2, "kim@example.com", hours=2),
        answered(3, "kim@example.org", hours=1),
        answered(4, "seated@example.com"),
        answered(5, "dropout@example.com"),
        answered(6, "asked@example.com"),
        answered(7, "stranger@example.com"),
        answered(8, "nameless@example.com", name=""),
        answered(9, "erased@example.com"),
        Problem(10, "missing_email"),
        answered(11, "uninvited@example.com"),
    ]

    preview = judge(rows, people, frozenset({"erased@example.com"}))

    assert [fate.kind for fate in preview.fates] == [
        FateKind.DOUBLE,
        FateKind.REGISTERED,
        FateKind.ALREADY,
        FateKind.NOT_ELIGIBLE,
        FateKind.CLAIM,
        FateKind.CLAIM,
        FateKind.PROBLEM,
        FateKind.PROBLEM,
        FateKind.PROBLEM,
        FateKind.NOT_INVITED,
    ]
    assert preview.fates[0].first == 3
    assert [fate.number for fate in preview.written] == [6, 7, 3]


def test_who_says_last_that_they_do_not_come_does_not() -> None:
    comes_after_all = [answered(2, "a@x.example", coming=False), answered(3, "a@x.example", hours=1)]
    stays_away = [answered(4, "b@x.example"), answered(5, "b@x.example", hours=1, coming=False)]

    kinds = [fate.kind for fate in judge([*comes_after_all, *stays_away], {}).fates]

    assert kinds == [FateKind.NOT_COMING, FateKind.CLAIM, FateKind.NOT_COMING, FateKind.NOT_COMING]


def test_who_has_a_place_and_says_no_since_gives_it_up() -> None:
    place = {"registered": True, "place_id": 9, "said_at": NOON}
    people = {"a@x.example": known(1, **place), "b@x.example": known(2, **place | {"place_id": 8})}
    rows = [answered(2, "a@x.example"), answered(3, "a@x.example", hours=1, coming=False)]
    earlier = answered(4, "b@x.example", hours=-1, coming=False)

    preview = judge([*rows, earlier], people)

    assert [fate.kind for fate in preview.fates] == [
        FateKind.NOT_COMING,
        FateKind.GIVES_UP,
        FateKind.NOT_COMING,
    ]
    assert preview.given_up == [9]


def test_another_name_than_the_lists_is_shown() -> None:
    fate = judge([answered(2, "kim@example.com", name="박바다")], {"kim@example.com": known(1)}).fates[0]

    assert fate.other_name == "김하늘"


def standing(number: int, hour: int | None) -> Standing:
    return Standing(number, None if hour is None else NOON + dt.timedelta(hours=hour))


def test_whoever_comes_in_stands_before_the_first_who_registered_later() -> None:
    moved_to_the_front = standing(9, None)
    line = [moved_to_the_front, standing(1, 1), standing(2, 3)]

    assert merged(line, [standing(11, 0), standing(12, 2), standing(13, 9)]) == [9, 11, 1, 12, 2, 13]


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_the_line_keeps_its_order_and_loses_nobody(line: list[int], coming: list[int]) -> None:
    held = [standing(number, hour) for number, hour in enumerate(line)]
    new = [standing(100 + number, hour) for number, hour in enumerate(sorted(coming))]

    order = merged(held, new)

    assert sorted(order) == sorted(each.id for each in held + new)
    assert [number for number in order if number < 100] == [each.id for each in held]
    assert [number for number in order if number >= 100] == [each.id for each in new]


def test_cells_become_the_options_they_name_and_nothing_else() -> None:
    diet = make_question("q1", QuestionKind.CHOICES, "채식", "할랄")
    health = make_question("q2", consent="health")
    shirts = make_question("q3", QuestionKind.NUMBER, required=True)
    questions = QuestionSet((diet, health, shirts))

    answers, left = answers_of(questions, {"q1": "할랄, 채식", "q2": "땅콩", "q3": "두 장"}, Answering())

    assert answers == {"q1": ["o1", "o2"]}
    assert left == ("q2", "q3")


def test_once_nobody_stands_behind_any_more_all_stand_where_they_registered() -> None:
    """1 and 3 stand before 2 and 4, who missed the last meetup; 5 and 6 registered elsewhere before all of them, 6 missed it, too."""
    behind = {2, 4, 6}
    before = {each: rank_of(each, behind=each in behind) for each in range(1, 7)}
    line = [standing(1, 10), standing(3, 30), standing(2, 20), standing(4, 40)]

    after = lined_up(before, line, {5: standing(5, 0), 6: standing(6, 5)})

    assert sorted(after, key=lambda each: after[each]) == [5, 1, 3, 6, 2, 4]
    assert sorted(after, key=lambda each: number_of(after[each])) == [5, 6, 1, 2, 3, 4]
