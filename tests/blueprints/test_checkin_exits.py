"""Exit and re-entry at the endpoints: what a phone is answered, and what everybody is told of it."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from app.blueprints.exports import columns
from app.clock import now
from app.db import db, end_reading
from app.models import DeviceRole, Meetup, Program, Registration
from app.services.door import checkins, door_counts, door_standing
from app.services.organizing import people_pages
from app.services.organizing.filters import Filter
from app.services.registering import registrations
from tests.factories import (
    code_of,
    make_account,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser
from tests.support.counting import statements
from tests.support.door import Phone, party, scan
from tests.support.offline import SealedList


def door(app: Flask, companions: int = 0, **fields: Any) -> tuple[Meetup, Registration, Phone]:
    """A meetup that notes who leaves, a guest, a supervisor's phone."""
    program = make_program()
    meetup = make_meetup(program, door_tracks_exits=True, **fields)
    person = make_person(program, "김하늘")
    guest = make_registration(meetup, person, cohort=make_cohort(program, 3), companions=companions)
    return meetup, guest, Phone(app, meetup, DeviceRole.SUPERVISE, gate="정문")


def through(guest: Registration, kind: str = "exit", minutes: int = 0, **fields: Any) -> dict[str, Any]:
    """A scan of the guest's ticket, so many minutes ago."""
    at = now() - dt.timedelta(minutes=minutes)
    return scan(code=code_of(guest), kind=kind, scanned_at=at.isoformat(), **fields)


def stands(registration: Registration) -> tuple[int, int, bool]:
    """People of the ticket who came and who are in; whether somebody is out again."""
    end_reading()
    row = db.session.get_one(Registration, registration.id, populate_existing=True)
    return row.admitted_count, row.admitted_count - row.left_count, row.left_at is not None


def verdicts(outcomes: list[dict[str, Any]]) -> list[str]:
    return [each["verdict"] for each in outcomes]


def undo(phone: Phone, scan_id: str) -> dict[str, Any]:
    body: dict[str, Any] = phone.post(
        "undo", {"id": str(uuid.uuid4()), "undoes": scan_id, "reason": "mistaken"}
    ).json
    return body


def test_a_guest_comes_in_leaves_and_comes_back_and_is_orange_only_while_in(app: Flask):
    _, guest, phone = door(app)
    outcomes = [phone.scan(code=code_of(guest)) for _ in range(2)]
    outcomes += [phone.scan(code=code_of(guest), kind=kind) for kind in ("exit", "exit", "entry", "entry")]

    assert verdicts(outcomes) == ["ok", "already_redeemed", "left", "not_in", "ok", "already_redeemed"]
    goodbye, again, back, orange = outcomes[2:]
    assert goodbye["person"]["name"] == "김하늘"
    assert "left" not in goodbye
    assert (
        again["left"]
        == back["left"]
        == {"at": again["left"]["at"], "gate": "정문", "device": phone.device.name}
    )
    assert again["advice"]
    assert orange["first"] == outcomes[1]["first"], "the first entry of the evening"
    assert stands(guest) == (1, 1, False)


def test_what_is_said_of_leaving_and_coming_back_is_in_the_phone_s_language(app: Flask):
    meetup, guest, phone = door(app)
    korean = Phone(app, meetup, language="ko")

    told = [
        each.scan(code=code_of(guest), kind=kind)
        for each, kind in (
            (phone, "exit"),
            (phone, "entry"),
            (korean, "exit"),
            (korean, "exit"),
            (korean, "entry"),
        )
    ]

    assert told[0]["reason"] == "They aren't in: no entry of theirs is noted."
    assert told[2]["reason"] == "나갔어요."
    assert told[3]["reason"].startswith("안에 없어요. 오")
    assert told[3]["reason"].endswith("에 이미 나갔어요.")
    assert told[4]["reason"].startswith("다시 오셨네요. 오")


def test_an_exit_sent_again_gets_its_answer_again_and_lets_nobody_out_twice(app: Flask):
    _, guest, phone = door(app)
    phone.scan(code=code_of(guest))
    went = through(guest)
    (first,) = phone.send(went)
    back = through(guest, "entry")
    (second,) = phone.send(back)

    again = phone.send(went, back)
    other = phone.send(went | {"kind": "entry"})[0]

    assert again == [each | {"replayed": True} for each in (first, second)]
    assert other["error"] == "conflicting_body"
    assert stands(guest) == (1, 1, False)


def test_entry_exit_and_return_in_one_batch_are_taken_in_the_order_of_their_times(app: Flask):
    _, guest, phone = door(app)

    scans = [through(guest, kind) for kind in ("entry", "exit", "entry")]
    for seconds, each in zip((3, 2, 1), scans, strict=True):
        each["scanned_at"] = (now() - dt.timedelta(seconds=seconds)).isoformat()

    assert verdicts(phone.send(*reversed(scans))) == ["ok", "left", "ok"]
    assert stands(guest) == (1, 1, False)


