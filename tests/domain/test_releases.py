"""Whose seats go to those who are there."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from app.domain.errors import DomainError
from app.domain.seating.releases import Absent, read_release, release_at, whose

START = dt.datetime(2026, 7, 14, 9, tzinfo=dt.UTC)


def test_the_last_in_line_gives_their_seat_first_and_a_party_only_where_single_seats_do_not_suffice():
    absent = [Absent(1, 1, 1), Absent(2, 2, 3), Absent(3, 3, 1)]

    assert whose(absent, 0) == []
    assert whose(absent, 1) == [3]
    assert whose(absent, 2) == [3, 1]
    assert whose(absent, 4) == [3, 1, 2]
    assert whose(absent, 6) is None
    assert whose([], 1) is None


def test_seats_are_released_minutes_after_the_start_or_never():
    assert release_at(START, None) is None
    assert release_at(START, 20) == START + dt.timedelta(minutes=20)


def test_a_second_yes_is_the_same_release_and_one_without_an_id_is_none():
    told = {"id": str(uuid.uuid4()), "registration": "ABCD2345"}

    assert read_release(told).body_hash == read_release(told | {"over": True, "gate": "정문"}).body_hash
    for broken in ({"id": "x"}, {"registration": None}, {"registration": ""}, {"registration": "X" * 41}):
        with pytest.raises(DomainError):
            read_release(told | broken)
