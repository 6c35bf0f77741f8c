"""What phones did without knowing of each other is told to each of them, and to nobody else at the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.clock import now
from app.db import db, end_reading
from app.domain.registering.registrations import Status
from app.models import CheckIn, DeviceRole, Meetup, Registration
from app.services.door import door_conflicts, door_counts, door_phone_conflicts
from app.services.organizing import attendee, meetup_states
from app.services.registering import registrations, tickets
from tests.factories import code_of, make_meetup, make_member, make_person, make_registration, sign_in
from tests.support.client import Browser
from tests.support.counting import statements
from tests.support.door import Phone, override_of, party, scan


@pytest.fixture
def meetup(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meetup:
    for service in (door_counts, door_phone_conflicts):
        monkeypatch.setattr(service, "FRESH_SECONDS", 0.0)
    return make_meetup(door_gates=["Main", "Side"])


def ago(minutes: int) -> dt.datetime:
    return now() - dt.timedelta(minutes=minutes)


def enrolled(app: Flask, meetup: Meetup, name: str, role: DeviceRole = DeviceRole.SCAN) -> Phone:
    return Phone(app, meetup, role, name=name, created_at=ago(200))


def offline(phone: Phone, code: str, minutes: int, gate: str = "Main", **said: Any) -> dict[str, Any]:
    """A scan that the phone judged alone so many minutes ago, and sends now."""
    return phone.scan(code=code, scanned_at=ago(minutes).isoformat(), gate=gate, **said)


def told(phone: Phone) -> list[dict[str, Any]]:
    state = phone.get("state").json
    assert state is not None
    found: list[dict[str, Any]] = state["conflicts"]
    return found


def test_one_ticket_at_two_offline_doors_is_told_to_both_phones_alike(app: Flask, meetup: Meetup) -> None:
    guest = make_registration(meetup, make_person(meetup.program, "나경민"))
    front, back, side = (enrolled(app, meetup, name) for name in ("앞 폰", "뒤 폰", "옆 폰"))
    assert told(front) == []

    offline(back, code_of(guest), 20, "Side")
    offline(front, code_of(guest), 30, "Main")

    (at_front,), (at_back,) = told(front), told(back)
    assert told(side) == []
    assert (at_front["kind"], at_front["name"], at_front["id"]) == ("again", "나경민", at_back["id"])
    assert [at_front[each]["device"] for each in ("first", "again")] == ["앞 폰", "뒤 폰"]
    assert [at_front[each]["gate"] for each in ("first", "again")] == ["Main", "Side"]
    assert [at_front[each]["here"] for each in ("first", "again")] == [True, False]
    assert [at_back[each]["here"] for each in ("first", "again")] == [False, True]


def test_a_ticket_cancelled_before_the_phone_could_know_is_told_with_when(app: Flask, meetup: Meetup) -> None:
    guest = make_registration(meetup, status_at=ago(300))
    phone = enrolled(app, meetup, "앞 폰")
    registrations.cancel(guest.id)

    assert offline(phone, code_of(guest), 30)["verdict"] == "ok"

    (conflict,) = told(phone)
    assert (conflict["kind"], conflict["first"], conflict["again"]["here"]) == ("cancelled", None, True)
    assert conflict["void_since"] > conflict["again"]["at"]


def test_a_ticket_that_an_older_list_may_have_let_in_is_told_to_phone_and_organizers(
    app: Flask, meetup: Meetup
) -> None:
    guest, reissued, kept = (make_registration(meetup, status_at=ago(300)) for _ in range(3))
    phone, online = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    old = code_of(reissued)
    with time_machine.travel(ago(40), tick=False):
        registrations.cancel(guest.id)
        tickets.reissue(reissued.id, "account:1")

    assert offline(phone, code_of(guest), 20)["verdict"] == "canceled"
    assert offline(phone, old, 30)["verdict"] == "revoked"
    assert offline(phone, code_of(kept), 10)["verdict"] == "ok"
    online.scan(code=code_of(guest))

    assert [(each["kind"], each["again"]["here"]) for each in told(phone)] == [("old_list", True)] * 2
    assert all(each["void_since"] < each["again"]["at"] for each in told(phone))
    assert told(online) == []
    assert [each["void_by"] for each in told(phone)] == ["cancelled", "replaced"]
    assert [each.kind for each in door_conflicts.of(meetup.id)] == ["old_list"] * 2


def test_how_many_of_a_party_came_in_on_a_ticket_that_was_no_longer_good_is_told(
    app: Flask, client: Browser, meetup: Meetup
) -> None:
    before, after = (make_registration(meetup, companions=2, status_at=ago(300)) for _ in range(2))
    phone = enrolled(app, meetup, "앞 폰")
    with time_machine.travel(ago(40), tick=False):
        registrations.cancel(before.id)
    known = scan(code=code_of(before), scanned_at=ago(30).isoformat(), let_in=3)
    meanwhile = scan(code=code_of(after), scanned_at=ago(20).isoformat(), let_in=2)
    registrations.cancel(after.id)

    phone.send(known, party(known["id"], 1), meanwhile)

    assert [(each["kind"], each["people"], each["size"]) for each in told(phone)] == [
        ("cancelled", 2, 3),
        ("old_list", 1, 3),
    ]
    sign_in(client, make_member(meetup.program))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/door/live").text
    assert "1 of the ticket’s 3 people" in page
    assert "2 of the ticket’s 3 people" in page


def test_whom_an_older_list_let_in_after_the_meetup_was_called_off_is_told_to_phone_and_organizers(
    app: Flask, meetup: Meetup
) -> None:
    before, after, refused, unsure = (make_registration(meetup, status_at=ago(300)) for _ in range(4))
    phone, online = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    with time_machine.travel(ago(40), tick=False):
        meetup_states.call_off(meetup.id, "a flood", "account:1")

    verdicts = [
        offline(phone, code_of(before), 50, let_in=1)["verdict"],
        offline(phone, code_of(after), 30, let_in=1)["verdict"],
        offline(phone, code_of(refused), 20, let_in=0)["verdict"],
        offline(phone, code_of(unsure), 10)["verdict"],
        online.scan(code=code_of(refused))["verdict"],
    ]

    assert verdicts == ["ok", *["called_off"] * 4]
    listed = door_conflicts.of(meetup.id)
    assert [each.reference for each in listed] == [unsure.reference, after.reference]
    assert {(each["kind"], each["void_by"]) for each in told(phone)} == {("old_list", "called_off")}
    assert [each["id"] for each in told(phone)] == [each.scan_id for each in listed]
    assert all(each["void_since"] < each["again"]["at"] for each in told(phone))
    assert told(online) == []


def test_whom_an_older_list_let_in_after_the_organizer_cancelled_them_is_told(
    app: Flask, meetup: Meetup
) -> None:
    guest, phone = make_registration(meetup, status_at=ago(300)), enrolled(app, meetup, "앞 폰")
    with time_machine.travel(ago(40), tick=False):
        registrations.decline(guest.id, "account:1", "a mistake")

    assert offline(phone, code_of(guest), 20, let_in=1)["verdict"] == "unapproved"

    assert [(each["kind"], each["void_by"]) for each in told(phone)] == [("old_list", "cancelled")]


def test_a_ticket_that_the_phone_s_list_refused_too_is_no_conflict(app: Flask, meetup: Meetup) -> None:
    refused, let_in = (make_registration(meetup, status_at=ago(300)) for _ in "ab")
    phone = enrolled(app, meetup, "앞 폰")
    with time_machine.travel(ago(40), tick=False):
        registrations.cancel(refused.id)
        registrations.cancel(let_in.id)

    offline(phone, code_of(refused), 20, let_in=0)
    admitted = offline(phone, code_of(let_in), 10, let_in=1)

    assert [(each["kind"], each["id"]) for each in told(phone)] == [("old_list", admitted["id"])]
    assert len(door_conflicts.of(meetup.id)) == 1


def test_what_a_phone_did_while_the_answer_got_lost_is_known_once_it_sends_the_scan_again(
    app: Flask, meetup: Meetup
) -> None:
    guest = make_registration(meetup, status_at=ago(300))
    phone = enrolled(app, meetup, "앞 폰")
    with time_machine.travel(ago(40), tick=False):
        registrations.cancel(guest.id)
    made = scan(code=code_of(guest))
    assert phone.send(made)[0]["verdict"] == "canceled"
    assert told(phone) == []

    (again,) = phone.send(made | {"let_in": 1})
    (changed,) = phone.send(made | {"let_in": 0})

    assert [(each["verdict"], each["replayed"]) for each in (again, changed)] == [("canceled", True)] * 2
    assert [each["id"] for each in told(phone)] == [made["id"]]


@pytest.mark.parametrize("said", ["by the phones' own lists", "by their corrections", "by the server"])
def test_more_people_than_the_ticket_has_are_told_to_both_phones_and_the_organizers(
    app: Flask, meetup: Meetup, said: str
) -> None:
    guest = make_registration(meetup, companions=2)
    front, back, side = (enrolled(app, meetup, name) for name in ("앞 폰", "뒤 폰", "옆 폰"))
    code, early = code_of(guest), ago(30).isoformat()
    first = scan(code=code, scanned_at=early, let_in=2)
    if said == "by the server":
        again = scan(code=code)
        back.send(again)
        front.send(first, party(first["id"], 1))
    else:
        again = scan(code=code, scanned_at=ago(20).isoformat(), let_in=3)
        correct = said == "by their corrections"
        back.send(again, *([party(again["id"], 2)] if correct else []))
        front.send(first, *([party(first["id"], 2)] if correct else []))

    (at_front,), (at_back,) = told(front), told(back)
    over = {"by the phones' own lists": 2, "by their corrections": 1, "by the server": 1}[said]
    assert told(side) == []
    assert (at_front["kind"], at_front["id"], at_front["size"], at_front["over"]) == (
        "too_many",
        again["id"],
        3,
        over,
    )
    assert [at_front[each]["here"] for each in ("first", "again")] == [True, False]
    assert [at_back[each]["here"] for each in ("first", "again")] == [False, True]
    (conflict,) = door_conflicts.of(meetup.id)
    assert (conflict.kind, conflict.over, conflict.let_in) == ("too_many", over, True)


def test_a_party_that_comes_in_parts_is_no_conflict(app: Flask, meetup: Meetup) -> None:
    guest = make_registration(meetup, companions=2)
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    made = scan(code=code_of(guest))
    front.send(made, party(made["id"], 2))
    back.scan(code=code_of(guest))

    assert door_conflicts.of(meetup.id) == []


def test_a_conflict_after_a_return_names_the_entry_by_which_they_were_back(
    app: Flask, meetup: Meetup
) -> None:
    guest = make_registration(meetup)
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    came, left, returned, again = (ago(minutes).isoformat() for minutes in (40, 30, 20, 10))
    code = code_of(guest)

    front.send(scan(code=code, scanned_at=again, let_in=1), scan(code=code, scanned_at=came, let_in=1))
    back.send(scan(code=code, scanned_at=left, kind="exit"), scan(code=code, scanned_at=returned, let_in=1))

    (conflict,) = door_conflicts.of(meetup.id)
    assert conflict.first is not None
    assert (conflict.first.device, conflict.again.device) == ("뒤 폰", "앞 폰")
    assert abs(conflict.first.at - dt.datetime.fromisoformat(returned)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("later_first", [False, True])
def test_a_ticket_held_to_one_phone_twice_is_no_conflict_in_whatever_order_it_uploads(
    app: Flask, meetup: Meetup, later_first: bool
) -> None:
    guest, phone = make_registration(meetup), enrolled(app, meetup, "앞 폰")
    shown = [
        scan(code=code_of(guest), scanned_at=ago(30).isoformat(), let_in=1),
        scan(code=code_of(guest), scanned_at=ago(20).isoformat(), let_in=0),
    ]

    for each in reversed(shown) if later_first else shown:
        phone.send(each)

    assert (told(phone), door_conflicts.of(meetup.id)) == ([], [])


@pytest.mark.parametrize("later_first", [False, True])
@pytest.mark.parametrize("companions", [0, 2])
def test_whom_one_phone_refused_and_another_let_in_came_in_there_and_once(
    app: Flask, meetup: Meetup, later_first: bool, companions: int
) -> None:
    guest = make_registration(meetup, companions=companions)
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    sent = [(front, 30, 0), (back, 20, 1 + companions)]

    for phone, minutes, people in reversed(sent) if later_first else sent:
        offline(phone, code_of(guest), minutes, let_in=people)

    assert (told(front), told(back), door_conflicts.of(meetup.id)) == ([], [], [])
    end_reading()
    row = db.session.get_one(Registration, guest.id, populate_existing=True)
    by = db.session.get_one(CheckIn, row.admitted_by_id)
    assert (by.device_id, row.admitted_at, row.admitted_count) == (
        back.device.id,
        by.corrected_at,
        1 + companions,
    )


def test_whom_a_phone_refused_and_nobody_else_saw_is_in_by_the_server_s_late_word(
    app: Flask, meetup: Meetup
) -> None:
    guest, phone = make_registration(meetup), enrolled(app, meetup, "앞 폰")

    assert offline(phone, code_of(guest), 30, let_in=0)["verdict"] == "ok"

    end_reading()
    assert db.session.get_one(Registration, guest.id, populate_existing=True).admitted_count == 1


@pytest.mark.parametrize("companions", [0, 2])
def test_whom_the_server_s_late_word_let_in_at_one_gate_came_in_there_and_is_told_so_at_the_next(
    app: Flask, meetup: Meetup, companions: int
) -> None:
    guest = make_registration(meetup, companions=companions)
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    entry = scan(code=code_of(guest))
    front.send(entry)

    front.send(entry | {"let_in": 0}, party(entry["id"], 1 + companions))
    again = back.scan(code=code_of(guest))

    assert (again["verdict"], again["first"]["device"]) == ("already_redeemed", "앞 폰")
    end_reading()
    row = db.session.get_one(Registration, guest.id, populate_existing=True)
    assert db.session.get_one(CheckIn, row.admitted_by_id).scan_id == entry["id"]


@pytest.mark.parametrize("later_first", [False, True])
def test_a_cancelled_ticket_that_came_twice_is_told_in_whatever_order_the_phones_upload(
    app: Flask, meetup: Meetup, later_first: bool
) -> None:
    guest = make_registration(meetup, status_at=ago(300))
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    registrations.cancel(guest.id)
    sent = [(front, 30), (back, 20)]

    for phone, minutes in reversed(sent) if later_first else sent:
        offline(phone, code_of(guest), minutes, let_in=1)

    assert {each["kind"] for each in told(front)} == {"again", "cancelled"}
    assert [each["kind"] for each in told(back)] == ["again"]


def test_what_a_phone_had_shown_as_already_in_is_told_to_no_phone(app: Flask, meetup: Meetup) -> None:
    guest = make_registration(meetup)
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    offline(front, code_of(guest), 30)
    offline(front, code_of(guest), 20)
    back.scan(code=code_of(guest))

    assert (told(front), told(back)) == ([], [])
    assert [each.let_in for each in door_conflicts.of(meetup.id)] == [False]


def test_an_override_of_a_ticket_that_the_server_refuses_is_told(app: Flask, meetup: Meetup) -> None:
    gone = make_registration(meetup, make_person(meetup.program, "나경민"), status=Status.CANCELLED)
    good = make_registration(meetup)
    phone = enrolled(app, meetup, "앞 폰", DeviceRole.SUPERVISE)
    made = [
        scan(registration=gone.reference, method="list"),
        scan(code=code_of(good)),
        scan(code="A" * 26),
    ]

    phone.send(*made, *(override_of(each["id"]) for each in made))

    conflicts = {each["verdict"]: (each["kind"], each["name"]) for each in told(phone)}
    assert conflicts == {"canceled": ("override", "나경민"), "invalid": ("override", None)}


def test_a_phone_that_asks_again_is_told_when_there_is_a_conflict_and_costs_no_query_for_each(
    app: Flask, meetup: Meetup
) -> None:
    front, back = enrolled(app, meetup, "앞 폰"), enrolled(app, meetup, "뒤 폰")
    tag = front.get("state").headers["ETag"]
    counted = []
    for number in (1, 9):
        for _ in range(number):
            code = code_of(make_registration(meetup))
            offline(front, code, 30)
            offline(back, code, 20)
        end_reading()
        with statements() as asked:
            answer = front.client.get(f"/door/{meetup.slug}/api/state", headers={"If-None-Match": tag})
        counted.append(len(asked))
        assert (answer.status_code, len(answer.json["conflicts"]) >= number) == (200, True)
        tag = answer.headers["ETag"]

    again = front.client.get(f"/door/{meetup.slug}/api/state", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert counted[0] == counted[1]


def test_a_scan_whose_phone_s_clock_was_set_anew_since_keeps_its_time_and_the_history_says_that_it_is_uncertain(
    app: Flask, meetup: Meetup
) -> None:
    guest, plain = make_registration(meetup), make_registration(meetup)
    phone = enrolled(app, meetup, "앞 폰")
    three_hours = dt.timedelta(hours=3)
    wrong = scan(code=code_of(guest), scanned_at=(ago(30) + three_hours).isoformat(), skew=-10_800_000)
    odd = [
        scan(code=code_of(plain), scanned_at=ago(9).isoformat(), skew=each) for each in ("x", True, 0, 1e300)
    ]

    phone.send(wrong, *odd)
    again = phone.send(wrong | {"skew": 5})

    assert again[0]["verdict"] == "ok"
    moments = {each.act: each for each in attendee.history(guest.id)}
    assert moments["checked_in"].is_uncertain
    assert abs(moments["checked_in"].at - ago(30)) < dt.timedelta(minutes=1)
    assert not any(each.is_uncertain for each in attendee.history(plain.id))