def test_an_exit_that_arrives_before_its_entry_was_answered_not_in_and_counts_when_the_entry_is_known(
    app: Flask,
):
    meetup, guest, _ = door(app)
    earlier = now() - dt.timedelta(hours=1)
    out, inside = (Phone(app, meetup, created_at=earlier) for _ in range(2))

    (early,) = out.send(through(guest, minutes=1))
    (late,) = inside.send(through(guest, "entry", minutes=5))

    assert (early["verdict"], late["verdict"]) == ("not_in", "ok")
    assert stands(guest) == (1, 0, True)
    assert Phone(app, meetup).scan(code=code_of(guest))["verdict"] == "ok"


def test_a_party_leaves_together_or_as_many_of_it_as_the_door_says(app: Flask):
    _, guest, phone = door(app, companions=2)
    phone.scan(code=code_of(guest))
    went = through(guest)

    (left,) = phone.send(went)
    (one,) = phone.send(party(went["id"], 1))
    after_one = stands(guest)
    back = phone.scan(code=code_of(guest))

    assert left["party"] == {"size": 3, "in": 0, "by_this": 3}
    assert one["party"] == {"size": 3, "in": 2, "by_this": 1}
    assert after_one == (3, 2, True)
    assert (back["verdict"], back["party"]) == ("ok", {"size": 3, "in": 3, "by_this": 1})


def test_a_supervisor_takes_an_exit_back_and_nobody_else_does(app: Flask):
    meetup, guest, phone = door(app)
    phone.scan(code=code_of(guest))
    went = phone.scan(code=code_of(guest), kind="exit")

    refused = undo(Phone(app, meetup), went["id"])
    undone = undo(phone, went["id"])

    assert refused["error"] == "not_allowed"
    assert (undone["verdict"], undone["reason"]) == ("undone", "The exit was undone. They are in again.")
    assert stands(guest) == (1, 1, False)
    assert phone.scan(code=code_of(guest))["verdict"] == "already_redeemed"


def test_an_exit_that_found_nobody_in_is_nothing_to_undo(app: Flask):
    _, guest, phone = door(app)

    assert undo(phone, phone.scan(code=code_of(guest), kind="exit")["id"])["error"] == "nothing_to_undo"


def test_whoever_is_in_may_leave_though_their_registration_was_cancelled_meanwhile(app: Flask):
    meetup, guest, _ = door(app)
    phone = Phone(app, meetup, created_at=now() - dt.timedelta(hours=1))
    came, code = through(guest, "entry", minutes=20), code_of(guest)
    registrations.cancel(guest.id)

    told = [*phone.send(came), phone.scan(code=code, kind="exit")]

    assert verdicts(told) == ["ok", "left"]


def test_counts_tell_who_is_in_now_and_who_came(app: Flask):
    meetup, guest, phone = door(app)
    make_registration(meetup)
    for kind in ("entry", "exit"):
        body = phone.post("scans", {"scans": [through(guest, kind)], "sent_at": now().isoformat()}).json

    assert body["counts"] | {"by_cohort": None} == {"in": 0, "came": 1, "expected": 2, "by_cohort": None}
    assert [(each["in"], each["came"]) for each in body["counts"]["by_cohort"]] == [(0, 1), (0, 0)]
    phone.scan(code=code_of(guest))
    assert (door_counts.of(meetup.id).inside, door_counts.of(meetup.id).came) == (1, 1)


def test_search_says_who_has_left(app: Flask):
    _, guest, phone = door(app)
    phone.scan(code=code_of(guest))
    phone.scan(code=code_of(guest), kind="exit")

    (found,) = phone.get("search", q="김하늘").json["people"]  # type: ignore[index]

    assert (found["in"], bool(found["in_at"]), bool(found["left_at"])) == (False, True, True)


def test_phones_learn_who_left_and_who_came_back_from_what_changed_since_they_asked(app: Flask):
    _, guest, phone = door(app)
    held, code = SealedList(phone), code_of(guest)
    held.refresh()
    told = []
    for kind in ("entry", "exit", "entry"):
        phone.scan(code=code, kind=kind)
        held.refresh()
        told.append((held.verdict(code), held.verdict(code, "exit")))

    assert told == [("already_redeemed", "left"), ("ok", "not_in"), ("already_redeemed", "left")]


def test_an_organizer_notes_an_exit_by_hand(app: Flask):
    meetup, guest, phone = door(app)
    phone.scan(code=code_of(guest))

    given = {"id": str(uuid.uuid4()), "registration": guest.reference, "kind": "exit"}
    outcome = checkins.record_at_desk(meetup.id, make_account().id, given)

    assert outcome.verdict == "left"
    assert stands(guest) == (1, 0, True)


