"""What must hold of the line, unless an organizer moved somebody in it."""

from __future__ import annotations

from app.domain.registering.registrations import Status
from app.domain.seating.line_order import is_behind
from app.models import Source
from app.services.elsewhere.reasons import BROUGHT_IN
from app.services.seating import promotion
from tests.support.seat_life.sight import Sight


def the_line_is_in_the_order_of_registering_no_shows_behind_where_that_is_the_rule(sight: Sight) -> None:
    """But for those who were drawn, or asked for a list check: here, or elsewhere at the time that the form says."""
    if not sight.meetup.puts_no_shows_behind:
        assert not any(is_behind(row.rank) for row in sight.line)
    if sight.moved_by_hand:
        return
    here = [row for row in sight.line if sight.events[row.id][0].after is not Status.PENDING]
    left = [row for row in here if row.id not in sight.entered and row.source is not Source.ELSEWHERE]
    assert left == sorted(left, key=lambda row: (is_behind(row.rank), row.id))
    if not any(draw.closed_at for draw in sight.draws):  # then whoever comes stands behind the drawn order
        assert here == sorted(here, key=lambda row: (is_behind(row.rank), row.created_at, row.id))


def nobody_overtook_the_line(sight: Sight) -> None:
    """Whoever got a seat without an organizer's choice was before all who still wait with the ranks of now."""
    if sight.moved_by_hand or not sight.fresh:
        return
    newest = max(sight.fresh, key=lambda event: event.id)
    moved_up = [newest] if newest.actor == promotion.PROMOTION else []
    moved_up += [
        event for event in sight.fresh if event.reason == BROUGHT_IN and event.after is Status.CONFIRMED
    ]
    kept = sight.meetup.promises(sight.at).quotas
    for event in moved_up:
        promoted = sight.by_id[event.registration_id]
        if promoted.person_id in sight.guests:
            continue
        passed = [row for row in sight.line if row.rank < promoted.rank]
        assert not [
            row for row in passed if promoted.cohort_id not in kept or row.cohort_id == promoted.cohort_id
        ]


HOLDS = (
    the_line_is_in_the_order_of_registering_no_shows_behind_where_that_is_the_rule,
    nobody_overtook_the_line,
)
