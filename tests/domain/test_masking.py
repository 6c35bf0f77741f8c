"""Names that their bearers recognise and bystanders do not learn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.writing.masking import HIDDEN, masked
from config import ROOT

CASES = json.loads((ROOT / "tests/contract/masking.json").read_text("utf-8"))["cases"]
NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].encode("unicode_escape").decode())
def test_a_name_is_masked_as_the_contract_says(case: dict[str, Any]) -> None:
    assert masked(case["name"]) == case["masked"]


@given(NAMES)
def test_what_is_masked_stays_as_it_is(name: str) -> None:
    assert masked(masked(name)) == masked(name)


@given(NAMES)
def test_something_is_always_hidden(name: str) -> None:
    assert HIDDEN in masked(name)


@given(HANGUL)
def test_of_a_korean_name_two_syllables_are_told_at_most(name: str) -> None:
    told = masked(name).replace(HIDDEN, "")

    assert len(told) <= min(2, len(name) - 1)
