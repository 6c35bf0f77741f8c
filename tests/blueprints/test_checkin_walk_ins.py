"""Walk-ins by the phone's contract and at the desk."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.models import Account, CheckIn, DeviceRole, Meetup, Program, Registration, RegistrationEvent, Status
from app.services.door import checkin_undo
from app.services.registering import tickets
from tests.factories import make_cohort, make_meetup, make_member, make_program, make_registration, sign_in
from tests.support.client import Browser, submit
from tests.support.counting import statements
from tests.support.door import Phone, scan


@pytest.fixture
def program(app: Flask) -> Program:
    program = make_program()
    make_cohort(program, 3)
    return program


def told(**fields: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "name": "김하늘", "cohort": "3"} | fields


def people() -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def test_a_supervisor_lets_somebody_in_and_the_counts_know(app: Flask, program: Program):
    phone = Phone(app, make_meetup(program), DeviceRole.SUPERVISE, gate="정문")

    answer = phone.post("walk-in", told())

    assert answer.status_code == 200
    body = answer.json
    assert body is not None
    assert (body["verdict"], body["person"]["name"], body["person"]["cohort"]) == ("ok", "김하늘", "Cohort 3")
    assert (body["person"]["note"], body["over_by"]) == ("Walk-in, not verified.", 0)
    assert (body["counts"]["in"], body["counts"]["expected"]) == (1, 1)
    end_reading()
    entry = db.session.scalars(select(CheckIn)).one()
    assert (entry.gate, entry.method, entry.device_id) == ("정문", "walk_in", phone.device.id)


def test_the_phone_is_told_that_the_seats_are_taken_and_by_how_many_it_is_over(app: Flask, program: Program):
    meetup = make_meetup(program, capacity=1)
    make_registration(meetup)
    phone, person = Phone(app, meetup, DeviceRole.SUPERVISE), told()

    asked = phone.post("walk-in", person)
    done = phone.post("walk-in", person | {"over": True})
    again = phone.post("walk-in", person)

    assert asked.json is not None
    assert (asked.status_code, asked.json["error"]) == (409, "walk_in_over")
    assert "over by 1" in asked.json["reason"]
    assert done.json is not None
    assert (done.json["over_by"], done.json["person"]["note"]) == (
        1,
        "Walk-in, not verified. 1 more person than seats.",
    )
    assert again.json is not None
    assert (again.status_code, again.json["replayed"], again.json["over_by"]) == (200, True, 1)
    assert people() == 2


def test_a_scanning_phone_lets_nobody_walk_in(app: Flask, program: Program):
    answer = Phone(app, make_meetup(program)).post("walk-in", told())

    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]) == (403, "not_allowed")
    assert people() == 0


def test_an_undone_walk_in_gives_the_seat_to_whoever_waits_and_comes_again_as_a_new_one(
    app: Flask, program: Program
):
    meetup = make_meetup(program, capacity=1)
    phone, person = Phone(app, meetup, DeviceRole.SUPERVISE), told()
    first = phone.post("walk-in", person).json
    waiting = make_registration(meetup, status=Status.WAITLISTED)
    assert first is not None
    undo = {"id": str(uuid.uuid4()), "undoes": person["id"], "reason": "wrong person"}

    answers = [phone.post("undo", undo).json for _ in range(2)]
    shown = phone.scan(registration=first["person"]["reference"], method="list")
    again = phone.post("walk-in", told(over=True)).json

    assert again is not None
    sentence = "The walk-in was undone, and the seat is free again. If they come after all, let them in as a new walk-in."
    assert [each and (each["verdict"], each["reason"]) for each in answers] == [("undone", sentence)] * 2
    assert (shown["verdict"], again["verdict"], again["over_by"]) == ("canceled", "ok", 1)
    assert again["person"]["reference"] != first["person"]["reference"]
    assert (again["counts"]["in"], again["counts"]["expected"]) == (1, 2)
    end_reading()
    gone = db.session.scalars(
        select(Registration).where(Registration.reference == first["person"]["reference"])
    ).one()
    assert db.session.get_one(Registration, waiting.id, populate_existing=True).status is Status.CONFIRMED
    events = select(RegistrationEvent).where(RegistrationEvent.registration_id == gone.id)
    last = max(db.session.scalars(events), key=lambda event: event.id)
    assert (last.before, last.after, last.reason) == ("confirmed", "cancelled", "walk-in undone")
    assert tickets.current(gone.id) is None


def test_a_late_second_try_of_a_walk_in_that_was_undone_meanwhile_is_told_so_and_is_no_green(
    app: Flask, program: Program
):
    phone, person = Phone(app, make_meetup(program), DeviceRole.SUPERVISE), told()
    phone.post("walk-in", person)
    phone.post("undo", {"id": str(uuid.uuid4()), "undoes": person["id"], "reason": "wrong name"})

    late = phone.post("walk-in", person)
    anew = phone.post("walk-in", person | {"id": str(uuid.uuid4())}).json

    assert late.json is not None
    assert (late.status_code, late.json["error"]) == (409, "walk_in_undone")
    assert "register them once more" in late.json["reason"]
    assert anew is not None
    assert (anew["verdict"], anew["counts"]["in"]) == ("ok", 1)


def test_a_walk_in_who_has_left_since_is_still_the_answer_to_a_second_try(app: Flask, program: Program):
    phone, person = Phone(app, make_meetup(program, door_tracks_exits=True), DeviceRole.SUPERVISE), told()
    first = phone.post("walk-in", person).json
    assert first is not None
    phone.scan(registration=first["person"]["reference"], method="list", kind="exit")

    again = phone.post("walk-in", person).json

    assert again is not None
    assert (again["verdict"], again["replayed"]) == ("ok", True)


def test_a_walk_in_who_left_and_came_back_keeps_the_seat_when_the_way_back_is_undone(
    app: Flask, program: Program
):
    meetup = make_meetup(program, door_tracks_exits=True)
    phone, person = Phone(app, meetup, DeviceRole.SUPERVISE), told()
    first = phone.post("walk-in", person).json
    assert first is not None
    here = {"registration": first["person"]["reference"], "method": "list"}
    assert phone.scan(**here, kind="exit")["verdict"] == "left"
    back = scan(**here)
    assert phone.send(back)[0]["verdict"] == "ok"

    undone = phone.post("undo", {"id": str(uuid.uuid4()), "undoes": back["id"], "reason": "not them"}).json

    assert undone is not None
    assert undone["reason"] == "The check-in was undone. The ticket may enter again."
    assert phone.scan(**here)["verdict"] == "ok"


def test_a_walk_in_costs_as_many_statements_in_a_full_hall_as_in_an_empty_one(app: Flask, program: Program):
    meetup = make_meetup(program, capacity=100)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)

    def cost() -> int:
        with statements() as seen:
            assert phone.post("walk-in", told()).status_code == 200
        return len(seen)

    cost()
    few = cost()
    for _ in range(20):
        make_registration(meetup)
    assert cost() == few


@pytest.fixture
def organizer(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program))
    return client


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, capacity=1)


def test_the_desk_registers_once_however_often_its_button_is_pressed(
    organizer: Browser, program: Program, meetup: Meetup
):
    here = f"/desk/{program.slug}/meetups/{meetup.slug}"
    key = str(uuid.uuid4())
    pressed = {"id": key, "name": "김하늘", "cohort": "3"}

    for _ in range(2):
        answer = submit(organizer, f"{here}/door", pressed, action=f"{here}/walk-ins", follow_redirects=True)
        assert "김하늘 is checked in." in answer.text

    assert people() == 1


def test_the_desk_registers_anew_after_the_form_of_an_undone_walk_in_was_sent_again(
    organizer: Browser, program: Program, meetup: Meetup
):
    here = f"/desk/{program.slug}/meetups/{meetup.slug}"
    pressed = {"id": str(uuid.uuid4()), "name": "김하늘", "cohort": "3"}
    submit(organizer, f"{here}/door", pressed, action=f"{here}/walk-ins")
    end_reading()
    reference = db.session.scalars(select(Registration.reference)).one()
    account = db.session.scalars(select(Account.id)).one()
    checkin_undo.undo_at_desk(meetup.id, account, reference, "wrong name", str(uuid.uuid4()))

    again = submit(organizer, f"{here}/door", pressed, action=f"{here}/walk-ins")

    assert again.status_code == 422
    assert "that was undone" in again.text
    assert pressed["id"] not in again.text


def test_the_desk_asks_before_it_goes_over_the_seats(organizer: Browser, program: Program, meetup: Meetup):
    here = f"/desk/{program.slug}/meetups/{meetup.slug}"
    make_registration(meetup)
    pressed = {"id": str(uuid.uuid4()), "name": "김하늘", "cohort": ""}

    asked = submit(organizer, f"{here}/door", pressed, action=f"{here}/walk-ins")
    done = submit(
        organizer, f"{here}/door", pressed | {"over": "yes"}, action=f"{here}/walk-ins", follow_redirects=True
    )

    assert asked.status_code == 422
    assert "Let in anyway" in asked.text
    assert pressed["id"] in asked.text
    assert "1 more person than seats." in done.text


@pytest.mark.parametrize("typed", [" ", "가" * 201, "김하나 900101-1234567"])
def test_the_desk_says_what_is_wrong_with_a_name_at_its_field(
    organizer: Browser, program: Program, meetup: Meetup, typed: str
):
    here = f"/desk/{program.slug}/meetups/{meetup.slug}"

    answer = submit(organizer, f"{here}/door", {"name": typed}, action=f"{here}/walk-ins")

    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert people() == 0
