"""Several organizers give the last seats to different people at the same moment: never a seat too many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from app.db import db, end_reading
from app.domain.errors import DomainError
from app.services.seating import seat_counts, waitlist
from tests.services.test_bulk_seats import waiting

ORGANIZERS, EACH, FREE = 6, 3, 7


def test_the_last_seats_given_by_many_at_once_go_to_whole_choices_alone(app: Flask) -> None:
    meetup, line = waiting(ORGANIZERS * EACH, seats=1, more=FREE)
    meetup_id, ids = meetup.id, [each.id for each in line]
    end_reading()

    def give(which: int) -> int:
        with app.app_context():
            try:
                return waitlist.confirm_all(
                    meetup_id, ids[which * EACH : (which + 1) * EACH], "", "account:7"
                )
            except DomainError as refusal:
                return 0 if refusal.code == "seats_changed" else -1

    with ThreadPoolExecutor(ORGANIZERS) as pool:
        given = list(pool.map(give, range(ORGANIZERS)))

    assert sorted(given) == [0] * (ORGANIZERS - FREE // EACH) + [EACH] * (FREE // EACH)
    end_reading()
    assert seat_counts.seating_of(db.session(), meetup).held == 1 + sum(given)
