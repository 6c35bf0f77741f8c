"""Seats of absent people at the door, by the phone's contract and at the desk."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.models import CheckIn, DeviceRole, Meetup, Registration, RegistrationEvent, Status, Ticket
from app.services.door import door_conflicts
from app.services.registering import registrations
from app.services.seating import seat_counts
from tests.factories import code_of, make_meetup, make_member, make_program, make_registration, sign_in
from tests.support.client import submit
from tests.support.door import Phone, scan
from tests.support.offline import SealedList

LATE = dt.timedelta(minutes=25)


def meetup_with(capacity: int, **fields: Any) -> Meetup:
    start = now() + dt.timedelta(hours=1)
    times = {"starts_at": start, "ends_at": start + dt.timedelta(hours=3), "door_releases_after": 20}
    return make_meetup(capacity=capacity, **(times | fields))


@contextlib.contextmanager
def late(meetup: Meetup) -> Iterator[None]:
    with time_machine.travel(meetup.starts_at + LATE, tick=False):
        yield


def wish(registration: Registration, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "registration": registration.reference} | fields


def states(*rows: Registration) -> list[tuple[Status, bool]]:
    end_reading()
    found = [db.session.get_one(Registration, row.id, populate_existing=True) for row in rows]
    return [(row.status, row.admitted_at is not None) for row in found]


def held(meetup: Meetup) -> int:
    end_reading()
    return seat_counts.seating_of(db.session(), db.session.get_one(Meetup, meetup.id)).held


def test_somebody_waiting_who_is_there_gets_the_seat_of_somebody_who_is_not(app: Flask):
    meetup = meetup_with(2)
    first, second = make_registration(meetup), make_registration(meetup)
    waiting = make_registration(meetup, status=Status.WAITLISTED)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)

    with late(meetup):
        shown = phone.scan(registration=waiting.reference, method="list")
        made = wish(waiting)
        done, again = phone.post("release", made), phone.post("release", made)

    assert shown["chance"] == {"place": 1, "left": 2, "had_seat": False}
    assert done.json is not None
    assert again.json is not None
    assert (done.status_code, done.json["verdict"], done.json["over_by"]) == (200, "ok", 0)
    assert (again.json["replayed"], again.json["verdict"]) == (True, "ok")
    assert states(first, second, waiting) == [
        (Status.CONFIRMED, False),
        (Status.WAITLISTED, False),
        (Status.CONFIRMED, True),
    ]
    assert held(meetup) == 2
    events = db.session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.registration_id.in_([second.id, waiting.id]))
    )
    told = {(each.before, each.after, each.reason) for each in events}
    assert told == {
        (Status.CONFIRMED, Status.WAITLISTED, "released at the door"),
        (Status.WAITLISTED, Status.CONFIRMED, "seat of an absent guest"),
    }


def test_before_the_time_without_the_setting_and_from_a_scanning_phone_nothing_is_released(app: Flask):
    meetup, never = meetup_with(1), meetup_with(1, door_releases_after=None)
    waiting = [make_registration(each, status=Status.WAITLISTED) for each in (meetup, never)]
    make_registration(meetup)

    early = Phone(app, meetup, DeviceRole.SUPERVISE).post("release", wish(waiting[0]))
    with late(meetup):
        unset = Phone(app, never, DeviceRole.SUPERVISE).post("release", wish(waiting[1]))
        scanning = Phone(app, meetup).post("release", wish(waiting[0]))
        shown = Phone(app, meetup).scan(registration=waiting[0].reference, method="list")

    assert [(each.status_code, each.json["error"]) for each in (early, unset, scanning) if each.json] == [
        (409, "no_release_yet"),
        (409, "no_release_yet"),
        (403, "not_allowed"),
    ]
    assert "chance" not in shown
    assert states(*waiting) == [(Status.WAITLISTED, False)] * 2


def test_seats_of_those_who_came_are_never_given_away(app: Flask):
    meetup = meetup_with(1)
    inside, waiting = make_registration(meetup), make_registration(meetup, status=Status.WAITLISTED)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    phone.scan(code=code_of(inside))

    with late(meetup):
        refused = phone.post("release", wish(waiting, over=True))

    assert refused.json is not None
    assert (refused.status_code, refused.json["error"]) == (409, "no_seat_released")
    assert states(inside, waiting) == [(Status.CONFIRMED, True), (Status.WAITLISTED, False)]


def test_whoever_comes_late_is_first_for_the_next_seat_and_then_gets_in_over_the_seats(app: Flask):
    meetup = meetup_with(2)
    first, second = make_registration(meetup), make_registration(meetup)
    waiting = make_registration(meetup, status=Status.WAITLISTED)
    phone, code = Phone(app, meetup, DeviceRole.SUPERVISE), code_of(second)

    with late(meetup):
        phone.post("release", wish(waiting))
        shown = phone.scan(code=code)
        next_seat = phone.post("release", wish(second))
        came_last = phone.scan(code=code_of(first))
        asked = phone.post("release", told := wish(first))
        over = phone.post("release", told | {"over": True})

    at = meetup.local(meetup.starts_at + LATE).strftime("%-I:%M %p").lower()
    told_late = f"Their seat was released at {at}, as they weren't there."
    assert (shown["verdict"], shown["reason"]) == ("waitlisted", told_late)
    assert shown["chance"] == {"place": 1, "left": 1, "had_seat": True}
    assert next_seat.json is not None
    assert (next_seat.json["verdict"], next_seat.json["over_by"]) == ("ok", 0)
    assert came_last["chance"] == {"place": 1, "left": 0, "had_seat": True}
    assert asked.json is not None
    assert (asked.status_code, asked.json["error"]) == (409, "no_seat_to_release")
    assert over.json is not None
    assert (over.json["verdict"], over.json["over_by"]) == ("ok", 1)
    assert states(first, second, waiting) == [(Status.CONFIRMED, True)] * 3
    end_reading()
    tickets = db.session.scalars(select(Ticket).where(Ticket.revoked_at.is_(None))).all()
    assert len(tickets) == 3


def test_an_offline_entry_from_before_the_release_is_admitted_when_it_arrives(app: Flask):
    meetup = meetup_with(1)
    absent, waiting = make_registration(meetup), make_registration(meetup, status=Status.WAITLISTED)
    phone, offline = Phone(app, meetup, DeviceRole.SUPERVISE), Phone(app, meetup)
    entry = scan(code=code_of(absent), scanned_at=(meetup.starts_at + dt.timedelta(minutes=5)).isoformat())

    with late(meetup):
        phone.post("release", wish(waiting))
        (outcome,) = offline.send(entry)

    assert outcome["verdict"] == "ok"
    assert states(absent, waiting) == [(Status.WAITLISTED, True), (Status.CONFIRMED, True)]
    (conflict,) = door_conflicts.of(meetup.id)
    assert (conflict.kind, conflict.void_by, conflict.void_since) == (
        "cancelled",
        "released",
        meetup.starts_at + LATE,
    )


def test_whose_seat_was_released_is_told_so_by_ticket_by_name_again_and_on_phones_without_a_network(
    app: Flask,
):
    meetup = meetup_with(1, door_lists_people=True)
    absent, waiting, other = (
        make_registration(meetup),
        *(make_registration(meetup, status=Status.WAITLISTED) for _ in "ab"),
    )
    phone, scanning = Phone(app, meetup, DeviceRole.SUPERVISE), Phone(app, meetup)
    before = scan(code=code_of(absent), scanned_at=meetup.starts_at.isoformat(), let_in=0)

    with late(meetup):
        phone.post("release", wish(waiting))
        made = scan(code=code_of(absent))
        told = [*scanning.send(made), *scanning.send(made)]
        told.append(scanning.scan(registration=absent.reference, method="list"))
        never = scanning.scan(registration=other.reference, method="list")
        sealed = SealedList(scanning)
        sealed.refresh()
        record, waits = sealed.record(code_of(absent)), sealed.record(code_of(waiting))
        answer = scanning.get("people-list").json
        earlier = scanning.send(before)[0]["verdict"]

    assert answer is not None
    assert {each["verdict"] for each in told} == {"waitlisted"}
    assert all(each["reason"].startswith("Their seat was released at ") for each in told)
    assert all(each["advice"].startswith("Call a supervisor, who may let them in") for each in told)
    assert never["reason"] == "Still on the waitlist."
    assert record is not None
    assert waits is not None
    at = (meetup.starts_at + LATE).isoformat()
    assert (record.state, record.released, waits.released) == ("waitlisted", at, None)
    lines = {each["r"]: each for bucket in answer["people"].values() for each in bucket}
    assert [lines[each.reference].get("v") for each in (absent, waiting, other)] == [at, None, None]
    assert earlier == "ok"


def test_the_ticket_of_a_released_seat_still_opens_and_a_freed_seat_goes_back_to_them_without_a_second_one(
    app: Flask, client: FlaskClient
):
    meetup = meetup_with(1)
    absent, waiting = make_registration(meetup), make_registration(meetup, status=Status.WAITLISTED)
    with late(meetup):
        Phone(app, meetup, DeviceRole.SUPERVISE).post("release", wish(waiting))
        page = client.get(f"/T/{code_of(absent)}")
        phone = Phone(app, meetup, DeviceRole.SUPERVISE)
        end_reading()
        entry = db.session.get_one(Registration, waiting.id).admitted_by_id
        assert entry is not None
        scan_id = wish_of(entry)
        phone.post("undo", {"id": str(uuid.uuid4()), "undoes": scan_id, "reason": "left at once"})
        registrations.decline(waiting.id, "account:1")

    assert page.status_code == 200
    assert "Come anyway" in page.text
    assert states(absent) == [(Status.CONFIRMED, False)]
    assert len(db.session.scalars(select(Ticket).where(Ticket.registration_id == absent.id)).all()) == 1


def wish_of(check_in_id: int) -> str:
    return db.session.get_one(CheckIn, check_in_id).scan_id


@pytest.mark.parametrize("seats", [1, 3])
def test_supervisors_at_once_never_give_more_seats_than_absent_people_hold(app: Flask, seats: int):
    meetup = meetup_with(seats)
    absent = [make_registration(meetup) for _ in range(seats)]
    waiting = [make_registration(meetup, status=Status.WAITLISTED) for _ in range(8)]
    phones = [Phone(app, meetup, DeviceRole.SUPERVISE) for _ in waiting]
    wishes, codes = [wish(each) for each in waiting], list[int]()

    def tap(phone: Phone, made: dict[str, Any]) -> None:
        codes.extend(phone.post("release", made).status_code for _ in range(2))

    threads = [threading.Thread(target=tap, args=pair) for pair in zip(phones, wishes, strict=True)]
    end_reading()
    with late(meetup):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    told = states(*absent, *waiting)
    assert sum(status is Status.CONFIRMED for status, _ in told) == seats
    assert sum(inside for _, inside in told) == seats
    assert held(meetup) == seats
    assert (codes.count(200), codes.count(409)) == (2 * seats, 2 * (8 - seats))


def test_an_organizer_lets_somebody_in_at_the_desk_and_sets_the_minutes(client: FlaskClient):
    program = make_program()
    start = now() - dt.timedelta(minutes=30)
    meetup = make_meetup(program, capacity=1, starts_at=start, ends_at=start + dt.timedelta(hours=3))
    absent, waiting = make_registration(meetup), make_registration(meetup, status=Status.WAITLISTED)
    sign_in(client, make_member(program))
    desk = f"/desk/{program.slug}/meetups/{meetup.slug}"
    page = f"{desk}/attendees/{waiting.reference}"
    assert "seat of an absent guest" not in client.get(page).text

    wrong = submit(client, f"{desk}/door", {"releases_after": "soon"}, action=f"{desk}/door/settings")
    saved = submit(client, f"{desk}/door", {"releases_after": "20"}, action=f"{desk}/door/settings")
    done = submit(client, page, {"next": page}, action=f"{desk}/releases")

    assert (wrong.status_code, saved.status_code, done.status_code) == (422, 303, 303)
    assert states(absent, waiting) == [(Status.WAITLISTED, False), (Status.CONFIRMED, True)]
    assert 'value="20"' in client.get(f"{desk}/door").text
