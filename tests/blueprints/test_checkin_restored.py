"""A ledger that was restored from an older backup: phones learn that it lacks what it had answered, and send it again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import CheckIn, DeviceRole, Registration
from tests.factories import code_of, make_meetup, make_registration
from tests.support.door import HEADERS, Phone, scan


def asked(phone: Phone, last: str | None) -> dict[str, Any]:
    """What the phone is told when it looks, and says what it was answered last."""
    headers = {"X-Dongmun-Last": last} if last is not None else {}
    response = phone.client.get(f"/door/{phone.slug}/api/state", headers=headers)
    assert response.status_code == 200
    return dict(response.json or {})


def sent(phone: Phone, last: str, *scans: dict[str, Any]) -> dict[str, Any]:
    body = {"scans": list(scans), "sent_at": now().isoformat()}
    path = f"/door/{phone.slug}/api/scans"
    response = phone.client.post(path, json=body, headers=HEADERS | {"X-Dongmun-Last": last})
    assert response.status_code == 200
    return dict(response.json or {})


def restored_to_before(scan_id: str) -> None:
    with transaction() as session:
        session.execute(delete(CheckIn).where(CheckIn.scan_id == scan_id))


@pytest.mark.parametrize("role", DeviceRole)
def test_a_phone_is_told_that_its_last_scan_was_lost_and_nothing_while_it_is_there(
    app: Flask, role: DeviceRole
) -> None:
    phone = Phone(app, make_meetup(), role)
    stored = scan(code="A" * 26)
    phone.send(stored)

    assert "lost" not in asked(phone, stored["id"])
    assert "lost" not in asked(phone, None)
    assert "lost" not in asked(phone, "nonsense")
    assert "lost" not in sent(phone, stored["id"], scan(code="B" * 26))

    restored_to_before(stored["id"])
    assert asked(phone, stored["id"])["lost"] is True
    assert sent(phone, stored["id"], scan(code="C" * 26))["lost"] is True


def test_that_it_was_lost_is_said_also_where_the_same_batch_brings_it_back(app: Flask) -> None:
    phone = Phone(app, make_meetup())
    stored = scan(code="A" * 26)

    assert sent(phone, stored["id"], stored)["lost"] is True
    assert "lost" not in sent(phone, stored["id"], stored)


def test_a_scan_of_another_meetup_is_none_that_this_one_holds(app: Flask) -> None:
    there, here = Phone(app, make_meetup()), Phone(app, make_meetup())
    stored = scan(code="A" * 26)
    there.send(stored)

    assert asked(here, stored["id"])["lost"] is True


def test_an_unchanged_state_stays_unchanged_and_a_loss_changes_it(app: Flask) -> None:
    phone = Phone(app, make_meetup())
    stored = scan(code="A" * 26)
    phone.send(stored)
    path = f"/door/{phone.slug}/api/state"
    tag = phone.client.get(path, headers={"X-Dongmun-Last": stored["id"]}).headers["ETag"]

    again = {"X-Dongmun-Last": stored["id"], "If-None-Match": tag}
    assert phone.client.get(path, headers=again).status_code == 304
    assert phone.client.get(path, headers=again | {"X-Dongmun-Last": str(uuid.uuid4())}).status_code == 200


def test_what_was_lost_and_comes_again_lets_the_same_people_in_without_a_conflict(app: Flask) -> None:
    meetup = make_meetup()
    registration = make_registration(meetup, companions=1)
    code = code_of(registration)
    phone = Phone(app, meetup)
    entry = scan(code=code)
    answer = phone.send(entry)[0]
    twice = scan(code=code)
    phone.send(twice)
    with transaction() as session:
        session.execute(update(Registration).values(admitted_at=None, admitted_by_id=None, admitted_count=0))
        session.execute(delete(CheckIn).where(CheckIn.meetup_id == meetup.id))

    phone.send(twice | {"let_in": 0}, entry | {"let_in": answer["party"]["by_this"]})

    end_reading()
    ids = db.session.scalars(select(CheckIn.scan_id).where(CheckIn.meetup_id == meetup.id)).all()
    assert set(ids) == {entry["id"], twice["id"]}
    inside = select(Registration.admitted_count).where(Registration.id == registration.id)
    assert db.session.scalar(inside) == 2
    assert asked(phone, entry["id"])["conflicts"] == []
