"""What may stand in a list check, and whom on the list it may mean."""

from __future__ import annotations

import pytest

from app.domain.meetup_drafts import Unusable
from app.domain.registering.claims import Listed, Statement, likely, read_statement


def said(name: str = "김하늘", cohort: int | None = 3, former: str = "") -> Statement:
    return Statement(name, cohort, former, "")


def listed(number: int, name: str, cohort: int = 3, address: str = "") -> Listed:
    return Listed(number, frozenset({name}), frozenset({cohort}), frozenset({address} if address else ()))


def test_a_former_address_tells_more_than_a_name() -> None:
    by_name, by_address = listed(1, "김하늘"), listed(2, "김서윤", cohort=1, address="haneul@school.example")

    found = likely(said(former="Haneul@School.example"), [by_name, by_address])

    assert [(each.person_id, why) for each, why in found] == [(2, {"address"}), (1, {"name", "cohort"})]


def test_the_cohort_parts_two_people_of_one_name() -> None:
    found = likely(said(), [listed(1, "김하늘", cohort=1), listed(2, "김하늘", cohort=3)])

    assert [each.person_id for each, _ in found] == [2, 1]


def test_a_cohort_alone_means_nobody() -> None:
    assert likely(said(), [listed(1, "박도윤", cohort=3)]) == []


@pytest.mark.parametrize("written", ["김 하늘", "김하늘", "\u1100\u1175\u11b7하늘"])
def test_a_name_is_the_same_however_it_is_typed(written: str) -> None:
    assert likely(said(name=written), [listed(1, "김하늘")])


def test_a_former_name_on_the_roster_counts() -> None:
    other = Listed(1, frozenset({"이하늘", "김하늘"}), frozenset({3}), frozenset())

    assert likely(said(), [other])[0][1] == {"name", "cohort"}


@pytest.mark.parametrize(
    ("field", "statement", "code"),
    [
        ("name", {"name": " \u200b "}, "claim_unnamed"),
        ("name", {"name": "하" * 201}, "claim_too_long"),
        ("former_address", {"former_address": "haneul@@school"}, "bad_address"),
        ("note", {"note": "x" * 501}, "claim_too_long"),
        ("note", {"note": "제 번호는 900101-1234567 이에요"}, "resident_number_typed"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(field: str, statement: dict[str, str], code: str) -> None:
    good = {"name": "김하늘", "cohort_id": None, "former_address": "", "note": ""}

    with pytest.raises(Unusable) as refused:
        read_statement(**(good | statement))  # type: ignore[arg-type]

    assert {name: problem.code for name, problem in refused.value.problems.items()} == {field: code}
