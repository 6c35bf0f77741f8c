"""What people write for a cohort and for "completed"."""

import pytest

from app.domain.errors import DomainError
from app.domain.writing.cohorts import CohortRef, KnownCohort, find_cohort, parse_cohort, parse_completed

KNOWN = (KnownCohort(1, 2020), KnownCohort(2, 2021), KnownCohort(3, 2022, ("마지막 기수", "Final")))


@pytest.mark.parametrize(
    "text",
    ["3기", "제3기", "제 3 기", "3", " 3 ", "3.0", "3rd", "3rd cohort", "Cohort 3", "cohort #3", "batch-3", "３기", "GMB 3기", "3기 수료생"],
)  # fmt: skip
def test_an_ordinal_in_any_spelling(text):
    assert parse_cohort(text) == CohortRef(3, None)


@pytest.mark.parametrize("text", ["2022", "2022년", "2022년도", "22년", "Class of 2022", "２０２２"])
def test_a_year_in_any_spelling(text):
    assert parse_cohort(text) == CohortRef(None, 2022)


@pytest.mark.parametrize("text", ["3기(2022)", "2022년 3기", "3기 2022", "2022-3기"])
def test_both_in_one_cell(text):
    assert parse_cohort(text) == CohortRef(3, 2022)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "없음",
        "1~3기",
        "1기, 2기",
        "1.5",
        "1/2",
        "1 2",
        "-3기",
        "-3",
        "2022-1",
        "12345",
        "미정",
        "2022.03",
        "3반",
        "기",
        "010-1234-5678",
    ],
)
def test_anything_else_is_not_understood(text):
    assert parse_cohort(text) is None


@pytest.mark.parametrize("text", ["3기", "2022", "3기(2022)", "마지막 기수", "FINAL"])
def test_a_cell_finds_its_cohort(text):
    assert find_cohort(text, KNOWN) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing_cohort"), ("99기", "unknown_cohort"), ("1999", "unknown_cohort"), ("없음", "unknown_cohort"),
        ("3기(2021)", "cohort_contradiction"),
    ],
)  # fmt: skip
def test_a_cell_that_finds_none_says_why(text, code):
    with pytest.raises(DomainError, match=code):
        find_cohort(text, KNOWN)


@pytest.mark.parametrize(
    "text",
    ["수료", " 수 료 ", "조기 수료", "이수", "졸업", "O", "o", "ㅇ", "○", "◯", "⭕", "✔️", "V", "Y", "Yes", "예", "네", "1", "TRUE", "completed", "Graduated"],
)  # fmt: skip
def test_completed(text):
    assert parse_completed(text) is True


@pytest.mark.parametrize(
    "text",
    ["미수료", "미이수", "X", "x", "×", "✕", "❌", "N", "No", "아니오", "아니요", "0", "FALSE", "dropped", "Dropped out", "not completed",
     "중도탈락", "중도 포기", "자퇴"],
)  # fmt: skip
def test_not_completed(text):
    assert parse_completed(text) is False


@pytest.mark.parametrize(
    "text", ["", "아마도", "수료 예정", "참석", "불참", "?", "-", "수강중", "2022-12-01", "미정"]
)
def test_unsaid(text):
    assert parse_completed(text) is None
