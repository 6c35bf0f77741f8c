"""Several people on one ticket, by the phone's contract."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.db import db, end_reading
from app.models import DeviceRole, Meetup, Registration
from app.services.organizing import attendee
from app.services.registering import companions
from tests.factories import code_of, make_meetup, make_registration
from tests.support.door import Phone, scan


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup()


def party_of(three: str, admits: int, **fields: Any) -> dict[str, Any]:
    told = {"id": str(uuid.uuid4()), "kind": "party", "of": three, "admits": admits}
    return told | {"scanned_at": now().isoformat()} | fields


def inside(registration: Registration) -> int:
    end_reading()
    return db.session.get_one(Registration, registration.id, populate_existing=True).admitted_count


def counted(phone: Phone) -> tuple[int, int]:
    phone.client.application.extensions.pop("door_counts", None)  # type: ignore[attr-defined]
    answer = phone.get("state").json
    assert answer is not None
    return answer["counts"]["in"], answer["counts"]["expected"]


def test_a_party_comes_in_together_and_then_its_ticket_is_used(app: Flask, meetup: Meetup):
    registration, phone = make_registration(meetup, companions=2), Phone(app, meetup)
    assert counted(phone) == (0, 3)

    first = phone.scan(code=code_of(registration))
    second = phone.scan(code=code_of(registration))

    assert (first["verdict"], first["party"]) == ("ok", {"size": 3, "in": 3, "by_this": 3})
    assert (second["verdict"], second["party"]) == ("already_redeemed", {"size": 3, "in": 3, "by_this": 0})
    assert second["first"]["device"] == phone.device.name
    assert inside(registration) == 3
    assert counted(phone) == (3, 3)


def test_one_by_one_the_next_scan_lets_in_the_rest_and_only_then_the_ticket_is_used(
    app: Flask, meetup: Meetup
):
    registration = make_registration(meetup, companions=2)
    gate, other = Phone(app, meetup), Phone(app, meetup)
    made = scan(code=code_of(registration))

    (first,) = gate.send(made)
    fix = party_of(made["id"], 1)
    (told,) = gate.send(fix)
    (again,) = gate.send(fix)
    counts = counted(gate)
    rest = other.scan(code=code_of(registration))
    late = gate.scan(registration=registration.reference, method="list")

    assert first["party"]["by_this"] == 3
    assert (told["verdict"], told["party"]) == ("ok", {"size": 3, "in": 1, "by_this": 1})
    assert (again["replayed"], again["verdict"]) == (True, "ok")
    assert counts == (1, 3)
    assert (rest["verdict"], rest["party"]) == ("ok", {"size": 3, "in": 3, "by_this": 2})
    assert late["verdict"] == "already_redeemed"
    assert inside(registration) == 3
    assert "party_corrected" in {moment.act for moment in attendee.history(registration.id)}


def test_the_newest_word_counts_whatever_comes_first(app: Flask, meetup: Meetup):
    registration = make_registration(meetup, companions=2)
    phone = Phone(app, meetup, created_at=now() - dt.timedelta(hours=1))
    made = scan(code=code_of(registration))
    newer = party_of(made["id"], 2)
    older = party_of(made["id"], 1, scanned_at=(now() - dt.timedelta(minutes=1)).isoformat())
    phone.send(made)

    outcomes = phone.send(newer) + phone.send(older)

    assert [each["verdict"] for each in outcomes] == ["ok", "ok"]
    assert inside(registration) == 2


def test_undoing_one_scan_takes_back_those_who_came_in_by_it(app: Flask, meetup: Meetup):
    registration = make_registration(meetup, companions=3)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE, created_at=now() - dt.timedelta(hours=1))
    earlier = (now() - dt.timedelta(minutes=1)).isoformat()
    first, second = scan(code=code_of(registration), scanned_at=earlier), scan(code=code_of(registration))
    phone.send(first)
    phone.send(party_of(first["id"], 1))
    phone.send(second)
    assert inside(registration) == 4

    phone.post("undo", {"id": str(uuid.uuid4()), "undoes": second["id"], "reason": "went away"})

    assert inside(registration) == 1
    assert phone.scan(code=code_of(registration))["party"] == {"size": 4, "in": 4, "by_this": 3}


def test_a_correction_of_nothing_and_one_that_says_nothing_are_refused_alone(app: Flask, meetup: Meetup):
    registration, phone = make_registration(meetup), Phone(app, meetup)
    made = scan(code=code_of(registration))

    outcomes = phone.send(
        made,
        party_of(str(uuid.uuid4()), 1),
        party_of(made["id"], 0),
        party_of(made["id"], 22),
        party_of(made["id"], True),
        party_of("x", 1),
    )

    assert [each.get("error") for each in outcomes] == [None, "no_such_check_in", *["malformed"] * 4]
    assert "party" not in outcomes[0]


def test_companions_that_are_added_later_come_in_by_the_same_ticket(app: Flask, meetup: Meetup):
    registration, phone = make_registration(meetup), Phone(app, meetup)
    phone.scan(code=code_of(registration))

    companions.set_number(registration.id, 1, "account:1")
    later = phone.scan(code=code_of(registration))

    assert (later["verdict"], later["party"]["size"]) == ("ok", 2)


def test_an_offline_hour_in_one_batch_is_answered_as_the_phone_had_shown_it(app: Flask, meetup: Meetup):
    registration = make_registration(meetup, companions=2)
    phone, start = (
        Phone(app, meetup, created_at=now() - dt.timedelta(hours=1)),
        now() - dt.timedelta(minutes=9),
    )
    times = [(start + dt.timedelta(minutes=n)).isoformat() for n in range(4)]
    first, rest, late = (scan(code=code_of(registration), scanned_at=times[n]) for n in (0, 2, 3))

    outcomes = phone.send(first, party_of(first["id"], 2, scanned_at=times[1]), rest, late)

    assert [each["verdict"] for each in outcomes] == ["ok", "ok", "ok", "already_redeemed"]
    assert outcomes[2]["party"] == {"size": 3, "in": 3, "by_this": 1}
