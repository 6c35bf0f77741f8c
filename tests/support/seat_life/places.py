"""What must hold of seats and of who has one."""

from __future__ import annotations

from collections import Counter

from app.db import db
from app.domain.registering.registrations import Status
from app.domain.seating.draw_files import verify
from app.domain.seating.drawing import Drawing
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.services.seating import promotion, seat_counts
from tests.support.seat_life.sight import Sight


def everybody_who_is_named_has_a_seat_of_those_that_are_reserved(sight: Sight) -> None:
    assert len(sight.guests) <= sight.meetup.reserved_seats


def one_person_has_one_place(sight: Sight) -> None:
    places = Counter(row.person_id for row in sight.rows if row.id in sight.active)
    assert set(places.values()) <= {1}


def a_freed_seat_went_on(sight: Sight) -> None:
    meetup = sight.meetup
    too_late = meetup.freed_seats is FreedSeats.OFFER and promotion.deadline(meetup) is None
    if promotion.stopped(meetup, None) or too_late:
        return
    seen: set[int | None] = set()
    for party in seat_counts.parties_of(db.session(), meetup, sight.line) if sight.line else ():
        room = sight.seating.room
        room.common = 0 if seen else room.common
        if party.cohort in seen:
            room.quotas.clear()
        assert not room.take(party), "somebody for whom seats are free still waits"
        seen.add(party.cohort)


def who_is_confirmed_has_a_ticket_and_who_is_offered_a_deadline(sight: Sight) -> None:
    for row in sight.rows:
        assert sight.tickets[row.id] == (1 if row.status is Status.CONFIRMED else 0)
        assert (row.offered_until is not None) == (row.status is Status.OFFERED)


def no_offer_holds_longer_than_the_last_call(sight: Sight) -> None:
    """Also where the meetup moved."""
    for row in sight.rows:
        assert row.offered_until is None or row.offered_until <= promotion.offers_end(sight.meetup)


def a_draw_s_seats_are_promised_until_it_is_held_and_what_it_published_leads_to_its_result(
    sight: Sight,
) -> None:
    draw, meetup = sight.draw, sight.meetup
    pending = draw is not None and draw.held_at is None
    assert meetup.draw_seats == (draw.rules.seats if draw and pending else 0)
    assert (meetup.draw_until is not None) == pending
    if draw and draw.held_at:
        verify(draw.files)
    if meetup.drawing(sight.at) is not Drawing.ENTERING and meetup.mode is Mode.DRAW and not pending:
        assert not [row for row in sight.rows if row.status is Status.APPLIED], "the draw left somebody out"


HOLDS = (
    everybody_who_is_named_has_a_seat_of_those_that_are_reserved,
    one_person_has_one_place,
    a_freed_seat_went_on,
    who_is_confirmed_has_a_ticket_and_who_is_offered_a_deadline,
    no_offer_holds_longer_than_the_last_call,
    a_draw_s_seats_are_promised_until_it_is_held_and_what_it_published_leads_to_its_result,
)
