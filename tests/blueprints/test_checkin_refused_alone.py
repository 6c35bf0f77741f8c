"""Entries that a phone without an answer did not let in: what the server answers to them is what it counts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.db import end_reading
from app.models import DeviceRole, Meetup, Status
from app.services.door import door_conflicts, door_counts, kiosks
from app.services.registering import registrations
from tests.factories import code_of, make_meetup, make_registration, make_ticket
from tests.support.door import Phone, override_of, party, scan


@pytest.fixture
def meetup(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meetup:
    monkeypatch.setattr(door_counts, "FRESH_SECONDS", 0.0)
    made = make_meetup(door_tracks_exits=True)
    kiosks.set_code(made.id, "482913", "account:1")
    return made


def enrolled(app: Flask, meetup: Meetup, name: str, role: DeviceRole = DeviceRole.SCAN) -> Phone:
    return Phone(app, meetup, role, name=name, created_at=now() - dt.timedelta(hours=4))


def shown(code: str, minutes: int, **fields: Any) -> dict[str, Any]:
    """A scan of so many minutes ago."""
    return scan(code=code, scanned_at=(now() - dt.timedelta(minutes=minutes)).isoformat(), **fields)


def counted(phone: Phone) -> tuple[int, int]:
    counts = phone.get("state").json["counts"]  # type: ignore[index]
    return counts["in"], counts["came"]


def undo(phone: Phone, scan_id: str) -> None:
    wish = {"id": str(uuid.uuid4()), "undoes": scan_id, "reason": "wrong person"}
    assert phone.post("undo", wish).status_code == 200


def test_whoever_went_out_and_is_refused_as_already_in_by_an_old_list_is_in_again(app: Flask, meetup: Meetup):
    code = code_of(make_registration(meetup))
    front, back = enrolled(app, meetup, "front"), enrolled(app, meetup, "back")
    front.send(shown(code, 60, let_in=1), shown(code, 40, kind="exit"))

    (returned,) = back.send(shown(code, 30, let_in=0))
    back_in = counted(front)
    left = front.scan(code=code, kind="exit")

    assert (returned["verdict"], returned["left"]["device"]) == ("ok", "front")
    assert back_in == (1, 1)
    assert (left["verdict"], counted(front)) == ("left", (0, 1))


@pytest.mark.parametrize("companions", [0, 2])
def test_whoever_is_refused_by_an_old_list_after_an_entry_was_taken_back_is_in(
    app: Flask, meetup: Meetup, companions: int
):
    code = code_of(make_registration(meetup, companions=companions))
    front, back = enrolled(app, meetup, "front", DeviceRole.SUPERVISE), enrolled(app, meetup, "back")
    mistaken = shown(code, 60)
    front.send(mistaken)
    undo(front, mistaken["id"])

    refused = back.scan(code=code, let_in=0)

    people = 1 + companions
    assert (refused["verdict"], counted(front)) == ("ok", (people, people))
    assert door_conflicts.of(meetup.id) == []


def test_an_entry_that_is_taken_back_takes_with_it_what_a_phone_had_refused_before(
    app: Flask, meetup: Meetup
):
    guests = [make_registration(meetup) for _ in range(2)]
    front, back = enrolled(app, meetup, "front", DeviceRole.SUPERVISE), enrolled(app, meetup, "back")
    for guest, is_late in zip(guests, (False, True), strict=True):
        refused, entry = shown(code_of(guest), 30, let_in=0), shown(code_of(guest), 20)
        told = [] if is_late else back.send(refused)
        front.send(entry)
        undo(front, entry["id"])
        told += back.send(refused) if is_late else []

        assert told[0]["verdict"] == ("already_redeemed" if is_late else "ok")
        assert is_late is False or told[0]["first"]["device"] == "front"

    assert counted(front) == (0, 0)


@pytest.mark.parametrize("is_told_with_the_scan", [True, False])
def test_whoever_is_let_in_as_back_by_a_volunteers_word_counts_and_a_copy_of_the_ticket_is_orange(
    app: Flask, meetup: Meetup, is_told_with_the_scan: bool
):
    code = code_of(make_registration(meetup, companions=1))
    front, back = enrolled(app, meetup, "front"), enrolled(app, meetup, "back")
    gone = shown(code, 40, kind="exit")
    front.send(shown(code, 60), gone, party(gone["id"], 1))
    orange = shown(code, 30, let_in=0)
    remark = party(orange["id"], 1)

    for batch in [(orange, remark)] if is_told_with_the_scan else [(orange,), (remark,), (remark,)]:
        told = back.send(*batch)
    copied = front.scan(code=code)

    assert (told[-1]["verdict"], told[-1]["party"]["in"]) == ("ok", 2)
    assert (copied["verdict"], counted(front)) == ("already_redeemed", (2, 2))
    end_reading()
    assert [(each.scan_id, each.let_in) for each in door_conflicts.of(meetup.id)] == [(copied["id"], False)]


def test_whoever_is_let_in_as_back_without_an_exit_is_a_conflict(app: Flask, meetup: Meetup):
    code = code_of(make_registration(meetup))
    front, back = enrolled(app, meetup, "front", DeviceRole.SUPERVISE), enrolled(app, meetup, "back")
    front.send(shown(code, 60, let_in=1))
    orange = shown(code, 30, let_in=0)

    told = back.send(orange, party(orange["id"], 1))

    assert ([each["verdict"] for each in told], counted(front)) == (["already_redeemed", "ok"], (1, 1))
    end_reading()
    (conflict,) = door_conflicts.of(meetup.id)
    assert (conflict.scan_id, conflict.let_in, conflict.over) == (orange["id"], True, 1)


def test_whom_one_phone_refused_is_green_at_the_next_one_and_counts_once(app: Flask, meetup: Meetup):
    code = code_of(make_registration(meetup))
    back, front = enrolled(app, meetup, "back"), enrolled(app, meetup, "front")
    back.send(shown(code, 5, let_in=0))

    came, again = front.scan(code=code), back.scan(code=code)

    assert (came["verdict"], counted(front)) == ("ok", (1, 1))
    assert (again["verdict"], again["first"]["device"]) == ("already_redeemed", "front")


def test_somebody_whose_phone_was_killed_while_it_waited_and_who_is_scanned_again_is_one_person(
    app: Flask, meetup: Meetup
):
    code, phone = code_of(make_registration(meetup)), enrolled(app, meetup, "front")

    told = phone.send(shown(code, 2, let_in=0), shown(code, 1, let_in=1))

    assert ([each["verdict"] for each in told], counted(phone)) == (["ok", "ok"], (1, 1))
    end_reading()
    assert door_conflicts.of(meetup.id) == []


def test_the_rest_of_a_party_that_one_phone_refused_is_in_unless_another_let_them_in(
    app: Flask, meetup: Meetup
):
    code = code_of(make_registration(meetup, companions=2))
    back, front = enrolled(app, meetup, "back"), enrolled(app, meetup, "front")
    front.send(shown(code, 20, let_in=1))

    (rest,) = back.send(shown(code, 10, let_in=0))
    came = front.scan(code=code, let_in=2)

    assert (rest["verdict"], rest["party"]) == ("ok", {"size": 3, "in": 3, "by_this": 2})
    assert (came["verdict"], came["party"]) == ("ok", {"size": 3, "in": 3, "by_this": 2})
    assert door_conflicts.of(meetup.id) == []


@pytest.mark.parametrize("companions", [0, 2])
def test_whom_a_tablet_sent_to_the_staff_is_nowhere_until_they_let_them_in(
    app: Flask, meetup: Meetup, companions: int
):
    code, people = code_of(make_registration(meetup, companions=companions)), 1 + companions
    tablet, staff = enrolled(app, meetup, "tablet", DeviceRole.KIOSK), enrolled(app, meetup, "staff")
    refused = shown(code, 5, let_in=0)

    (first,), (replay,) = tablet.send(refused), tablet.send(refused)
    walked_away = counted(staff)
    came = staff.scan(code=code)

    nobody = {"size": people, "in": 0, "by_this": 0}
    assert (first["verdict"], first["party"], replay["party"]) == ("ok", nobody, nobody)
    assert walked_away == (0, 0)
    assert (came["verdict"], counted(staff)) == ("ok", (people, people))
    assert door_conflicts.of(meetup.id) == []


def test_a_tablet_that_sent_a_guest_to_the_staff_while_its_scan_was_on_its_way_let_nobody_in(
    app: Flask, meetup: Meetup
):
    code = code_of(make_registration(meetup))
    tablet, staff = enrolled(app, meetup, "tablet", DeviceRole.KIOSK), enrolled(app, meetup, "staff")
    entry = scan(code=code)
    tablet.send(entry)
    before = counted(staff)

    tablet.send(entry | {"let_in": 0})

    assert (before, counted(staff)) == ((1, 1), (0, 0))
    assert tablet.scan(code=code)["verdict"] == "ok"


def test_how_many_of_a_party_came_in_is_kept_also_of_a_ticket_that_the_server_refuses(
    app: Flask, meetup: Meetup
):
    guest = make_registration(meetup, companions=2, status_at=now() - dt.timedelta(hours=5))
    phone = enrolled(app, meetup, "front", DeviceRole.SUPERVISE)
    registrations.cancel(guest.id)
    entry = scan(code=code_of(guest), let_in=3)

    refused, fewer = phone.send(entry, party(entry["id"], 1))
    nobody = counted(phone)
    phone.send(override_of(entry["id"]))

    assert (refused["verdict"], fewer["verdict"]) == ("canceled", "ok")
    assert fewer["party"] == {"size": 3, "in": 0, "by_this": 0}
    assert (nobody, counted(phone)) == ((0, 0), (1, 1)), "as many as had come"


def test_a_supervisor_lets_in_all_of_a_party_whom_a_tablet_or_a_phone_had_refused(app: Flask, meetup: Meetup):
    staff = enrolled(app, meetup, "staff", DeviceRole.SUPERVISE)
    for role in (DeviceRole.KIOSK, DeviceRole.SCAN):
        gone = make_registration(meetup, companions=2, status=Status.CANCELLED)
        refused = scan(code=make_ticket(gone), let_in=0)
        enrolled(app, meetup, "other", role).send(refused)

        (told,) = staff.send(override_of(refused["id"]))

        assert told["party"] == {"size": 3, "in": 3, "by_this": 3}, role


def test_nobody_came_by_a_ticket_that_is_nobody_s(app: Flask, meetup: Meetup):
    phone, entry = enrolled(app, meetup, "front"), scan(code="A" * 26, let_in=1)

    invalid, fewer = phone.send(entry, party(entry["id"], 1))

    assert (invalid["verdict"], fewer["error"]) == ("invalid", "no_such_check_in")
