"""The door's settings at the desk, and what phones make of them."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.models import AuditEntry, CheckIn, Device, DeviceRole, Meetup, Program
from app.services.door import devices
from app.services.organizing import meetups
from tests.factories import (
    code_of,
    make_account,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.door import Phone

CHOICES = {"takes_walk_ins": "y", "counts_walk_ins": "y", "verifies_walk_ins": "y"}


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program)


@pytest.fixture
def organizer(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program))
    return client


@pytest.fixture
def here(program: Program, meetup: Meetup) -> str:
    return f"/desk/{program.slug}/meetups/{meetup.slug}/door"


def stored(meetup: Meetup) -> Meetup:
    end_reading()
    return db.session.get_one(Meetup, meetup.id, populate_existing=True)


def test_an_organizer_sets_up_the_door_and_finds_it_so_again(organizer: Browser, meetup: Meetup, here: str):
    typed = {
        "gates": "정문\n후문",
        "ticks": "명찰\n식권",
        "host_samples": "https://con.example/t/AB12",
        "tracks_exits": "y",
        "counts_walk_ins": None,
    }

    answer = submit(organizer, here, typed, action=f"{here}/settings", follow_redirects=True)

    assert answer.status_code == 200
    assert "정문\n후문" in answer.text
    assert "https://con.example/t/</textarea>" in answer.text
    found = stored(meetup)
    assert (found.door_gates, found.door_ticks) == (["정문", "후문"], ["명찰", "식권"])
    assert (found.door_tracks_exits, found.door_takes_walk_ins, found.door_counts_walk_ins) == (
        True,
        True,
        False,
    )
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "door.settings_changed")).one()
    assert entry.details == {
        "changed": [
            "door_counts_walk_ins",
            "door_gates",
            "door_host_patterns",
            "door_ticks",
            "door_tracks_exits",
        ]
    }


def test_what_cannot_be_saved_stays_in_the_form_with_the_reason(
    organizer: Browser, meetup: Meetup, here: str
):
    answer = submit(organizer, here, {"host_patterns": "*", "gates": "정문"}, action=f"{here}/settings")

    assert answer.status_code == 422
    assert "at least 4 characters" in answer.text
    assert "정문</textarea>" in answer.text
    assert stored(meetup).door_gates == []


def test_a_phone_gets_its_gate_from_the_organizer_chooses_another_and_changes_it(
    app: Flask, organizer: Browser, meetup: Meetup, here: str
):
    submit(organizer, here, {"gates": "정문\n후문"}, action=f"{here}/settings")
    told = {"role": "scan", "gate": "후문", "lists": "no"}
    shown = submit(organizer, here, told, action=f"{here}/enrolments", follow_redirects=True)
    link = re.search(r'data-copy="[^"]*(/door/enrol/[^"]+)"', shown.text)
    assert link

    phone = app.test_client()
    assert '<option selected value="후문">' in phone.get(link[1]).text
    submit(phone, link[1], {"name": "지민"})
    end_reading()
    assert db.session.scalars(select(Device.gate)).one() == "후문"

    config = re.search(r'id="door-config">(.*?)</script>', phone.get(f"/door/{meetup.slug}").text)
    assert config
    told = json.loads(config[1])
    assert (told["gate"], told["settings"]["gates"]) == ("후문", ["정문", "후문"])


def test_a_phone_moves_to_another_gate_and_its_scans_are_counted_there(
    app: Flask, organizer: Browser, meetup: Meetup, here: str
):
    submit(organizer, here, {"gates": "정문\n후문"}, action=f"{here}/settings")
    phone = Phone(app, meetup, gate="정문")
    first, second = make_registration(meetup), make_registration(meetup)

    phone.scan(code=code_of(first))
    moved = phone.post("gate", {"gate": "후문"})
    phone.scan(code=code_of(second))

    assert (moved.status_code, moved.json["gate"]) == (200, "후문")  # type: ignore[index]
    assert phone.get("state").json["device"]["gate"] == "후문"  # type: ignore[index]
    end_reading()
    assert db.session.scalars(select(CheckIn.gate).order_by(CheckIn.id)).all() == ["정문", "후문"]
    page = " ".join(re.sub("<[^>]+>", " ", organizer.get(here).text).split())
    assert "By gate 정문 1 후문 1" in page


@pytest.mark.parametrize("gate", ["옥상", 7, {"a": 1}, ["정문"]])
def test_a_gate_that_the_door_has_not_is_refused(app: Flask, gate: object):
    phone = Phone(app, make_meetup(door_gates=["정문"]), gate="정문")

    answer = phone.post("gate", {"gate": gate})

    assert (answer.status_code, answer.json["error"]) == (422, "no_such_gate")  # type: ignore[index]
    assert phone.get("state").json["device"]["gate"] == "정문"  # type: ignore[index]


def test_a_change_of_the_settings_reaches_the_phones_with_their_next_question(
    app: Flask, organizer: Browser, meetup: Meetup, here: str
):
    phone = Phone(app, meetup)
    before = phone.get("state")

    submit(organizer, here, {"host_patterns": "PYCON-", "lists_people": "y"}, action=f"{here}/settings")
    after = phone.client.get(
        f"/door/{meetup.slug}/api/state", headers={"If-None-Match": before.headers["ETag"]}
    )

    assert after.status_code == 200
    assert after.json is not None
    assert after.json["settings"] == {
        "gates": [],
        "ticks": [],
        "host_patterns": ["PYCON-*"],
        "exits": False,
        "lists": True,
        "walk_ins": True,
    }


def test_a_copied_meetup_keeps_the_door_s_settings_and_no_phone(app: Flask):
    original = make_meetup(door_gates=["정문"], door_ticks=["명찰"], door_takes_walk_ins=False)
    devices.open_door(original.id, DeviceRole.SCAN, make_account().id, "정문")

    copy = meetups.copy(original.id, "account:1")

    assert (copy.door_gates, copy.door_ticks, copy.door_takes_walk_ins) == (["정문"], ["명찰"], False)
