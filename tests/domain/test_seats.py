from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.registering.registrations import Status
from app.domain.seating.pools import Party
from app.domain.seating.seats import Seating, place, promotions

ONE = Party()

SEATINGS = st.builds(Seating, *[st.integers(0, 50)] * 3)


def test_the_last_seat_is_given_and_then_people_wait():
    assert place(Seating(capacity=2, held=1, waiting=0), ONE) is Status.CONFIRMED
    assert place(Seating(capacity=2, held=2, waiting=0), ONE) is Status.WAITLISTED


def test_a_newcomer_never_overtakes_those_who_wait():
    assert place(Seating(capacity=2, held=1, waiting=1), ONE) is Status.WAITLISTED


def test_over_capacity_nobody_is_promoted_and_it_says_by_how_many():
    seating = Seating(capacity=2, held=5, waiting=3)

    assert (promotions(seating), seating.free, seating.over_by) == (0, 0, 3)


@given(SEATINGS)
def test_nobody_is_ever_seated_past_the_capacity(seating: Seating):
    moved = promotions(seating)

    assert 0 <= moved <= seating.waiting
    assert seating.held + moved <= max(seating.capacity, seating.held)
    if place(seating, ONE) is Status.CONFIRMED:
        assert seating.held + seating.waiting + 1 <= seating.capacity


@given(SEATINGS)
def test_after_the_promotions_either_no_seat_is_free_or_nobody_waits(seating: Seating):
    moved = promotions(seating)
    after = Seating(seating.capacity, seating.held + moved, seating.waiting - moved)

    assert after.free == 0 or after.waiting == 0
    assert promotions(after) == 0
