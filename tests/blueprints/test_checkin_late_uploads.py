"""After its shift a phone may send what it scanned in it, for a week, and do nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import CheckIn, Device, DeviceRole, Meetup, Registration, TickMark
from app.services.door import devices
from tests.factories import code_of, make_meetup, make_registration
from tests.support.door import Phone, scan

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(door_ticks=["명찰"])


def phone_of(app: Flask, meetup: Meetup, over_since: dt.timedelta) -> Phone:
    """A supervisor's phone that was enrolled a day before its shift ended."""
    phone = Phone(app, meetup, DeviceRole.SUPERVISE, expires_at=now() - over_since)
    with transaction() as session:
        device = session.get_one(Device, phone.device.id)
        device.created_at = device.expires_at - dt.timedelta(days=1)
    return phone


def ago(span: dt.timedelta) -> str:
    return (now() - span).isoformat()


def stored() -> list[CheckIn]:
    end_reading()
    return list(db.session.scalars(select(CheckIn).order_by(CheckIn.id)))


@pytest.mark.parametrize("over_since", [dt.timedelta(minutes=1), dt.timedelta(days=6, hours=23)])
@pytest.mark.parametrize("several", [True, False], ids=["a batch", "a single scan"])
def test_a_scan_of_the_shift_counts_when_it_comes_late(
    app: Flask, meetup: Meetup, over_since: dt.timedelta, several: bool
):
    registration = make_registration(meetup)
    phone = phone_of(app, meetup, over_since)
    made = scan(code=code_of(registration), scanned_at=ago(over_since + HOUR))
    more = [scan(payload="https://week.example", scanned_at=ago(over_since + HOUR))] if several else []

    outcome, *_ = phone.send(made, *more)
    again, *_ = phone.send(made, *more)

    assert outcome == {"id": made["id"], "verdict": "ok", "replayed": False}
    assert again == outcome | {"replayed": True}
    end_reading()
    admitted_at = db.session.get_one(Registration, registration.id, populate_existing=True).admitted_at
    assert admitted_at
    assert abs(now() - over_since - HOUR - admitted_at) < dt.timedelta(minutes=1)


def test_a_scan_made_after_the_shift_is_not_stored_and_holds_up_no_other(app: Flask, meetup: Meetup):
    phone = phone_of(app, meetup, 2 * HOUR)
    registration = make_registration(meetup)
    after = scan(code=code_of(registration), scanned_at=ago(HOUR))
    within = scan(code=code_of(registration), scanned_at=ago(3 * HOUR))

    refused, counted = phone.send(after, within)

    assert (refused["error"], counted["verdict"]) == ("shift_over", "ok")
    assert [row.scan_id for row in stored()] == [within["id"]]


def test_a_scan_of_the_shift_s_last_second_counts_however_long_its_upload_took(app: Flask, meetup: Meetup):
    over_since = dt.timedelta(minutes=1)
    phone = phone_of(app, meetup, over_since)
    last = scan(code=code_of(make_registration(meetup)), scanned_at=ago(over_since + dt.timedelta(seconds=1)))

    (outcome,) = phone.send(last, sent_at=ago(dt.timedelta(seconds=3)))
    (later,) = phone.send(scan(scanned_at=ago(over_since - dt.timedelta(seconds=6))))

    assert (outcome.get("verdict"), later.get("error")) == ("ok", "shift_over")


@pytest.mark.parametrize("time", ["", "yesterday", "2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_a_wrong_clock_costs_no_scan_and_is_taken_for_the_end_of_the_shift(
    app: Flask, meetup: Meetup, time: str
):
    phone = phone_of(app, meetup, 2 * HOUR)

    (outcome,) = phone.send(scan(code=code_of(make_registration(meetup)), scanned_at=time))

    assert outcome["verdict"] == "ok"
    assert stored()[0].corrected_at == phone.device.expires_at


def test_nobody_s_name_is_told_to_a_phone_whose_shift_is_over(app: Flask, meetup: Meetup):
    phone = phone_of(app, meetup, HOUR)
    code = code_of(make_registration(meetup))

    answer = phone.post(
        "scans",
        {"scans": [scan(code=code, scanned_at=ago(2 * HOUR)) for _ in "ab"], "sent_at": ago(0 * HOUR)},
    )

    assert set(answer.json or {}) == {"server_time", "outcomes"}
    assert [set(each) for each in (answer.json or {})["outcomes"]] == [{"id", "verdict", "replayed"}] * 2


def test_ticks_of_the_shift_count_and_later_ones_do_not(app: Flask, meetup: Meetup):
    phone = phone_of(app, meetup, 2 * HOUR)
    registration = make_registration(meetup)
    within, after = (tick(registration, ago(span)) for span in (3 * HOUR, HOUR))

    answer = phone.post("ticks", {"marks": [within, after], "sent_at": now().isoformat()})

    first, second = (answer.json or {})["outcomes"]
    assert (first["given"], second["error"]) == (True, "shift_over")
    end_reading()
    assert db.session.scalars(select(TickMark.mark_id)).all() == [within["id"]]


def tick(registration: Registration, at: str) -> dict[str, Any]:
    mark = {"registration": registration.reference, "tick": "명찰", "given": True, "at": at}
    return {"id": str(uuid.uuid4()), **mark}


def test_after_its_shift_a_phone_gets_nothing_and_changes_nothing_else(app: Flask, meetup: Meetup):
    phone = phone_of(app, meetup, HOUR)
    somebody = {"id": str(uuid.uuid4()), "name": "x", "cohort": None, "over": False, "gate": None}
    asked = [phone.get(path) for path in ("state", "search", "people", "manifest", "people-list")]
    asked += [phone.post(path, somebody) for path in ("undo", "walk-in", "release", "gate")]
    asked.append(phone.client.get(f"/door/{meetup.slug}"))

    assert {answer.status_code for answer in asked} == {401}


@pytest.mark.parametrize("why", ["a week is over", "revoked", "revoked after its shift", "another door"])
def test_others_may_not_send_late(app: Flask, meetup: Meetup, why: str):
    phone = phone_of(app, meetup, dt.timedelta(days=7, seconds=1) if why == "a week is over" else HOUR)
    if why == "revoked":
        with transaction() as session:
            session.get_one(Device, phone.device.id).expires_at = now() + HOUR
    if why.startswith("revoked"):
        devices.revoke(meetup.id, phone.device.id, "account:1")
    if why == "another door":
        phone.slug = make_meetup().slug
    scans = {"scans": [scan(payload="x", scanned_at=ago(2 * HOUR))], "sent_at": now().isoformat()}

    answers = [phone.post("scans", scans), phone.post("ticks", {"marks": [], "sent_at": None})]

    assert {answer.status_code for answer in answers} == {401}
    assert stored() == []
