from __future__ import annotations

import datetime as dt
import random

import pytest

from app.domain.ledger import (
    ClockFault,
    Entry,
    Standing,
    inside_before,
    moment,
    parse_instant,
    standing,
)

NOON = dt.datetime(2026, 7, 14, 12, tzinfo=dt.UTC)
ENROLLED = NOON - dt.timedelta(hours=2)


def phone(offset: dt.timedelta, ago: int = 10) -> tuple[str, str]:
    """What a phone whose clock is off by `offset` says of a scan `ago` seconds before its upload at noon."""
    sent = NOON + offset
    return (sent - dt.timedelta(seconds=ago)).isoformat(), sent.isoformat()


@pytest.mark.parametrize("hours", [-24 * 365, -26, -1, 0, 1, 26, 24 * 365])
def test_a_wrong_clock_is_corrected_by_what_it_showed_at_the_upload(hours: int):
    when = moment(*phone(dt.timedelta(hours=hours)), NOON, ENROLLED)

    assert when.corrected_at == NOON - dt.timedelta(seconds=10)
    assert when.fault is (ClockFault.SKEWED if hours else None)


@pytest.mark.parametrize(
    "garbage",
    [None, "", "soon", 17, [], {}, "2026-13-45", "9" * 5000, "0001-01-01T00:00:00+14:00", "２０２６-07-14"],
)
def test_a_scan_without_a_readable_time_is_placed_at_its_arrival(garbage: object):
    when = moment(garbage, NOON.isoformat(), NOON)

    assert (when.corrected_at, when.fault) == (NOON, ClockFault.UNREADABLE)


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2027-07-14T12:00:00Z"])
def test_an_impossible_time_is_placed_at_its_arrival(said: str):
    when = moment(said, NOON.isoformat(), NOON, ENROLLED)

    assert (when.corrected_at, when.fault) == (NOON, ClockFault.IMPOSSIBLE)


def test_a_time_without_a_zone_counts_when_the_upload_s_time_has_none_either():
    when = moment("2026-07-14T20:59:50", "2026-07-14T21:00:00", NOON, ENROLLED)

    assert when.corrected_at == NOON - dt.timedelta(seconds=10)


def test_a_corrected_time_is_never_later_than_the_arrival():
    when = moment((NOON + dt.timedelta(seconds=3)).isoformat(), NOON.isoformat(), NOON)

    assert when.corrected_at == NOON


def test_an_instant_is_read_in_utc():
    assert parse_instant("2026-07-14T21:00:00+09:00") == NOON


def test_the_first_scan_by_time_then_id_lets_the_person_in_and_the_others_are_conflicts_in_any_order():
    entries = [Entry(f"scan-{n}", NOON + dt.timedelta(seconds=n // 2)) for n in range(8)]
    for seed in range(50):
        random.Random(seed).shuffle(entries)

        held = standing(entries)

        assert held.admitting == Entry("scan-0", NOON)
        assert [e.scan_id for e in held.conflicts] == [f"scan-{n}" for n in range(1, 8)]


FIRST, AGAIN, LATER = (Entry(name, NOON + dt.timedelta(minutes=n)) for n, name in enumerate(("c", "b", "a")))


def test_an_undone_scan_lets_nobody_in_and_the_next_one_after_the_undo_does():
    undone = {FIRST.scan_id: NOON + dt.timedelta(seconds=90)}

    assert standing([FIRST], undone).admitting is None
    assert standing([FIRST, AGAIN], undone).admitting is None, "it was shown while the first one was in"
    assert standing([LATER, FIRST], undone).admitting == LATER
    assert standing([LATER, AGAIN, FIRST], undone).conflicts == (AGAIN,)


def test_an_undone_conflict_is_settled_and_the_first_scan_stands():
    undone = {AGAIN.scan_id: NOON + dt.timedelta(minutes=5)}

    assert standing([AGAIN, FIRST], undone) == Standing(FIRST, (), {FIRST.scan_id: 1})


def test_whether_somebody_was_in_is_asked_of_the_moment_of_the_scan():
    undone = {FIRST.scan_id: NOON + dt.timedelta(seconds=90)}

    assert inside_before(FIRST, [LATER]) is None
    assert inside_before(AGAIN, [FIRST, LATER], undone) == FIRST
    assert inside_before(LATER, [FIRST, AGAIN], undone) is None
