from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.models import Device, DeviceRole, Enrolment, Meetup
from app.services.door import devices, door_contacts
from tests.factories import make_account, make_device, make_meetup


def opened(meetup: Meetup, role: DeviceRole = DeviceRole.SCAN) -> str:
    return devices.link_token(devices.open_door(meetup.id, role, make_account().id))


def refusal(token: str) -> str:
    with pytest.raises(DomainError) as refused:
        devices.enrol(token, "phone")
    return refused.value.code


def test_a_link_makes_one_staff_phone_for_this_meetup_until_six_hours_after_it(app: Flask):
    meetup = make_meetup()

    device, secret = devices.enrol(opened(meetup, DeviceRole.SUPERVISE), "지민 정문")

    assert (device.meetup_id, device.role, device.name) == (meetup.id, DeviceRole.SUPERVISE, "지민 정문")
    assert device.expires_at == meetup.ends_at + dt.timedelta(hours=6)
    assert secret not in (device.token_hash, device.name)
    assert devices.authenticate([tokens.hashed(secret)], meetup.slug).device_id == device.id


def test_a_link_works_once(app: Flask):
    token = opened(make_meetup())
    devices.enrol(token, "first")

    assert refusal(token) == "enrolment_used"


def test_a_link_runs_out_after_fifteen_minutes(app: Flask):
    token = opened(make_meetup())
    with transaction() as session:
        session.scalars(select(Enrolment)).one().expires_at -= dt.timedelta(minutes=15)

    assert refusal(token) == "enrolment_expired"


def test_a_made_up_link_is_unknown(app: Flask):
    assert refusal(tokens.mint(tokens.ENROLMENT)) == "enrolment_unknown"


def test_a_door_that_is_over_is_not_opened(app: Flask):
    past = now() - dt.timedelta(days=2)
    meetup = make_meetup(starts_at=past, ends_at=past + dt.timedelta(hours=2))

    with pytest.raises(DomainError) as refused:
        devices.open_door(meetup.id, DeviceRole.SCAN, make_account().id)

    assert refused.value.code == "door_over"


def test_rush_of_phones_with_one_link_enrols_exactly_one(app: Flask):
    token = opened(make_meetup())
    end_reading()

    def enrol(n: int) -> str:
        with app.app_context():
            try:
                devices.enrol(token, f"phone {n}")
            except DomainError as refused:
                return refused.code
            return "enrolled"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(enrol, range(8)))

    assert sorted(answers) == ["enrolled"] + ["enrolment_used"] * 7
    assert db.session.execute(select(func.count()).select_from(Device)).scalar_one() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"revoked_at": now()}, "device_revoked"), ({"expires_at": now()}, "device_expired")],
    ids=["revoked", "expired"],
)
def test_a_phone_without_right_is_told_why(app: Flask, fields: dict[str, dt.datetime], code: str):
    meetup = make_meetup()
    _, token = make_device(meetup, **fields)

    with pytest.raises(DomainError) as refused:
        devices.authenticate([tokens.hashed(token)], meetup.slug)

    assert refused.value.code == code


def test_another_meetup_s_phone_is_unknown_here(app: Flask):
    here = make_meetup()
    _, token = make_device(make_meetup())

    with pytest.raises(DomainError) as refused:
        devices.authenticate([tokens.hashed(token)], here.slug)

    assert refused.value.code == "device_unknown"


def test_revoking_another_meetup_s_phone_is_as_if_there_were_none(app: Flask):
    device, _ = make_device()

    with pytest.raises(DomainError):
        devices.revoke(make_meetup().id, device.id, "account:1")

    end_reading()
    assert db.session.get_one(Device, device.id).revoked_at is None


def test_contact_is_written_at_most_once_a_minute(app: Flask):
    meetup = make_meetup()
    recent = now() - dt.timedelta(seconds=30)
    device, token = make_device(meetup, last_seen_at=recent)

    door_contacts.seen(devices.authenticate([tokens.hashed(token)], meetup.slug))

    end_reading()
    assert db.session.get_one(Device, device.id, populate_existing=True).last_seen_at == recent
