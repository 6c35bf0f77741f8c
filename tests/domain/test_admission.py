from __future__ import annotations

from typing import Any

import pytest

from app.domain.door.admission import Presented, Verdict, judge, judge_exit
from app.domain.registering.registrations import Status
from tests.contract import VERDICT_CASES

TOLD = ("name", "kind", "status", "verdict", "sealed", "left", "released")
NOT_JUDGED_HERE = {Verdict.UNKNOWN, Verdict.UNDONE}  # offline only; not an answer to an entry


@pytest.mark.parametrize("case", VERDICT_CASES, ids=lambda case: case["name"])
def test_the_verdict_is_the_contract_s(case: dict[str, Any]):
    facts = {key: value for key, value in case.items() if key not in TOLD}
    if "in" in facts:
        facts["inside"] = facts.pop("in")
    status = Status(case["status"]) if case["status"] else None

    judging = judge_exit if case.get("kind") == "exit" else judge
    assert judging(Presented(status, **facts)) == case["verdict"]


def test_the_contract_has_a_case_for_every_state_and_every_verdict():
    states = {case["status"] for case in VERDICT_CASES}
    verdicts = {case["verdict"] for case in VERDICT_CASES}

    assert states == {None, *Status}
    assert verdicts == set(Verdict) - NOT_JUDGED_HERE


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CONFIRMED])
def test_only_a_confirmed_registration_ever_enters(status: Status):
    bools = (False, True)
    verdicts = {
        judge(Presented(status, this_meetup=a, revoked=b, already_in=c, called_off=d))
        for a in bools
        for b in bools
        for c in bools
        for d in bools
    }

    assert Verdict.OK not in verdicts
