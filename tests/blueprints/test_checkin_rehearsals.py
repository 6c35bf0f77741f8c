"""The organizer's practice tickets, and what a real door makes of them."""

from __future__ import annotations

import datetime as dt
import json
import re

from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading
from app.domain.door.rehearsals import SAMPLES
from app.models import CheckIn, DeviceRole, Registration
from tests.factories import make_meetup, make_member, make_program, make_registration, sign_in
from tests.support.client import Browser
from tests.support.door import Phone


def test_an_organizer_gets_one_ticket_of_each_answer_marked_as_practice(client: Browser) -> None:
    program = make_program()
    meetup = make_meetup(program, door_host_patterns=["https://con.example/"])
    sign_in(client, make_member(program))

    page = client.get(f"/desk/{program.slug}/meetups/{meetup.slug}/door/rehearsal").text

    assert page.count("<svg xmlns") == len(SAMPLES) + 1
    assert page.count('<span lang="en">REHEARSAL</span>') == len(SAMPLES) + 1
    assert all(each.name in page for each in SAMPLES)
    assert f"/meetups/{meetup.slug}/door/rehearsal" in client.get(page_of(program.slug, meetup.slug)).text


def page_of(program: str, slug: str) -> str:
    return f"/desk/{program}/meetups/{slug}/door"


def test_no_practice_ticket_opens_a_real_door(app: Flask) -> None:
    meetup = make_meetup()
    make_registration(meetup)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)

    answers = [phone.scan(code=each.code) for each in SAMPLES]
    named = [phone.scan(registration=each.reference) for each in SAMPLES]

    assert {each["verdict"] for each in answers + named} == {"invalid"}
    end_reading()
    admitted = select(func.count()).where(
        Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None)
    )
    assert db.session.scalar(admitted) == 0
    assert db.session.scalar(select(func.count()).where(CheckIn.registration_id.is_not(None))) == 0


def test_the_scanner_brings_along_what_a_rehearsal_needs(app: Flask) -> None:
    start = now().replace(microsecond=0) + dt.timedelta(days=1)
    phone = Phone(app, make_meetup(starts_at=start, ends_at=start + dt.timedelta(hours=2)))

    page = phone.client.get(f"/door/{phone.slug}").text
    found = re.search(r'id="door-config">(.*?)</script>', page)
    assert found
    told = json.loads(found[1])["rehearsal"]

    assert dt.datetime.fromisoformat(told["until"]) == start - dt.timedelta(minutes=30)
    assert told["minutes"] == 60
    assert [each["code"] for each in told["samples"]] == [each.code for each in SAMPLES]
