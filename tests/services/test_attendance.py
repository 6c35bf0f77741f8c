"""Who came and who did not, as the door's ledger has it at the time of asking."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from app.db import end_reading, transaction
from app.domain.attendance import Attendance
from app.domain.erasure import Asked
from app.models import DeviceRole, Meetup, MeetupState, Registration, Status
from app.services.alumni import attendance
from app.services.door.door_release import GAVE
from app.services.organizing import meetup_states, people_pages
from app.services.organizing.filters import Filter
from app.services.personal import erasure
from app.services.registering import registrations
from app.services.registering.registration_changes import change
from app.services.running import schedule
from tests.factories import code_of, make_alumnus, make_meetup
from tests.services.test_still_coming import DAY, asking
from tests.support.door import Phone, scan
from tests.support.offers import HOUR, fresh, later, offering
from tests.support.registering import all_go_out, register

pytestmark = pytest.mark.usefixtures("app")
AFTER = 14 * DAY + 4 * HOUR


def came(app: Flask, meetup: Meetup, *people: Registration) -> list[str]:
    """They come in at the door an hour after the start; the ids of their scans."""
    with later(14 * DAY + HOUR):
        scans = [scan(code=code_of(person)) for person in people]
        assert all(each["verdict"] == "ok" for each in Phone(app, meetup).send(*scans))
    return [each["id"] for each in scans]


def absent(meetup: Meetup) -> list[int]:
    end_reading()
    return [row.id for row in people_pages.page(meetup.id, Filter(no_show=True), size=50).rows]


def told(person: Registration) -> list[Attendance]:
    end_reading()
    return [line.attendance for line in attendance.history(person.person_id)]


def test_whoever_had_a_seat_and_did_not_come_in_is_a_no_show_once_the_meetup_is_over(app: Flask) -> None:
    meetup, people = offering(seats=3, waiting=1)
    came(app, meetup, people[0])

    with later(14 * DAY + 2 * HOUR):
        assert attendance.no_shows(fresh(people[0]).meetup) is None
        assert told(people[1]) == []
    with later(AFTER):
        assert attendance.no_shows(fresh(people[0]).meetup) == 2
        assert sorted(absent(meetup)) == [people[1].id, people[2].id]
        assert [told(person) for person in people] == [
            [Attendance.CAME],
            [Attendance.NO_SHOW],
            [Attendance.NO_SHOW],
            [],
        ]


def test_an_entry_that_arrives_late_and_a_check_in_that_is_undone_are_followed(app: Flask) -> None:
    meetup, people = offering(seats=2, waiting=0)
    (first,) = came(app, meetup, people[0])
    offline = Phone(app, meetup, DeviceRole.SUPERVISE)
    with later(14 * DAY + HOUR):
        unsent = scan(code=code_of(people[1]))
    with later(AFTER):
        assert absent(meetup) == [people[1].id]
        offline.send(unsent)
        assert absent(meetup) == []
        assert told(people[1]) == [Attendance.CAME]

        offline.post("undo", {"id": str(uuid.uuid4()), "undoes": first, "reason": "wrong person"})

        assert told(people[0]) == [Attendance.NO_SHOW]
        assert attendance.no_shows(fresh(people[0]).meetup) == 1


def test_erasing_somebody_changes_no_number_also_not_of_who_lost_the_seat_at_the_door(app: Flask) -> None:
    meetup, people = offering(seats=3, waiting=1)
    came(app, meetup, people[0])
    with later(14 * DAY + HOUR), transaction() as session:
        lost = session.get_one(Registration, people[1].id)
        change(session, [lost], Status.WAITLISTED, "device:1", GAVE)

    with later(AFTER):
        end_reading()
        assert attendance.no_shows(fresh(people[0]).meetup) == 2
        for gone in people:
            erasure.erase(gone.person_id, "person", Asked.LINK)
        end_reading()
        assert attendance.no_shows(fresh(people[0]).meetup) == 2
        assert sorted(absent(meetup)) == [people[1].id, people[2].id]


def test_where_the_door_was_not_used_or_the_meetup_called_off_nobody_is_a_no_show() -> None:
    _, unused = offering(seats=1, waiting=0)
    off, called_off = offering(seats=1, waiting=0, state=MeetupState.PUBLISHED)
    meetup_states.call_off(off.id, "폭설", "account:1")
    with later(AFTER):
        for people in (unused, called_off):
            assert attendance.no_shows(fresh(people[0]).meetup) is None
            assert told(people[0]) == []


def test_cancelled_in_time_late_and_released_are_told_apart(app: Flask) -> None:
    meetup, people = asking(seats=4, waiting=1, release=24)
    registrations.cancel(people[4].id)  # only waited
    registrations.cancel(people[0].id)
    with later(12 * DAY):
        schedule.run_due()
        all_go_out()
    with later(13 * DAY):
        schedule.run_due()
    late = register(meetup, make_alumnus(meetup.cohorts[0]))
    with later(14 * DAY - HOUR):
        registrations.cancel(late.id)

    with later(AFTER):
        assert told(people[0]) == [Attendance.CANCELLED]
        assert told(people[1]) == [Attendance.RELEASED]
        assert told(late) == [Attendance.CANCELLED_LATE]
        assert told(people[4]) == []


def test_the_history_has_every_meetup_of_the_programme_once_the_latest_first(app: Flask) -> None:
    first, people = offering(seats=2, waiting=0)
    cohort = first.cohorts[0]
    person = people[0].person
    came(app, first, people[0])
    second = make_meetup(
        cohorts=[cohort], starts_at=first.starts_at + 7 * DAY, ends_at=first.ends_at + 7 * DAY
    )
    cancelled = register(second, person)
    registrations.cancel(cancelled.id)
    again = register(second, person)
    with later(21 * DAY + HOUR):
        assert Phone(app, second).scan(code=code_of(again))["verdict"] == "ok"
    with later(30 * DAY):
        end_reading()
        lines = attendance.history(person.id)

    assert [(line.meetup.id, line.attendance) for line in lines] == [
        (second.id, Attendance.CAME),
        (first.id, Attendance.CAME),
    ]
    assert lines[0].registration.status is Status.CONFIRMED
