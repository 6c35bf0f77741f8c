"""A supervisor lets in whom the phone did not know, by the phone's contract."""

from __future__ import annotations

import uuid
from itertools import permutations
from typing import Any

import pytest
from flask import Flask

from app.db import db, end_reading
from app.domain.registering.registrations import Status
from app.models import DeviceRole, Meetup, Registration
from app.services.organizing import attendee
from app.services.registering import tickets
from tests.contract import OVERRIDE_CASES
from tests.factories import code_of, make_meetup, make_registration, make_ticket
from tests.support.door import Phone, override_of, scan


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup()


def is_in(registration: Registration) -> bool:
    end_reading()
    held = db.session.get_one(Registration, registration.id, populate_existing=True)
    return held.admitted_at is not None and held.admitted_count == 1


def test_an_override_lets_in_whom_the_scan_refused_and_leaves_its_answer(app: Flask, meetup: Meetup):
    registration = make_registration(meetup, status=Status.WAITLISTED)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    made = scan(registration=registration.reference, method="list")
    override = override_of(made["id"])

    (refused,) = phone.send(made)
    assert not is_in(registration)
    (told,) = phone.send(override)
    (again,) = phone.send(override)
    (replayed,) = phone.send(made)

    assert (refused["verdict"], replayed["verdict"]) == ("waitlisted", "waitlisted")
    assert (told["verdict"], told["person"]["reference"]) == ("ok", registration.reference)
    assert (again["replayed"], again["verdict"]) == (True, "ok")
    assert is_in(registration)
    state = phone.get("state").json
    assert state is not None
    assert state["counts"]["in"] == 1
    acts = {moment.act: moment.reason for moment in attendee.history(registration.id)}
    assert acts["admitted_by_override"] == "known to the host"


def test_scan_and_override_of_one_batch_count_in_any_order(app: Flask, meetup: Meetup):
    for order in permutations((0, 1)):
        registration = make_registration(meetup, status=Status.CANCELLED)
        phone = Phone(app, meetup, DeviceRole.SUPERVISE)
        made = scan(registration=registration.reference, method="list")
        items = [made, override_of(made["id"])]

        outcomes = phone.send(*(items[place] for place in order))

        assert sorted(each["verdict"] for each in outcomes) == ["canceled", "ok"]
        assert is_in(registration)


def test_it_lets_in_once_and_can_be_taken_back(app: Flask, meetup: Meetup):
    registration = make_registration(meetup, status=Status.WAITLISTED)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    made = scan(registration=registration.reference, method="list")
    phone.send(made, override_of(made["id"]))

    second = phone.scan(registration=registration.reference, method="list")
    undone = phone.post("undo", {"id": str(uuid.uuid4()), "undoes": made["id"], "reason": "left again"})

    assert second["verdict"] == "waitlisted"
    assert undone.status_code == 200
    assert not is_in(registration)


def test_only_a_supervisors_phone_overrides_and_only_a_scan_with_a_reason(app: Flask, meetup: Meetup):
    registration = make_registration(meetup, status=Status.WAITLISTED)
    made = scan(registration=registration.reference, method="list")
    helper, supervisor = Phone(app, meetup), Phone(app, meetup, DeviceRole.SUPERVISE)
    first = override_of(made["id"])

    outcomes = helper.send(made, first)
    told = supervisor.send(
        override_of(str(uuid.uuid4())), override_of(made["id"], reason=" "), override_of("x"), override_of("")
    )

    assert outcomes[1]["error"] == "not_allowed"
    assert [each["error"] for each in told] == ["no_such_check_in", *["malformed"] * 3]
    assert not is_in(registration)


def test_whose_ticket_nobody_knows_is_recorded_and_counts_nowhere(app: Flask, meetup: Meetup):
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    made = scan(code="A" * 26)

    outcomes = phone.send(made, override_of(made["id"]))

    assert [each["verdict"] for each in outcomes] == ["invalid", "ok"]
    assert outcomes[1]["person"] is None


def test_an_override_of_a_good_ticket_changes_nothing(app: Flask, meetup: Meetup):
    registration = make_registration(meetup)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    made = scan(code=code_of(registration))

    phone.send(made, override_of(made["id"]))

    assert is_in(registration)
    assert phone.scan(code=code_of(registration))["verdict"] == "already_redeemed"


@pytest.mark.parametrize("case", OVERRIDE_CASES, ids=lambda case: case["name"])
def test_the_server_takes_an_override_by_the_contract(app: Flask, meetup: Meetup, case: dict[str, Any]):
    status = Status(case["status"] or "confirmed")
    registration = make_registration(meetup, status=status)
    good = make_ticket(registration, 2) if status is not Status.CONFIRMED else code_of(registration)
    code = "A" * 26 if case["status"] is None else good
    if case.get("revoked"):
        code = make_ticket(registration, 3, revoked=True)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    if case.get("already_in"):
        Phone(app, meetup).scan(code=good)
    made = scan(code=code)

    outcomes = phone.send(made, override_of(made["id"]))

    assert [each["verdict"] for each in outcomes] == [case["verdict"], "ok"]
    assert is_in(registration) == case["inside"]
    assert phone.scan(code=code)["verdict"] == case["again"]


def test_an_old_ticket_overridden_and_the_new_one_in_one_batch_hold_up_nothing(app: Flask) -> None:
    meetup = make_meetup()
    guest, phone = make_registration(meetup), Phone(app, meetup, DeviceRole.SUPERVISE)
    code = code_of(guest)
    tickets.reissue(guest.id, "account:1")
    old = scan(code=code)
    batch = [old, override_of(old["id"]), scan(code=code_of(guest))]

    told = [each["verdict"] for each in phone.send(*batch)]

    assert told == ["revoked", "ok", "already_redeemed"]
