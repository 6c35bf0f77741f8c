"""Numbers as they are typed."""

from __future__ import annotations

import pytest

from app.numbers import LARGEST, number, typed_number


@pytest.mark.parametrize(
    ("typed", "meant"), [("40", 40), ("  40 ", 40), ("４０", 40), ("0", 0), (f"{LARGEST}", LARGEST)]
)
def test_a_number_is_read_whichever_keyboard_typed_it(typed: str, meant: int) -> None:
    assert typed_number(typed) == meant


@pytest.mark.parametrize("typed", ["", "-1", "4 0", "4.0", "四十", "９" * 5_000, f"{LARGEST + 1}"])
def test_what_is_no_number_that_a_column_holds_is_none(typed: str) -> None:
    assert typed_number(typed) is None
    assert number(typed) is None
