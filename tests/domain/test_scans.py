from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.door.scans import Malformed, Scan, read_scan

CODE = "ABCDEFGHIJKLMNOPQRSTUVWXY2"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def item(**fields: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": "entry", "method": "camera", "scanned_at": "x"} | fields


@given(JSON)
def test_anything_is_read_without_an_error(anything: Any):
    assert isinstance(read_scan(anything), Scan | Malformed)


@given(st.fixed_dictionaries(dict.fromkeys(("id", "code", "registration", "kind", "gate", "payload"), JSON)))
def test_any_values_of_the_known_fields_are_read_without_an_error(fields: Any):
    assert isinstance(read_scan(fields), Scan | Malformed)


@given(st.text())
def test_what_is_kept_of_a_hostile_payload_can_be_stored(payload: str):
    read = read_scan(item(payload=payload))

    assert isinstance(read, Scan)
    kept = read.payload or ""
    assert len(kept) <= 200
    assert "\x00" not in kept
    kept.encode()


@pytest.mark.parametrize(
    "broken",
    [
        {"id": None}, {"id": "1"}, {"id": 7}, {"id": "g" * 36}, {"kind": "exits"}, {"kind": None},
        {"method": "desk"}, {"method": "telepathy"}, {"code": 5}, {"payload": ["x"]}, {"gate": {}},
        {"code": CODE, "registration": "ABCD234567"},
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_malformed(broken: dict[str, Any]):
    assert isinstance(read_scan(item(**broken)), Malformed)


def test_a_payload_that_holds_a_ticket_code_is_not_kept_because_the_code_is_a_secret():
    read = read_scan(item(payload=f"https://dongmun.example/T/{CODE}"))

    assert isinstance(read, Scan)
    assert read.payload is None


def test_the_body_hash_tells_scans_apart_and_repeats_not():
    first = item(code=CODE)

    def read(**fields: Any) -> Any:
        return read_scan(first | fields)

    assert read().body_hash == read().body_hash
    assert (
        len({read(**change).body_hash for change in ({}, {"gate": "B"}, {"code": None}, {"scanned_at": "y"})})
        == 4
    )
    assert read(new_field="of a later release").body_hash == read().body_hash
