from __future__ import annotations

import datetime as dt
import random

import pytest

from app.domain.door.ledger import Conflict, Entry, Exit, Standing, before, standing
from app.domain.door.moments import ClockFault, moment, parse_instant

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
        assert [each.entry.scan_id for each in held.conflicts] == [f"scan-{n}" for n in range(1, 8)]


FIRST, AGAIN, LATER = (Entry(name, NOON + dt.timedelta(minutes=n)) for n, name in enumerate(("c", "b", "a")))


def test_an_undone_scan_lets_nobody_in_and_the_next_one_after_the_undo_does():
    undone = {FIRST.scan_id: NOON + dt.timedelta(seconds=90)}

    assert standing([FIRST], undone).admitting is None
    assert standing([FIRST, AGAIN], undone).admitting is None, "it was shown while the first one was in"
    assert standing([LATER, FIRST], undone).admitting == LATER
    assert [each.entry for each in standing([LATER, AGAIN, FIRST], undone).conflicts] == [AGAIN]


def test_an_undone_conflict_is_settled_and_the_first_scan_stands():
    undone = {AGAIN.scan_id: NOON + dt.timedelta(minutes=5)}

    by_first = {FIRST.scan_id: 1}
    assert standing([AGAIN, FIRST], undone) == Standing(
        FIRST, (), by_first, people=1, came=1, brought=by_first
    )


def test_whether_somebody_was_in_is_asked_of_the_moment_of_the_scan():
    undone = {FIRST.scan_id: NOON + dt.timedelta(seconds=90)}

    assert before(FIRST, [LATER]).admitting is None
    assert before(AGAIN, [FIRST, LATER], undone).admitting == FIRST
    assert before(LATER, [FIRST, AGAIN], undone).admitting is None


def enter(minute: int, people: int = 9) -> Entry:
    return Entry(f"in-{minute}", NOON + dt.timedelta(minutes=minute), people)


def leave(minute: int, people: int = 9) -> Exit:
    return Exit(f"out-{minute}", NOON + dt.timedelta(minutes=minute), people)


def after(minute: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minute, seconds=30)


def test_whoever_went_out_may_come_in_again_and_then_not_once_more():
    evening = [enter(0), leave(1), enter(2), enter(3), leave(4)]
    for seed in range(20):
        random.Random(seed).shuffle(evening)

        held = standing(evening)

        assert (held.admitting, held.conflicts) == (enter(0), (Conflict(enter(3), first=enter(2)),))
        assert (held.people, held.came, held.left) == (0, 1, leave(4))


def test_an_exit_of_somebody_who_is_not_in_counts_only_once_an_earlier_entry_is_known():
    assert standing([leave(1)]) == Standing(None, ())
    assert standing([leave(1), enter(2)]).people == 1, "it was before they came"
    assert standing([leave(1), enter(0)]).left == leave(1)


def test_a_party_leaves_together_or_some_of_it_and_those_who_went_may_come_back():
    some = standing([enter(0), leave(1, people=2)], size=3)
    back = standing([enter(0), leave(1, people=2), enter(2, people=1)], size=3)
    all_gone = standing([enter(0), leave(1, people=2), enter(2, people=1), leave(3)], size=3)

    assert [(each.people, each.came) for each in (some, back, all_gone)] == [(1, 3), (2, 3), (0, 3)]
    assert back.taken == {"in-0": 3, "out-1": 2, "in-2": 1}
    assert (back.left, all_gone.left) == (leave(1, people=2), leave(3))


def test_nobody_who_comes_back_is_counted_as_another_person_of_the_party():
    back = standing([enter(0, people=1), leave(1), enter(2, people=1)], size=3)

    assert (back.people, back.came) == (1, 1)


def test_an_undone_exit_leaves_them_in_and_whoever_came_back_by_then_too():
    taken_back = {"out-1": after(5)}

    by_first = {"in-0": 1}
    assert standing([enter(0), leave(1)], taken_back) == Standing(
        enter(0), (), by_first, people=1, came=1, brought=by_first
    )
    assert standing([enter(0), leave(1), enter(2)], taken_back).people == 1
    assert standing([enter(0), leave(1), enter(2)], taken_back).conflicts == (), "they were out then"
    assert standing([enter(0), leave(1), enter(6)], taken_back).conflicts == (Conflict(enter(6), enter(0)),)


def test_an_entry_that_is_undone_after_they_left_was_never_one():
    taken_back = {"in-0": after(3)}

    gone, back = (
        standing(each, taken_back) for each in ([enter(0), leave(1)], [enter(0), leave(1), enter(2)])
    )

    assert (gone.admitting, gone.people, gone.came, gone.left) == (None, 0, 0, None)
    assert (back.admitting, back.people, back.came) == (enter(2), 1, 1)


def test_a_clock_that_was_set_anew_between_scan_and_upload_is_told_and_the_error_at_the_scan_counts():
    hour, minute = dt.timedelta(hours=1), dt.timedelta(minutes=1)
    received = NOON + 2 * hour
    right_by_now, scanned = received.isoformat(), NOON
    slow, fast = (scanned - 3 * hour).isoformat(), (scanned + 3 * hour).isoformat()

    was_slow = moment(slow, right_by_now, received, NOON - 9 * hour, skew=3 * hour)
    was_fast = moment(fast, right_by_now, received, NOON - 9 * hour, skew=-3 * hour)
    long_before = moment(NOON.isoformat(), right_by_now, received, NOON - minute, skew=-3 * hour)
    nowhere = moment(fast, right_by_now, received, NOON, skew=9 * hour)
    unmoved = moment(NOON.isoformat(), right_by_now, received, NOON - minute, skew=minute)

    assert [(each.corrected_at, each.fault) for each in (was_slow, was_fast, long_before)] == [
        (NOON, ClockFault.MOVED)
    ] * 3
    assert (nowhere.corrected_at, nowhere.fault) == (received, ClockFault.IMPOSSIBLE)
    assert (unmoved.corrected_at, unmoved.fault) == (NOON, None)
