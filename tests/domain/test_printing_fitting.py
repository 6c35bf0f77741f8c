"""Words that fit a box. Here every sign is one em wide, so that widths can be counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.printing.fitting import LEADING, fitted, shortened, wrapped
from app.domain.printing.marks import POINT

TEXTS = st.lists(st.text(alphabet="가나ab-", min_size=1, max_size=14), min_size=1, max_size=12).map(" ".join)


def ems(text: str) -> float:
    return len(text)


def box(number: float, size: float) -> float:
    """As wide as so many ems at this size."""
    return number * size * POINT


def test_a_short_name_is_as_large_as_it_may_be():
    found = fitted("김동문", ems, width=200, height=100, most=40, least=10)

    assert (found.size, found.lines) == (40, ("김동문",))


def test_a_name_gets_the_size_at_which_it_fills_the_width():
    found = fitted("알렉산드라", ems, width=box(5, 24), height=100, most=40, least=10, lines=2)

    assert found.size == pytest.approx(24)
    assert found.lines == ("알렉산드라",)


def test_the_height_bounds_the_size_too():
    found = fitted("김", ems, width=200, height=20 * LEADING * POINT, most=40, least=10)

    assert found.size == pytest.approx(20)


def test_a_long_name_takes_two_lines_that_are_about_as_wide():
    found = fitted("Maria Anna de la Cruz", ems, width=box(12, 24), height=100, most=40, least=10, lines=2)

    assert found.lines == ("Maria Anna", "de la Cruz")


def test_a_second_line_must_make_the_name_clearly_larger():
    found = fitted("Kim Min", ems, width=box(7, 38), height=100, most=40, least=10, lines=2)

    assert found.lines == ("Kim Min",)


def test_a_name_may_break_behind_its_hyphen():
    found = fitted("Alexandra-Josephine", ems, width=box(10, 20), height=100, most=40, least=10, lines=2)

    assert found.lines == ("Alexandra-", "Josephine")


def test_what_is_too_long_at_the_least_size_is_broken_inside_and_cut_at_last():
    found = fitted("가" * 30, ems, width=box(10, 10), height=box(2 * LEADING, 10), most=40, least=10, lines=2)

    assert found.size == 10
    assert found.lines == ("가" * 10, "가" * 9 + "…")


def test_nothing_to_say_has_no_lines():
    assert fitted("  ", ems, width=10, height=10, most=20, least=10).lines == ()


@given(text=TEXTS, width=st.floats(5, 200), height=st.floats(5, 100), lines=st.integers(1, 3))
def test_no_line_is_wider_than_the_box_and_the_lines_are_no_higher(
    text: str, width: float, height: float, lines: int
):
    found = fitted(text, ems, width, height, most=60, least=4, lines=lines)

    assert len(found.lines) <= lines
    assert all(ems(line) * found.size * POINT <= width * 1.0001 for line in found.lines)
    assert found.height <= height * 1.0001
    assert 4 <= found.size <= 60


@given(text=TEXTS, width=st.floats(5, 200))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text: str, width: float):
    lines = wrapped(text, ems, width, 10)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(ems(line) * 10 * POINT <= width or len(line) == 1 for line in lines)


def test_lines_are_filled_and_broken_between_words():
    assert wrapped("한 문장이 두 줄로 나뉘어요", ems, box(8, 10), 10) == ["한 문장이 두", "줄로 나뉘어요"]


def test_a_line_that_is_too_long_ends_with_dots():
    assert shortened("서울시 마포구 어딘가", ems, box(6, 10), 10) == "서울시 마…"
    assert shortened("짧은 말", ems, box(6, 10), 10) == "짧은 말"