def test_where_nobody_notes_who_leaves_a_check_in_takes_no_statement_more(app: Flask):
    plain = make_meetup()
    phone = Phone(app, plain)
    first, second = (code_of(make_registration(plain)) for _ in range(2))
    phone.scan(code=first)

    with statements() as seen:
        phone.scan(code=second)

    written = [each.split()[0] for each in seen if each.split()[0] in ("SELECT", "INSERT", "UPDATE")]
    assert written.count("SELECT") <= 2, seen
    assert written.count("UPDATE") == 1, seen


def test_where_somebody_notes_who_leaves_nothing_is_read_twice(app: Flask):
    _, guest, phone = door(app)
    code, asked = code_of(guest), []
    phone.scan(code="A" * 26)
    for kind in ("entry", "entry", "exit", "entry"):
        with statements() as seen:
            phone.scan(code=code, kind=kind)
        about_the_door = [
            each for each in seen if "anon_1.expected" not in each
        ]  # the counts, told to all phones
        asked.append(sum(each.split()[0] in ("SELECT", "INSERT", "UPDATE") for each in about_the_door))

    # The look, the ledger's row, the person's, and their history; from the second scan on PostgreSQL locks first.
    assert asked[0] == 4
    assert set(asked[1:]) <= {4, 5}


def test_entry_exit_and_return_in_one_batch_count_one_after_the_other_also_where_nobody_notes_exits(
    app: Flask,
):
    meetup = make_meetup()
    guest, phone = make_registration(meetup), Phone(app, meetup, created_at=now() - dt.timedelta(hours=5))
    batch = [through(guest, kind, minutes) for kind, minutes in (("entry", 30), ("exit", 20), ("entry", 10))]

    told = [each["verdict"] for each in phone.send(*batch)]

    assert told == ["ok", "left", "ok"]
    assert stands(guest) == (1, 1, False)


@pytest.mark.parametrize("seed", range(3))
def test_phones_that_scan_one_ticket_in_and_out_at_once_leave_what_the_ledger_says(app: Flask, seed: int):
    meetup, guest, _ = door(app)
    phones, code = [Phone(app, meetup) for _ in range(4)], code_of(guest)

    def scan_in_and_out(number: int) -> list[str]:
        kinds = ("entry", "exit") if (number + seed) % 2 else ("exit", "entry")
        return [phones[number].scan(code=code, kind=kind)["verdict"] for kind in kinds * 3]

    with ThreadPoolExecutor(4) as pool:
        told = [verdict for each in pool.map(scan_in_and_out, range(4)) for verdict in each]

    assert set(told) <= {"ok", "already_redeemed", "left", "not_in"}
    end_reading()
    held = door_standing.read(db.session.connection(), guest.id).standing
    assert stands(guest) == (held.came, held.people, held.left is not None)


@pytest.fixture
def desk(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> tuple[Meetup, Registration, str]:
    """A guest who came in, left, and came in again; an organizer who looks."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    meetup, guest, phone = door(app)
    for kind in ("exit", "entry", "exit", "entry"):
        phone.scan(code=code_of(guest), kind=kind)
    program = db.session.get_one(Program, meetup.program_id)
    sign_in(client, make_member(program))
    return meetup, guest, f"/desk/{program.slug}/meetups/{meetup.slug}"


def test_the_attendee_s_page_tells_of_every_exit_and_return_and_takes_note_of_one(
    client: Browser, desk: tuple[Meetup, Registration, str]
):
    _, guest, here = desk
    page = f"{here}/attendees/{guest.reference}"
    before = client.get(page).text
    client.post(f"{here}/check-ins", data={"reference": guest.reference, "kind": "exit"})
    after = client.get(page).text

    assert all(act in before for act in ("Came to the exit, not in", "Checked in", "Left", "Came in again"))
    assert ("They have left" in before, "Left again" in before) == (True, False)
    assert ("They have left" in after, "Left again" in after) == (False, True)
    assert stands(guest) == (1, 0, True)


def test_the_door_s_page_and_the_live_view_tell_who_is_in_now(
    client: Browser, desk: tuple[Meetup, Registration, str]
):
    _, guest, here = desk
    client.post(f"{here}/check-ins", data={"reference": guest.reference, "kind": "exit"})

    for page in ("door", "door/live"):
        assert "0 in now, 1 left again" in client.get(f"{here}/{page}").text


def test_a_list_has_columns_for_who_is_in_and_when_they_left_only_where_it_is_noted(
    app: Flask, desk: tuple[Meetup, Registration, str]
):
    meetup, _, _ = desk
    with app.test_request_context():
        noted = columns.offered(meetup, of_lists=True)
        (row,) = people_pages.page(meetup.id, Filter(), size=1).rows
        told = noted["in_now"].value(row), noted["left_at"].value(row)
        plain = columns.offered(make_meetup(), of_lists=True)

    assert told == (1, None)
    assert not {"in_now", "left_at"} & plain.keys()
