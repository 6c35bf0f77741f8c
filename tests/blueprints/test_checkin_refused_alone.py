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
from app.services.door.door_arrivals import OVERLAP
from app.services.organizing import attendee
from app.services.registering import registrations
from tests.factories import code_of, make_meetup, make_registration, make_ticket
from tests.support.door import Phone, override_of, party, scan
from tests.support.offline import SealedList


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
        if is_late:
            assert told[0]["first"] is None, "an entry that was taken back is nobody's"
            assert told[0]["party"] == {"size": 1, "in": 0, "by_this": 0}
            assert "taken back" in told[0]["reason"]
            (again,) = back.send(refused)
            assert (again["first"], again["party"]) == (None, told[0]["party"])

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

    (told,) = tablet.send(entry | {"let_in": 0})

    assert (before, counted(staff)) == ((1, 1), (0, 0))
    assert told["party"] == {"size": 1, "in": 0, "by_this": 0}
    assert tablet.scan(code=code)["verdict"] == "ok"


def test_every_phone_s_list_learns_that_a_tablet_let_nobody_in_after_all(app: Flask, meetup: Meetup):
    guest = make_registration(meetup)
    code, entry = code_of(guest), scan(code=code_of(guest))
    tablet, staff = enrolled(app, meetup, "tablet", DeviceRole.KIOSK), enrolled(app, meetup, "staff")
    kept = SealedList(staff)
    tablet.send(entry)
    tablet.send(*[scan(code="A" * 26) for _ in range(OVERLAP)])
    kept.refresh()
    before = kept.verdict(code)

    tablet.send(entry | {"let_in": 0})
    learned = kept.refresh()
    tablet.send(entry | {"let_in": 0})

    assert (before, kept.verdict(code)) == ("already_redeemed", "ok")
    assert learned
    assert len(learned["arrivals"]) == 1, "the rest of the list is not told again"
    assert kept.ask().status_code == 304, "said twice, it is no news"
    end_reading()
    assert [moment.act for moment in attendee.history(guest.id)].count("let_in_told") == 1


@pytest.mark.parametrize("companions", [0, 1])
def test_whom_a_tablet_may_have_sent_over_just_now_the_staff_are_asked_to_let_in(
    app: Flask, meetup: Meetup, companions: int
):
    code, people = code_of(make_registration(meetup, companions=companions)), 1 + companions
    tablet, staff = enrolled(app, meetup, "tablet", DeviceRole.KIOSK), enrolled(app, meetup, "staff")
    entry, over_there = scan(code=code), scan(code=code)
    tablet.send(entry)

    (asked,), (again,) = staff.send(over_there), staff.send(over_there)
    tablet.send(entry | {"let_in": 0})

    assert [each["verdict"] for each in (asked, again)] == ["already_redeemed"] * 2
    assert "straight from it, let them in" in asked["advice"]
    assert again["advice"] == asked["advice"]
    assert counted(staff) == (people, people), "they count by the staff's scan"


def test_whoever_came_in_at_a_tablet_some_time_ago_or_at_a_phone_is_in(app: Flask, meetup: Meetup):
    tablet, staff = enrolled(app, meetup, "tablet", DeviceRole.KIOSK), enrolled(app, meetup, "staff")
    codes = [code_of(make_registration(meetup)) for _ in range(3)]
    tablet.send(shown(codes[0], 3), scan(code=codes[1], let_in=1))
    staff.scan(code=codes[2])

    told = [staff.scan(code=code) for code in codes]

    assert [(each["verdict"], each["advice"]) for each in told] == [("already_redeemed", None)] * 3


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


def test_a_supervisor_lets_in_one_person_on_a_ticket_that_nobody_knew_until_the_phone_says_of_more(
    app: Flask, meetup: Meetup
):
    staff = enrolled(app, meetup, "staff", DeviceRole.SUPERVISE)
    for status in (Status.CANCELLED, Status.CONFIRMED):
        guest = make_registration(meetup, companions=2, status=status)
        refused = scan(code=make_ticket(guest, 5), let_in=0)

        _, told = staff.send(refused, override_of(refused["id"]))
        (more,) = staff.send(party(refused["id"], 2))

        assert told["party"] == {"size": 3, "in": 1, "by_this": 1}, status
        assert more["party"] == {"size": 3, "in": 2, "by_this": 2}, status

    assert staff.scan(code=refused["code"])["party"] == {"size": 3, "in": 3, "by_this": 1}
    assert door_conflicts.of(meetup.id) == []


@pytest.mark.parametrize("companions", [0, 2])
@pytest.mark.parametrize("is_later_first", [False, True])
def test_whom_two_phones_refused_is_told_already_in_by_neither_and_counts_once(
    app: Flask, meetup: Meetup, companions: int, is_later_first: bool
):
    code, people = code_of(make_registration(meetup, companions=companions)), 1 + companions
    front, back = enrolled(app, meetup, "front", DeviceRole.SUPERVISE), enrolled(app, meetup, "back")
    refusals = [(front, shown(code, 20, let_in=0)), (back, shown(code, 10, let_in=0))]

    told = [phone.send(each)[0] for phone, each in refusals[:: -1 if is_later_first else 1]]
    both = counted(front)
    undo(front, refusals[1][1]["id"])

    assert [each["verdict"] for each in told] == ["ok", "ok"]
    assert (both, counted(front)) == ((people, people), (0, 0))
    assert door_conflicts.of(meetup.id) == []


def test_what_a_tablet_had_said_counts_nowhere_also_when_the_tablet_has_become_a_staff_phone(
    app: Flask, meetup: Meetup
):
    codes = [code_of(make_registration(meetup)) for _ in range(2)]
    before, unsaid = shown(codes[0], 10, let_in=0, self=True), shown(codes[1], 10, self=True)
    staff = enrolled(app, meetup, "the former tablet")

    sent_on, unclear = staff.send(before, unsaid)
    staff.send(unsaid | {"let_in": 0})

    assert [each["verdict"] for each in (sent_on, unclear)] == ["ok", "ok"]
    assert sent_on["party"] == {"size": 1, "in": 0, "by_this": 0}
    assert counted(staff) == (0, 0)
    assert [staff.scan(code=code)["verdict"] for code in codes] == ["ok", "ok"]
    assert (counted(staff), door_conflicts.of(meetup.id)) == ((2, 2), [])


def test_nobody_came_by_a_ticket_that_is_nobody_s(app: Flask, meetup: Meetup):
    phone, entry = enrolled(app, meetup, "front"), scan(code="A" * 26, let_in=1)

    invalid, fewer = phone.send(entry, party(entry["id"], 1))

    assert (invalid["verdict"], fewer["error"]) == ("invalid", "no_such_check_in")
