"""The list of people on the phones: only where the organizer allows it, whole once, then what changed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.hosting.matching import HostListed
from app.models import AuditEntry, DeviceRole, Meetup, Person, Registration, Status
from app.recent import Recent
from app.services.door import devices
from app.services.organizing import meetup_states
from app.services.registering import registrations
from tests.contract import VERDICT_CASES, sealed_state
from tests.factories import make_cohort, make_meetup, make_person, make_program, make_registration
from tests.support.counting import statements
from tests.support.door import Phone, presented


@pytest.fixture(autouse=True)
def _read_each_time(app: Flask) -> None:
    """Changes follow each other faster here than in life."""
    app.extensions["door_people"] = Recent(20, -1.0)


def door(app: Flask, guests: int = 3, **fields: Any) -> tuple[Phone, list[Registration]]:
    program = make_program()
    cohort, meetup = make_cohort(program, 3), make_meetup(program, door_lists_people=True)
    people = [make_registration(meetup, make_person(program), cohort=cohort) for _ in range(guests)]
    return Phone(app, meetup, **fields), people


def asked(phone: Phone, **query: str) -> dict[str, Any]:
    answer = phone.get("people-list", **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json
    return body


def everybody(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["r"]: each for bucket in body["people"].values() for each in bucket}


def switch(phone: Phone, **fields: Any) -> None:
    with transaction() as session:
        meetup = session.get_one(Meetup, phone.device.meetup_id)
        for name, value in fields.items():
            setattr(meetup, name, value)


def test_the_list_says_who_may_come_and_what_the_others_lack(app: Flask):
    phone, (guest, *_) = door(app)
    with transaction() as session:
        meetup = session.get_one(Meetup, phone.device.meetup_id)
    registrations.cancel(guest.id)
    waiting = make_registration(meetup, status=Status.WAITLISTED)

    body = asked(phone)

    listed = everybody(body)
    assert (body["count"], len(listed)) == (4, 4)
    assert (listed[waiting.reference]["s"], listed[waiting.reference]["k"]) == ("waitlisted", None)
    assert (listed[guest.reference]["s"], listed[guest.reference]["t"]) == ("canceled", "cancelled")
    assert sorted(each["s"] for each in listed.values()) == ["admitted", "admitted", "canceled", "waitlisted"]
    assert {(each["c"], each["o"], each["p"]) for each in listed.values() if each["s"] == "admitted"} == {
        ("Cohort 3", "3", 1)
    }


def test_a_person_is_named_by_the_look_up_that_arrivals_name(app: Flask):
    phone, (guest, *_) = door(app)
    phone.scan(registration=guest.reference, method="list")

    arrivals = phone.get("manifest").json["arrivals"]  # type: ignore[index]

    (told, at, _), line = arrivals[0], everybody(asked(phone))[guest.reference]
    assert at
    assert told == line["k"]


def test_people_of_one_name_have_a_hint_and_nobody_else(app: Flask):
    program = make_program()
    meetup = make_meetup(program, door_lists_people=True)
    for name, phone_number in (
        ("김하늘", "010-1234-5678"),
        ("김하늘", "010-2345-6789"),
        ("이서준", "010-1111-2222"),
    ):
        make_registration(meetup, make_person(program, name), phone=phone_number)

    response = Phone(app, meetup).get("people-list")

    hints = sorted((each["n"], each["h"]) for each in everybody(response.json).values())  # type: ignore[arg-type]
    assert hints == [("김하늘", "···5678"), ("김하늘", "···6789"), ("이서준", None)]
    assert not any(word in response.text for word in ("2222", "example.com", "010-"))


def test_whoever_cancelled_and_came_back_stands_there_once_as_they_are_now(app: Flask):
    program = make_program()
    meetup, person = make_meetup(program, door_lists_people=True), make_person(program)
    make_registration(meetup, person, status=Status.CANCELLED)
    again = make_registration(meetup, person)

    assert list(everybody(asked(Phone(app, meetup)))) == [again.reference]


def test_only_what_changed_is_told_to_a_phone_that_holds_the_rest(app: Flask):
    phone, guests = door(app, guests=20)
    first = asked(phone)
    with transaction() as session:
        session.get_one(Person, guests[4].person_id).name = "새이름"

    second = asked(phone, have=first["tags"])

    assert len(second["people"]) == 1
    assert everybody(second)[guests[4].reference]["n"] == "새이름"
    assert second["tags"] != first["tags"]


def test_304_while_nothing_changed_but_never_for_a_phone_that_holds_nothing(app: Flask):
    phone, (guest, other, *_) = door(app)
    answer = phone.get("people-list")
    tag, tags = answer.headers["ETag"], answer.json["tags"]  # type: ignore[index]

    def status(**query: str) -> int:
        path = f"/door/{phone.slug}/api/people-list"
        return phone.client.get(path, query_string=query, headers={"If-None-Match": tag}).status_code

    assert (status(have=tags), status()) == (304, 200)
    phone.scan(registration=guest.reference, method="list")
    assert status(have=tags) == 304
    registrations.cancel(other.id)
    assert status(have=tags) == 200


def test_where_the_organizer_allows_no_list_there_is_none_and_no_name_in_the_answer(app: Flask):
    phone, (guest, *_) = door(app)
    tags = asked(phone)["tags"]
    with transaction() as session:
        name = session.get_one(Person, guest.person_id).name
    switch(phone, door_lists_people=False)

    for answer in (phone.get("people-list"), phone.get("people-list", have=tags)):
        assert (answer.status_code, answer.json["error"]) == (403, "lists_not_allowed")  # type: ignore[index]
        assert name not in answer.text
        assert "key" not in answer.json  # type: ignore[operator]


def test_a_phone_without_its_permission_gets_401(app: Flask):
    phone, _ = door(app)
    asked(phone)
    devices.revoke(phone.device.meetup_id, phone.device.id, "account:1")

    assert phone.get("people-list").status_code == 401


def test_a_phone_whose_shift_is_over_gets_401(app: Flask):
    phone, _ = door(app, expires_at=now() - dt.timedelta(seconds=1))

    assert phone.get("people-list").status_code == 401


def test_a_role_that_only_scans_gets_no_list(app: Flask, monkeypatch: pytest.MonkeyPatch):
    phone, _ = door(app)
    monkeypatch.setattr("app.services.door.door_people.MAY_LIST", frozenset({DeviceRole.SUPERVISE}))

    assert phone.get("people-list").status_code == 403


def test_a_phone_gets_the_list_of_its_own_meetup_and_of_no_other(app: Flask):
    phone, own = door(app)
    other, _ = door(app)

    foreign = phone.client.get(f"/door/{other.slug}/api/people-list")

    assert foreign.status_code == 401
    assert set(everybody(asked(phone))) == {each.reference for each in own}


def test_a_shift_has_one_key_and_every_phone_its_own(app: Flask):
    phone, _ = door(app)
    with transaction() as session:
        meetup = session.get_one(Meetup, phone.device.meetup_id)

    mine, again, other = asked(phone), asked(phone), asked(Phone(app, meetup))

    assert mine["key"] == again["key"] != other["key"]
    assert dt.datetime.fromisoformat(mine["until"]) == phone.device.expires_at


def test_the_number_of_statements_does_not_grow_with_the_people(app: Flask):
    def cost(guests: int) -> int:
        phone, _ = door(app, guests=guests)
        tags = asked(phone)["tags"]
        with statements() as seen:
            asked(phone, have=tags)
        return sum(each.startswith("SELECT") for each in seen)

    cost(2)
    assert cost(2) == cost(25) == 3


def test_a_large_answer_travels_packed_to_whom_can_unpack_it(app: Flask):
    phone, _ = door(app, guests=20)
    path = f"/door/{phone.slug}/api/people-list"

    packed = phone.client.get(path, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data))["count"] == 20
    assert "Content-Encoding" not in phone.client.get(path).headers


def test_the_audit_trail_says_which_phone_took_the_whole_list(app: Flask):
    phone, _ = door(app)
    tags = asked(phone)["tags"]
    asked(phone, have=tags)

    with transaction() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "door.list_taken")).all()
        assert [(each.actor, each.details["people"]) for each in entries] == [
            (f"device:{phone.device.id}", 3)
        ]


def test_a_meetup_that_is_called_off_lets_nobody_in_by_the_list(app: Flask):
    phone, _ = door(app)
    meetup_states.call_off(phone.device.meetup_id, "a storm", "account:1")

    assert {each["s"] for each in everybody(asked(phone)).values()} == {"called_off"}


def test_tags_that_we_never_gave_out_are_refused(app: Flask):
    phone, _ = door(app)

    assert phone.get("people-list", have=uuid.uuid4().hex).status_code == 400


TAPPED = [
    each
    for each in VERDICT_CASES
    if each["status"] and not each.get("revoked") and each.get("this_meetup", True)
]


@pytest.mark.parametrize("case", TAPPED, ids=lambda case: case["name"])
def test_a_name_on_the_list_gets_the_verdict_that_its_ticket_gets(app: Flask, case: dict[str, Any]):
    meetup, _ = presented(app, case, door_lists_people=True)
    end_reading()
    guest = db.session.scalars(select(Registration).where(Registration.meetup_id == meetup.id)).one()
    phone, kind = Phone(app, meetup), case.get("kind", "entry")
    line = everybody(asked(phone))[guest.reference]

    outcome = phone.scan(registration=guest.reference, method="list", kind=kind)

    assert outcome["verdict"] == case["verdict"]
    assert line["p"] == case.get("party", 1)
    assert line["s"] == sealed_state(case)


def test_the_list_says_whom_the_larger_events_host_lacks(app: Flask):
    phone, (listed, unsure, lacking) = door(app)
    before = asked(phone)
    with transaction() as session:
        for row, said in zip((listed, unsure, lacking), HostListed, strict=True):
            session.get_one(Registration, row.id).host_listed = said

    after = asked(phone)
    lines = everybody(after)

    assert "x" not in everybody(before)[lacking.reference]
    assert [lines[row.reference].get("x") for row in (listed, unsure, lacking)] == [
        None,
        "unsure",
        "not_listed",
    ]
    assert after["tags"] != before["tags"]
