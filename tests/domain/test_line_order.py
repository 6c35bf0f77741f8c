"""Where no-shows of the last meetup stand behind the others, the stored rank says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.seating.line_order import BEHIND, holds, is_behind, number_of, rank_of, reranked
from app.domain.seating.modes import Mode
from app.domain.seating.seats import moved

A, B, C, X, Y = 1, 2, 3, 24, 25
LINE = {A: 1, B: 2, C: 3, X: rank_of(4, behind=True), Y: rank_of(5, behind=True)}


def order(ranks: dict[int, int]) -> list[int]:
    return sorted(ranks, key=ranks.__getitem__)


@pytest.mark.parametrize("mode", Mode)
def test_the_rule_holds_where_it_is_set_and_nobody_draws(mode: Mode) -> None:
    assert holds(True, mode) == (mode is not Mode.DRAW)
    assert not holds(False, mode)


def test_who_stands_behind_comes_after_everybody_who_registers_later() -> None:
    assert rank_of(1, behind=True) > rank_of(999_999, behind=False)
    assert rank_of(1, behind=True) < rank_of(2, behind=True)
    assert number_of(rank_of(7, behind=True)) == number_of(7) == 7


@pytest.mark.parametrize(
    ("who", "place", "ahead"),
    [
        (B, 1, {A, B, C}),
        (X, 1, {A, B, C, X}),
        (X, 4, {A, B, C}),
        (Y, 4, {A, B, C}),
        (A, 5, {B, C}),
        (A, 4, {B, C}),
        (C, 3, {A, B, C}),
        (Y, 2, {A, B, C, Y}),
    ],
)
def test_who_is_moved_stands_where_they_were_put_and_only_they_change_sides(
    who: int, place: int, ahead: set[int]
) -> None:
    after = moved(list(LINE), who, place)

    ranks = reranked(LINE, after, who, fresh=6)

    assert order(ranks) == after
    assert {each for each, rank in ranks.items() if not is_behind(rank)} == ahead


@given(st.data())
def test_however_often_people_are_moved_the_order_is_the_wanted_one_and_no_number_comes_twice(
    data: st.DataObject,
) -> None:
    ranks, fresh = dict(LINE), 6
    for _ in range(data.draw(st.integers(1, 8))):
        who = data.draw(st.sampled_from(sorted(ranks)))
        after = moved(order(ranks), who, data.draw(st.integers(1, len(ranks))))
        before = {each: is_behind(rank) for each, rank in ranks.items()}

        ranks = reranked(ranks, after, who, fresh)

        assert order(ranks) == after
        assert all(is_behind(ranks[each]) == before[each] for each in ranks if each != who)
        assert len({number_of(rank) for rank in ranks.values()}) == len(ranks)
        fresh += 1
    assert all(0 < rank < BEHIND or rank > BEHIND for rank in ranks.values())
