"""The sealed list's records: what opens them, what does not, and what their tags tell."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.door import sealing
from app.domain.door.sealing import Record
from app.domain.registering.registrations import Status
from tests.contract import SEALING, VERDICT_CASES, make_sealing, sealed_state

CODE, OTHER = make_sealing.code(1), make_sealing.code(2)
HANEUL = Record("김하늘", "3기", "ABCDEFGHJK", "admitted")
NONCE = bytes(12)


def sealed(record: Record = HANEUL, code: str = CODE, meetup: int = 7) -> bytes:
    return sealing.seal(sealing.plain(record), code, meetup, NONCE)


def test_the_shared_examples_are_what_the_code_makes() -> None:
    """Renew them with `python -m tests.contract.make_sealing`, together with the scanner."""
    assert make_sealing.vectors() == SEALING


@pytest.mark.parametrize("case", SEALING["cases"], ids=lambda case: case["name"])
def test_a_shared_example_opens_with_its_code(case: dict[str, Any]) -> None:
    cipher = bytes.fromhex(case["sealed"])
    bucket = bytes.fromhex(case["lookup"] + case["nonce"]) + len(cipher).to_bytes(2) + cipher

    found = sealing.find(bucket, case["code"], case["meetup"])

    assert found == Record(*case["says"].values())
    assert json.loads(case["plain"]) == case["says"]


@given(
    st.builds(Record, *[st.text(st.characters(exclude_categories=["Cs"]), max_size=200)] * 4),
    st.integers(1, 2**53),
)
def test_whatever_is_sealed_opens_as_it_was_in_blocks_of_64_bytes(record: Record, meetup: int) -> None:
    assert sealing.find(sealed(record, meetup=meetup), CODE, meetup) == record
    assert len(sealing.plain(record)) % 64 == 0


@pytest.mark.parametrize("status", [Status.APPLIED, Status.DECLINED, Status.OFFERED, Status.EXPIRED])
def test_a_record_says_why_somebody_has_no_confirmed_seat(status: Status) -> None:
    state = sealing.state(status, revoked=False, called_off=False)
    record = replace(HANEUL, state=state, why=sealing.why(status, state))

    assert json.loads(sealing.plain(record))["t"] == status.value
    assert sealing.find(sealed(record), CODE, 7) == record


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED, Status.PENDING])
def test_where_the_verdict_says_it_all_a_record_says_no_more(status: Status) -> None:
    state = sealing.state(status, revoked=False, called_off=False)

    assert sealing.why(status, state) is None
    assert sealing.why(status, sealing.state(status, revoked=False, called_off=True)) is None


def test_names_of_usual_length_are_told_apart_by_no_length() -> None:
    lengths = {len(sealed(replace(HANEUL, name=name))) for name in ("김하늘", "이도", "Ada King", "남궁하늘")}

    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("code", "meetup"), [(OTHER, 7), (CODE, 8)], ids=["another ticket", "another meetup"]
)
def test_a_record_opens_for_its_own_ticket_and_meetup_alone(code: str, meetup: int) -> None:
    assert sealing.find(sealed(), code, meetup) is None


def test_a_record_that_was_moved_or_altered_counts_as_none() -> None:
    mine, theirs = sealed(), sealed(code=OTHER)
    swapped = mine[:16] + theirs[16:]
    altered = [mine[:at] + bytes([mine[at] ^ 1]) + mine[at + 1 :] for at in range(16, len(mine))]

    assert sealing.find(swapped, CODE, 7) is None
    assert {sealing.find(each, CODE, 7) for each in altered} == {None}
    assert {sealing.find(mine[:end], CODE, 7) for end in range(len(mine))} == {None}


def test_a_bucket_of_several_records_is_searched_to_its_end() -> None:
    example = SEALING["bucket"]
    bucket = base64.b64decode(example["base64"])
    found = [sealing.find(bucket, code, example["meetup"]) for code in example["codes"]]

    assert [each.reference for each in found if each] == example["references"]
    assert sealing.find(bucket, example["absent"], example["meetup"]) is None


@pytest.mark.parametrize("case", VERDICT_CASES, ids=lambda case: case["name"])
def test_the_state_is_the_contract_s_verdict_apart_from_who_is_in(case: dict[str, Any]) -> None:
    if case["status"] is None or not case.get("this_meetup", True):
        return  # on no list of this door
    found = sealing.state(
        Status(case["status"]),
        revoked=case.get("revoked", False),
        called_off=case.get("called_off", False),
    )

    assert found == sealed_state(case)


def test_a_mark_follows_content_place_and_secret_and_no_order() -> None:
    records = [(b"a" * 16, b"one"), (b"b" * 16, b"two")]
    mark = sealing.mark(b"secret", 7, 0, records)

    assert mark == sealing.mark(b"secret", 7, 0, reversed(records))
    others = [
        sealing.mark(b"another", 7, 0, records),
        sealing.mark(b"secret", 8, 0, records),
        sealing.mark(b"secret", 7, 1, records),
        sealing.mark(b"secret", 7, 0, records[:1]),
        sealing.mark(b"secret", 7, 0, [(b"a" * 16, b"one"), (b"b" * 16, b"twx")]),
        sealing.mark(b"secret", 7, 0, []),
    ]
    assert len({mark, *others}) == 7
