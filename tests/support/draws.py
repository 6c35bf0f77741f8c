"""Meetups that hold a draw: opened, entered, and lived through until it is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.seating.draw import Share
from app.domain.seating.draw_rules import DrawRules
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_rules import SeatRules
from app.models import Cohort, Draw, Meetup, Registration
from app.services.running import schedule
from app.services.seating import draw_entries, draw_holding, seat_rules
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program
from tests.support.offers import HOUR, later
from tests.support.registering import register

ORGANIZER = "account:7"
VALUE = "2,645.27"
DEADLINE, KNOWN = 24 * HOUR, 30 * HOUR  # from now


def draw_rules(shares: Mapping[int, Share] | None = None, **changes: Any) -> DrawRules:
    at = now().replace(second=0, microsecond=0)
    values = {"deadline": at + DEADLINE, "known": at + KNOWN, "value": "코스피 종가", "shares": shares or {}}
    return DrawRules(**(values | changes))


def seats_by(mode: Mode, draw: DrawRules | None = None, freed: FreedSeats = FreedSeats.CONFIRM) -> SeatRules:
    return SeatRules(mode=mode, freed_seats=freed, offer_hours=24, last_call_hours=None, draw=draw)


def by_draw(draw: DrawRules | None = None, freed: FreedSeats = FreedSeats.CONFIRM) -> SeatRules:
    return seats_by(Mode.DRAW, draw or draw_rules(), freed)


def drawing(people: int = 0, *, seats: int = 2, **meetup: Any) -> tuple[Meetup, list[Registration]]:
    """A meetup whose draw is open, and so many people of one cohort who entered."""
    cohort = make_cohort()
    made = make_meetup(cohorts=[cohort], capacity=seats, **meetup)
    seat_rules.save(made.id, by_draw(), ORGANIZER)
    end_reading()
    return made, [register(made, make_alumnus(cohort)) for _ in range(people)]


def of_cohorts(sizes: Mapping[int, int], *, seats: int, minimum: int = 0) -> Meetup:
    """A meetup whose draw is open, and as many people of each cohort as `sizes` says by its ordinal."""
    program = make_program()
    cohorts = [make_cohort(program, ordinal) for ordinal in sizes]
    made = make_meetup(cohorts=cohorts, capacity=seats)
    seat_rules.save(
        made.id, by_draw(draw_rules({cohort.id: Share(minimum=minimum) for cohort in cohorts})), ORGANIZER
    )
    for cohort in cohorts:
        _enter(made, cohort, sizes[cohort.ordinal])
    return made


def _enter(meetup: Meetup, cohort: Cohort, people: int) -> None:
    for _ in range(people):
        register(meetup, make_alumnus(cohort))


def draw_of(meetup: Meetup) -> Draw:
    end_reading()
    found = draw_entries.current(db.session(), meetup.id)
    assert found
    db.session.refresh(found)
    return found


def pass_deadline() -> None:
    """The workers do what is due by now."""
    while schedule.run_due():
        pass


def time_is_up(meetup: Meetup) -> None:
    """Let the deadline have passed hours ago, and the value be known: for servers, whose clock nobody turns."""
    at = now().replace(second=0, microsecond=0)
    with transaction() as session:
        draw = draw_entries.current(session, meetup.id)
        assert draw
        draw.deadline, draw.known_at = at - 5 * HOUR, at - HOUR
        session.get_one(Meetup, meetup.id).draw_until = draw.deadline
    end_reading()


def hold(meetup: Meetup, value: str = VALUE, actor: str = ORGANIZER) -> Draw:
    return draw_holding.hold(meetup.id, draw_of(meetup).id, value, actor)


def hold_in_time(meetup: Meetup, between: Callable[[], object] = lambda: None) -> Draw:
    """The deadline passes, whatever is `between` happens, the value becomes known, and the draw is held."""
    with later(DEADLINE + HOUR):
        pass_deadline()
        between()
    with later(KNOWN + HOUR):
        return hold(meetup)


def pseudonym(registration: Registration) -> str:
    end_reading()
    entry = draw_entries.of_registration(registration.id)
    assert entry
    return entry.pseudonym
