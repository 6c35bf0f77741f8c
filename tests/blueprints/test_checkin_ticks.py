"""Door ticks by the phone's contract, at the desk and in the organizer's lists."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading
from app.models import Meetup, Registration, TickMark
from app.services.door import door_ticks
from tests.factories import code_of, make_meetup, make_member, make_program, make_registration, sign_in
from tests.support.client import submit
from tests.support.counting import statements
from tests.support.door import Phone, scan

BADGE, MEAL = "명찰", "식권"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(make_program(), door_ticks=[BADGE, MEAL])


def mark(registration: Registration, tick: str = BADGE, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "registration": registration.reference,
        "tick": tick,
        "given": True,
        "at": now().isoformat(),
    } | fields


def send(phone: Phone, *marks: Any, sent_at: str | None = None) -> list[dict[str, Any]]:
    answer = phone.post("ticks", {"marks": list(marks), "sent_at": sent_at or now().isoformat()})
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json["outcomes"]  # type: ignore[index]
    return outcomes


def _selects(told: list[str]) -> int:
    return sum(statement.startswith("SELECT") for statement in told)


def counts(meetup: Meetup) -> list[tuple[str, int]]:
    end_reading()
    return door_ticks.counts(meetup.id, meetup.door_ticks)


def stored() -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(TickMark)) or 0


def test_a_tick_is_told_with_the_next_scan_of_the_same_person(app: Flask, meetup: Meetup):
    registration = make_registration(meetup)
    phone, other = Phone(app, meetup), Phone(app, meetup)
    first = phone.scan(code=code_of(registration))

    (told,) = send(phone, mark(registration))
    again = other.scan(code=code_of(registration))

    assert first["person"]["ticks"] == []
    assert (told["tick"], told["given"], told["registration"]) == (BADGE, True, registration.reference)
    assert again["verdict"] == "already_redeemed"
    assert again["person"]["ticks"] == [{"tick": BADGE, "at": told["at"]}]


def test_a_tick_sent_twice_is_one_and_another_body_under_its_id_is_refused_alone(app: Flask, meetup: Meetup):
    registration, phone = make_registration(meetup), Phone(app, meetup)
    made, other = mark(registration), mark(registration, MEAL)

    send(phone, made)
    again, changed, fresh = send(phone, made, made | {"given": False}, other)

    assert (again["replayed"], again["given"]) == (True, True)
    assert changed["error"] == "conflicting_body"
    assert (fresh["tick"], fresh["given"], fresh["replayed"]) == (MEAL, True, False)
    assert stored() == 2


def test_the_newest_by_corrected_time_counts_in_whatever_order_the_phones_upload(app: Flask, meetup: Meetup):
    registration = make_registration(meetup)
    phones = [Phone(app, meetup, created_at=now() - dt.timedelta(days=3)) for _ in range(2)]
    start, skew = now() - dt.timedelta(hours=1), dt.timedelta(hours=26)
    given = mark(registration, at=start.isoformat())
    taken = mark(registration, given=False, at=(start + dt.timedelta(minutes=1) - skew).isoformat())
    once_more = mark(registration, at=(start + dt.timedelta(minutes=2)).isoformat())
    uploads = [
        (phones[0], given, now()),
        (phones[1], taken, now() - skew),
        (phones[0], once_more, now()),
    ]
    random.Random(3).shuffle(uploads)

    for phone, each, sent in [*uploads, *reversed(uploads)]:
        send(phone, each, sent_at=sent.isoformat())

    end_reading()
    at = door_ticks.given(meetup.id, [registration.reference])[registration.reference][BADGE]
    assert abs(at - (start + dt.timedelta(minutes=2))) < dt.timedelta(seconds=5)
    assert counts(meetup) == [(BADGE, 1), (MEAL, 0)]
    send(phones[1], mark(registration, given=False))
    assert counts(meetup) == [(BADGE, 0), (MEAL, 0)]


def test_a_bad_mark_and_one_of_another_meetups_guest_hinder_no_other(app: Flask, meetup: Meetup):
    stranger, guest, phone = make_registration(), make_registration(meetup), Phone(app, meetup)

    bad, foreign, good = send(phone, {"id": "x"}, mark(stranger), mark(guest))

    assert (bad["error"], foreign["error"]) == ("malformed_tick", "no_such_attendee")
    assert good["given"] is True
    assert stored() == 1


def test_a_door_without_ticks_asks_nothing_more_for_a_scan(app: Flask, meetup: Meetup):
    plain = make_meetup()
    with_ticks, without = Phone(app, meetup), Phone(app, plain)
    codes = [code_of(make_registration(meetup)), code_of(make_registration(plain))]
    for phone in (with_ticks, without):
        phone.get("state")

    with statements() as ticking:
        with_ticks.scan(code=codes[0])
    with statements() as bare:
        without.scan(code=codes[1])

    assert _selects(ticking) - _selects(bare) == 1


def test_a_batch_of_marks_is_limited_and_needs_a_staff_phone(app: Flask, meetup: Meetup):
    phone = Phone(app, meetup)

    assert phone.post("ticks", {"marks": [{}] * 201}).status_code == 413
    assert phone.post("ticks", {"marks": "x"}).status_code == 400
    phone.client.delete_cookie(f"door-{meetup.id}")
    assert phone.post("ticks", {"marks": []}).status_code == 401


def test_an_organizer_ticks_at_the_desk_sees_the_counts_and_takes_the_list_away(
    client: FlaskClient, meetup: Meetup
):
    program = meetup.program
    registration = make_registration(meetup)
    sign_in(client, make_member(program))
    desk = f"/desk/{program.slug}/meetups/{meetup.slug}"
    page = f"{desk}/attendees/{registration.reference}"
    fields = {"reference": registration.reference, "tick": MEAL, "given": "yes", "next": page}

    answer = submit(client, page, fields, action=f"{desk}/ticks")

    assert (answer.status_code, answer.location) == (303, page)
    assert counts(meetup) == [(BADGE, 0), (MEAL, 1)]
    assert "Take back: 식권" in client.get(page).text
    assert "Given out" in client.get(f"{desk}/door").text
    assert "식권" in client.get(f"{desk}/attendees").text
    order = {"kind": "csv", "columns": ["name", f"tick:{BADGE}", f"tick:{MEAL}"], "reason": "명찰"}
    file = submit(client, f"{desk}/export", order | {"statuses": ["confirmed"]})
    head, row = csv.reader(io.StringIO(file.data.decode("utf-8-sig")))
    assert head[1:] == ["Name", "Given: 명찰", "Given: 식권"]
    assert (row[2], bool(row[3])) == ("", True)

    submit(client, page, fields | {"given": ""}, action=f"{desk}/ticks")

    assert counts(meetup) == [(BADGE, 0), (MEAL, 0)]
    assert submit(client, page, fields | {"tick": "없는 것"}, action=f"{desk}/ticks").status_code == 400


def test_a_renamed_tick_loses_nothing_that_was_given(app: Flask, meetup: Meetup):
    registration, phone = make_registration(meetup), Phone(app, meetup)

    send(phone, mark(registration, "옛 이름"))
    phone.send(scan(code=code_of(registration)))

    assert counts(meetup) == [(BADGE, 0), (MEAL, 0), ("옛 이름", 1)]
