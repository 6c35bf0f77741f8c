"""Practice tickets: what they are, and that no real one is taken for one."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import tokens
from app.domain.door import rehearsals, tickets
from app.domain.door.admission import Verdict
from app.domain.door.rehearsals import SAMPLES, is_practice
from config import ROOT

CONTRACT = json.loads((ROOT / "tests/contract/rehearsal.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CONTRACT["codes"], ids=lambda case: case["code"])
def test_a_practice_ticket_is_known_by_its_form(case: dict[str, Any]) -> None:
    assert is_practice(case["code"]) is case["practice"]


def test_the_samples_are_those_of_the_contract() -> None:
    told = [{"code": each.code, "reference": each.reference} | asdict(each) for each in SAMPLES]

    assert [{key: each[key] for key in CONTRACT["samples"][0]} for each in told] == CONTRACT["samples"]


def test_there_is_a_sample_of_every_answer_that_a_ticket_gets() -> None:
    """Those at the exit are given by the same samples: tests/js/rehearsal.test.mjs."""
    never = {Verdict.UNDONE, Verdict.CALLED_OFF, Verdict.UNAPPROVED, Verdict.NOT_VERIFIED}
    at_the_exit = {Verdict.LEFT, Verdict.NOT_IN}

    assert {each.verdict for each in SAMPLES} == set(Verdict) - never - at_the_exit
    assert any(each.people > 1 for each in SAMPLES)


@given(st.binary(min_size=16, max_size=32), st.text(max_size=40), st.integers(0, 99))
def test_no_real_ticket_s_code_ends_as_practice_codes_do(key: bytes, uid: str, revision: int) -> None:
    code = tickets.derive_code(key, uid, revision)

    assert code[-1] in "AEIMQUY4"
    assert not is_practice(code)


def test_no_real_reference_is_a_practice_person_s() -> None:
    assert all(each.reference.startswith("REHEARSAL") for each in SAMPLES)
    assert "L" not in tokens._UNAMBIGUOUS


def test_every_sample_s_code_is_read_by_the_door() -> None:
    assert all(tickets.parse_code(each.code) == each.code for each in SAMPLES)
    assert len({each.code for each in SAMPLES}) == len(SAMPLES)


def test_practising_is_over_half_an_hour_before_the_start() -> None:
    start = dt.datetime(2026, 11, 28, 9, 30, tzinfo=dt.UTC)

    assert rehearsals.ends_at(start) == dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("patterns", "text"),
    [
        ([], None),
        (["https://con.example/t/*", "x*"], "https://con.example/t/REHEARSAL"),
        (["BADGE-1"], "BADGE-1"),
    ],
)
def test_a_host_sample_looks_like_the_first_pattern(patterns: list[str], text: str | None) -> None:
    assert rehearsals.host_text(patterns) == text
