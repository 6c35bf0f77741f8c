"""Whose the seats are that are kept: the rule of docs/decisions/0019-seat-pools.md, example by example and at random."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.domain.registering.registrations import Status
from app.domain.seating.modes import Mode
from app.domain.seating.pools import NOTHING, Kept, Party, Pool, seated
from app.domain.seating.promises import promises
from app.domain.seating.seats import Seating, place

AT = dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
COHORTS = (1, 2, 3, None)


def kept(reserved: int = 0, **quotas: int) -> Kept:
    """Nobody has taken any of these yet. kept(c3=8): eight for cohort 3."""
    return Kept(Pool(reserved), {int(name[1:]): Pool(seats) for name, seats in quotas.items()})


def of(cohort: int | None, people: int = 1, *, reserved: bool = False) -> Party:
    return Party(people, cohort, reserved)


def test_where_nothing_is_kept_nobody_overtakes_a_party_that_does_not_fit() -> None:
    assert seated(3, NOTHING, [of(1)] * 4) == [0, 1, 2]
    assert seated(2, NOTHING, [of(1, 3), of(1), of(1)]) == []
    assert seated(4, NOTHING, [of(1, 3), of(1, 2), of(1)]) == [0]
    assert seated(0, NOTHING, [of(1)]) == []


def test_a_cohorts_people_take_from_what_is_kept_for_them_first_and_then_common_seats_like_everybody() -> (
    None
):
    assert seated(3, kept(c3=2), [of(3), of(3), of(3), of(3)]) == [0, 1, 2]
    assert seated(3, kept(c3=2), [of(3), of(1), of(3)]) == [0, 1, 2], (
        "the first of cohort 3 left the common seat"
    )


def test_a_seat_that_is_kept_passes_those_of_other_cohorts_who_wait_before() -> None:
    assert seated(2, kept(c3=2), [of(1), of(1), of(3), of(1), of(3), of(3)]) == [2, 4]


def test_a_party_that_does_not_fit_is_waited_for_in_its_own_pool_and_the_common_one_and_in_no_other() -> None:
    line = [of(3, 4), of(3), of(1), of(2), of(2)]

    assert seated(4, kept(c3=2, c2=1), line) == [3], "one common seat and two for cohort 3 wait for the four"


def test_a_reserved_seat_competes_with_nobody_and_is_one_seat() -> None:
    assert seated(1, kept(reserved=1), [of(1), of(2)]) == []
    assert seated(1, kept(reserved=1), [of(1), of(2, reserved=True)]) == [1]
    assert seated(2, kept(reserved=2), [of(2, 2, reserved=True)]) == [], (
        "the companion needs a seat that is no guest's"
    )
    assert seated(3, kept(reserved=2), [of(2, 2, reserved=True)]) == [0]


def test_of_too_few_free_seats_the_reserved_come_first_and_then_whoever_of_a_cohort_stands_first() -> None:
    assert seated(1, kept(reserved=1, c3=2), [of(3), of(1, reserved=True)]) == [1]
    assert seated(1, kept(c3=2, c2=2), [of(1), of(2), of(3)]) == [1]


def test_a_newcomer_takes_what_is_kept_for_their_cohort_unless_one_of_it_waits_already() -> None:
    somebody_waits = Seating(5, 3, 1, kept=kept(c3=2))
    one_of_theirs = Seating(5, 3, 1, kept=Kept(Pool(), {3: Pool(2, 0, waiting=1)}))

    assert place(somebody_waits, of(3)) is Status.CONFIRMED
    assert place(somebody_waits, of(1)) is Status.WAITLISTED
    assert place(one_of_theirs, of(3)) is Status.WAITLISTED
    assert place(Seating(5, 2, 0, kept=kept(c3=2)), of(1)) is Status.CONFIRMED
    assert place(Seating(5, 3, 0, kept=kept(c3=2)), of(1)) is Status.WAITLISTED


def test_quotas_end_at_their_date_and_do_not_hold_where_seats_are_drawn_but_reserved_seats_stay() -> None:
    def at(when: dt.datetime, mode: Mode = Mode.FIRST_COME) -> tuple[int, dict[int, int]]:
        found = promises(2, {"3": 8}, AT, mode=mode, at=when)
        return found.reserved, dict(found.quotas)

    assert at(AT - HOUR) == (2, {3: 8})
    assert at(AT) == (2, {})
    assert at(AT - HOUR, Mode.DRAW) == (2, {})


POOLS = st.builds(
    Kept,
    st.builds(Pool, st.integers(0, 4), st.integers(0, 4)),
    st.dictionaries(st.sampled_from((1, 2, 3)), st.builds(Pool, st.integers(0, 4), st.integers(0, 4))),
)
LINES = st.lists(st.builds(Party, st.integers(1, 3), st.sampled_from(COHORTS), st.booleans()), max_size=8)
FREE = st.integers(0, 12)


def people(line: Sequence[Party], chosen: Sequence[int]) -> int:
    return sum(line[index].people for index in chosen)


@given(FREE, POOLS, LINES)
def test_never_more_people_get_seats_than_are_free_and_none_of_those_that_are_others(
    free: int, pools: Kept, line: list[Party]
) -> None:
    chosen = seated(free, pools, line)

    assert people(line, chosen) <= free
    for cohort in COHORTS:
        theirs = [index for index in chosen if line[index].cohort == cohort and not line[index].reserved]
        own = pools.cohorts.get(cohort or 0, Pool()).unused
        common = max(0, free - pools.unused)
        assert people(line, theirs) <= own + common


@given(FREE, POOLS, LINES)
def test_nobody_of_the_same_cohort_overtakes_and_whoever_passes_another_sits_on_a_kept_seat(
    free: int, pools: Kept, line: list[Party]
) -> None:
    chosen = seated(free, pools, line)

    passed = [index for index in range(len(line)) if index not in chosen]
    for later in chosen:
        for before in (index for index in passed if index < later):
            if not (line[later].reserved and pools.reserved.unused):
                assert line[later].cohort != line[before].cohort
                assert line[later].cohort in pools.cohorts, "a common seat passed somebody who waits"


@given(FREE, POOLS, LINES)
def test_whoever_could_have_a_seat_when_all_is_done_stands_behind_one_who_is_waited_for(
    free: int, pools: Kept, line: list[Party]
) -> None:
    """Nothing is left over for the first who waits; the kept seats shrink by those who took them."""
    chosen = seated(free, pools, line)
    waiting = [party for index, party in enumerate(line) if index not in chosen]
    if not waiting:
        return
    taken = {key: Pool(pool.seats, pool.taken) for key, pool in pools.cohorts.items()}
    reserved = pools.reserved
    for index in chosen:
        party, own = line[index], line[index].people
        if party.reserved and reserved.unused:
            reserved, own = Pool(reserved.seats, reserved.taken + 1), own - 1
        if party.cohort in taken:
            pool = taken[party.cohort]
            taken[party.cohort] = Pool(pool.seats, pool.taken + own)
    after = Kept(reserved, taken)
    assert seated(free - people(line, chosen), after, waiting[:1]) == []


@given(FREE, LINES)
def test_where_nothing_is_kept_it_is_the_beginning_of_the_line(free: int, line: list[Party]) -> None:
    assert seated(free, NOTHING, line) == list(range(len(seated(free, NOTHING, line))))
