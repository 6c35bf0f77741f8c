"""Table plans: nobody twice, nobody lost, no table over its size, as mixed as arithmetic allows."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.seating.tables import Party, Seating, parse_sizes, plan, written

SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=8)
# A slow machine is no fault of theirs.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.text("abcdef0123456789", min_size=1, max_size=6)


KINDS = [
    (size, group, mark) for size in (1, 1, 1, 2, 3) for group in (None, 1, 2) for mark in ("", "", "A", "B")
]


def crowds() -> st.SearchStrategy[list[Party]]:
    def known(kinds: list[tuple[int, int | None, str]]) -> list[Party]:
        return [Party(key, *kind) for key, kind in enumerate(kinds, start=1)]

    return st.lists(st.sampled_from(KINDS), max_size=40).map(known)


def loads(parties: list[Party], tables: dict[int, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for party in parties:
        if party.key in tables:
            found[tables[party.key]] += party.size
    return found


@patient
@given(crowds(), SIZES, st.sampled_from(Seating), SEEDS)
def test_nobody_sits_twice_nobody_is_lost_and_no_table_is_over_its_size(
    parties: list[Party], sizes: list[int], how: Seating, seed: str
):
    made = plan(parties, sizes, how, seed)

    assert sorted([*made.tables, *made.left]) == [party.key for party in parties]
    assert all(people <= sizes[table - 1] for table, people in loads(parties, made.tables).items())
    free = max(size - loads(parties, made.tables)[number] for number, size in enumerate(sizes, 1))
    assert all(party.size > free for party in parties if party.key in made.left)


@patient
@given(crowds(), SIZES, st.sampled_from(Seating), SEEDS)
def test_the_same_seed_gives_the_same_plan_in_whatever_order_people_come(
    parties: list[Party], sizes: list[int], how: Seating, seed: str
):
    assert plan(parties, sizes, how, seed) == plan(reversed(parties), sizes, how, seed)


@patient
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(1, 8), SEEDS)
def test_cohorts_are_mixed_as_evenly_as_arithmetic_allows(cohorts: list[int], tables: int, seed: str):
    parties = [Party(100 * group + n, 1, group) for group, most in enumerate(cohorts) for n in range(most)]
    size = max(1, math.ceil(len(parties) / tables))

    made = plan(parties, [size] * tables, Seating.MIX, seed)

    assert made.left == ()
    at = Counter((made.tables[party.key], party.group) for party in parties)
    for group, most in enumerate(cohorts):
        spread = {at[table, group] for table in range(1, tables + 1)}
        assert spread <= {most // tables, math.ceil(most / tables)}
    people = [loads(parties, made.tables)[table] for table in range(1, tables + 1)]
    assert max(people) - min(people) <= 1


@patient
@given(crowds(), crowds(), SIZES, st.sampled_from(Seating), SEEDS)
def test_whoever_comes_late_moves_nobody(
    early: list[Party], late: list[Party], sizes: list[int], how: Seating, seed: str
):
    first = plan(early, sizes, how, seed)
    newcomers = [Party(party.key + 1000, party.size, party.group, party.beside) for party in late]

    then = plan([*early, *newcomers], sizes, how, seed, seated=first.tables)

    assert {key: then.tables[key] for key in first.tables} == first.tables
    assert sorted([*then.tables, *then.left]) == sorted(party.key for party in [*early, *newcomers])


def test_a_cohort_sits_together_where_it_is_grouped():
    parties = [Party(10 * group + n, 1, group) for group in (1, 2, 3) for n in range(4)]

    made = plan(parties, [4, 4, 4], Seating.GROUP, "seed")

    assert all(len({made.tables[p.key] for p in parties if p.group == group}) == 1 for group in (1, 2, 3))


def test_those_who_want_to_sit_together_do_although_cohorts_are_mixed():
    parties = [Party(n, 1, 1, "A" if n in {3, 7} else "") for n in range(1, 9)]

    made = plan(parties, [4, 4], Seating.MIX, "seed")

    assert made.tables[3] == made.tables[7]


def test_somebody_who_comes_late_sits_beside_their_friend_who_is_there():
    made = plan([Party(1, 1, 1, "A"), Party(2, 1, 1, "A")], [4, 4], Seating.MIX, "x", seated={1: 2})

    assert made.tables == {1: 2, 2: 2}


def test_companions_sit_with_their_people_or_nobody_of_them_sits():
    made = plan([Party(1, 3), Party(2, 2)], [2, 2], Seating.RANDOM, "x")

    assert (list(made.tables), made.left) == ([2], (1,))


@pytest.mark.parametrize(
    ("text", "sizes"), [("3x6", (6, 6, 6)), ("2×8, 10", (8, 8, 10)), ("4;5\n2*1", (4, 5, 1, 1))]
)
def test_sizes_are_read_as_people_write_them(text: str, sizes: tuple[int, ...]):
    assert parse_sizes(text) == sizes
    assert parse_sizes(written(sizes)) == sizes


@pytest.mark.parametrize("text", ["", "six", "3x0", "0x6", "6x201", "-4", "3x"])
def test_what_is_no_table_is_refused(text: str):
    with pytest.raises(DomainError, match="tables_unreadable"):
        parse_sizes(text)


def test_more_tables_than_a_hall_has_are_refused():
    with pytest.raises(DomainError, match="too_many_tables"):
        parse_sizes("9999x2")
