"""In which order things happen by themselves, and when again."""

from __future__ import annotations

import datetime as dt
import itertools

from app.domain.schedule import Act, Due, again_at, in_order, round_of

NOW = dt.datetime(2027, 7, 1, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_the_earliest_comes_first_and_of_one_instant_the_act_that_frees_seats() -> None:
    wanted = [
        Due(NOW, Act.OFFER_EXPIRY, 9),
        Due(NOW + MINUTE, Act.OFFER_EXPIRY, 1),
        Due(NOW + MINUTE, Act.OFFER_EXPIRY, 2),
        Due(NOW + MINUTE, Act.CLEAN_UP, 0),
    ]

    for shuffled in itertools.permutations(wanted):
        assert in_order(shuffled, 4) == wanted
        assert in_order(shuffled, 2) == wanted[:2]


def test_what_fails_again_and_again_is_tried_less_and_less_often_but_never_given_up() -> None:
    pauses = [again_at(NOW, tries) - NOW for tries in range(1, 9)]

    assert pauses == sorted(pauses)
    assert pauses[-1] == dt.timedelta(minutes=30)


def test_rounds_begin_at_the_same_instants_for_every_worker() -> None:
    ten = 10 * MINUTE

    assert round_of(NOW + 9 * MINUTE, ten) == NOW
    assert round_of(NOW + 10 * MINUTE, ten) == NOW + ten
