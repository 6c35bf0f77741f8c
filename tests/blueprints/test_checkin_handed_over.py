"""A phone that enrols again hands over what it scanned before, and the ledger keeps the times of that."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain.door.moments import ClockFault
from app.models import CheckIn, Meetup, Registration, TickMark
from app.services.door import devices
from tests.factories import code_of, make_meetup, make_registration
from tests.support.door import Phone, scan


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(door_ticks=["명찰"])


def ago(minutes: int) -> dt.datetime:
    return now() - dt.timedelta(minutes=minutes)


def enrolled_again(app: Flask, meetup: Meetup, *, first: int = 120, again: int = 1) -> Phone:
    """So many minutes ago; the first enrolment was withdrawn in between."""
    before = Phone(app, meetup, created_at=ago(first), last_seen_at=ago(first))
    devices.revoke(meetup.id, before.device.id, "account:1")
    return Phone(app, meetup, created_at=ago(again))


def row_of(scan_id: str) -> CheckIn:
    end_reading()
    return db.session.scalars(select(CheckIn).where(CheckIn.scan_id == scan_id)).one()


def test_scans_of_before_count_as_of_when_they_were_made_and_so_decide_who_came_first(
    app: Flask, meetup: Meetup
) -> None:
    guest, phone, other = make_registration(meetup), enrolled_again(app, meetup), Phone(app, meetup)
    came = [scan(code=code_of(guest), scanned_at=ago(minutes).isoformat()) for minutes in (60, 30)]
    other.scan(code=code_of(guest))

    phone.send(*came)

    first, second = (row_of(each["id"]) for each in came)
    assert [first.clock_fault, second.clock_fault] == [None, None]
    assert abs(second.corrected_at - ago(30)) < dt.timedelta(seconds=30)
    assert db.session.get_one(Registration, guest.id, populate_existing=True).admitted_by_id == first.id


def test_ticks_of_before_keep_their_time(app: Flask, meetup: Meetup) -> None:
    guest, phone = make_registration(meetup), enrolled_again(app, meetup)
    mark = {"id": str(uuid.uuid4()), "registration": guest.reference, "tick": "명찰", "given": True}

    phone.post("ticks", {"marks": [mark | {"at": ago(60).isoformat()}], "sent_at": now().isoformat()})

    end_reading()
    at = db.session.scalars(select(TickMark.at)).one()
    assert abs(at - ago(60)) < dt.timedelta(seconds=30)


@pytest.mark.parametrize("minutes", [121, 60 * 24, 60 * 24 * 365 * 50])
def test_no_phone_claims_a_time_before_its_first_enrolment(app: Flask, meetup: Meetup, minutes: int) -> None:
    guest, phone = make_registration(meetup), enrolled_again(app, meetup)
    made = scan(code=code_of(guest), scanned_at=ago(minutes).isoformat())

    assert phone.send(made)[0]["verdict"] == "ok"

    row = row_of(made["id"])
    assert (row.corrected_at, row.clock_fault) == (row.received_at, ClockFault.IMPOSSIBLE)


def test_no_phone_claims_a_time_before_its_enrolment_because_another_was_at_work_then(
    app: Flask, meetup: Meetup
) -> None:
    other, phone = Phone(app, meetup, created_at=ago(120)), Phone(app, meetup, created_at=ago(10))
    other.scan(code=code_of(make_registration(meetup)))
    made = scan(code=code_of(make_registration(meetup)), scanned_at=ago(60).isoformat())

    phone.send(made)

    assert row_of(made["id"]).clock_fault is ClockFault.IMPOSSIBLE
