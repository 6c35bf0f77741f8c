"""The sealed list as phones get it: judged as online, readable by nobody, told in small parts."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest
from flask import Flask

from app.db import transaction
from app.domain.door import tickets
from app.domain.hosting.matching import HostListed
from app.keys import keys
from app.models import CheckIn, DeviceRole, Meetup, Person, Registration, Status, Ticket
from app.recent import Recent
from app.services.door import devices, door_list
from app.services.organizing import meetup_states
from app.services.registering import registrations
from app.services.registering.tickets import reissue
from tests.contract import VERDICT_CASES
from tests.factories import (
    code_of,
    make_cohort,
    make_meetup,
    make_person,
    make_program,
    make_registration,
    make_ticket,
)
from tests.support.counting import statements
from tests.support.door import Phone, presented, scan
from tests.support.offline import SealedList, unpacked


@pytest.fixture(autouse=True)
def _read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes follow each other faster here than in life."""
    monkeypatch.setattr(door_list, "FRESH_SECONDS", 0.0)


def door(app: Flask, guests: int = 3, **fields: Any) -> tuple[SealedList, list[Registration]]:
    """A phone at a meetup with some confirmed guests."""
    program = make_program()
    cohort, meetup = make_cohort(program, 3), make_meetup(program)
    people = [make_registration(meetup, make_person(program), cohort=cohort) for _ in range(guests)]
    return SealedList(Phone(app, meetup, **fields)), people


def differing(one: str, other: str) -> list[str]:
    """The buckets in which two answers' tags differ."""
    old, new = unpacked(one), unpacked(other)
    return [f"{n:02x}" for n in range(256) if old[4 * n : 4 * n + 4] != new[4 * n : 4 * n + 4]]


def selects(seen: list[str]) -> int:
    return sum(each.startswith("SELECT") for each in seen)


def bucket_with(code: str, held: SealedList) -> str:
    return f"{door_list.sealing.lookup(code, held.meetup)[0]:02x}"


def test_the_list_says_why_a_ticket_is_not_confirmed_and_a_tablet_hears_nothing_of_it(app: Flask):
    meetup = make_meetup(make_program())
    code = make_ticket(make_registration(meetup, status=Status.OFFERED))
    phone, tablet = (SealedList(Phone(app, meetup, role)) for role in (DeviceRole.SCAN, DeviceRole.KIOSK))

    records = []
    for held in (phone, tablet):
        held.refresh()
        records.append(held.record(code))

    assert [record and (record.state, record.why) for record in records] == [
        ("unapproved", "offered"),
        ("ask_staff", None),
    ]


@pytest.mark.parametrize("case", VERDICT_CASES, ids=lambda case: case["name"])
def test_offline_a_ticket_gets_the_verdict_that_it_gets_online(app: Flask, case: dict[str, Any]):
    meetup, code = presented(app, case)
    kind = case.get("kind", "entry")
    held = SealedList(Phone(app, meetup))
    held.refresh()

    offline, online = held.verdict(code, kind), held.phone.scan(code=code, kind=kind)["verdict"]

    assert online == case["verdict"]
    assert offline == ("unknown" if online in ("invalid", "wrong_meetup") else online)


def test_a_record_says_whom_the_ticket_admits_as_the_online_answer_does(app: Flask):
    held, (guest, *_) = door(app)
    held.refresh()

    record, person = held.record(code_of(guest)), held.phone.scan(code=code_of(guest))["person"]

    assert record
    assert person == {
        "name": record.name,
        "cohort": record.cohort,
        "reference": record.reference,
        "note": record.note,
    }


@pytest.mark.parametrize("listed", [None, *HostListed])
def test_online_and_offline_a_phone_hears_of_whom_the_larger_events_host_lacks(
    app: Flask, listed: HostListed | None
):
    held, (guest, *_) = door(app)
    with transaction() as session:
        session.get_one(Registration, guest.id).host_listed = listed
    held.refresh()
    said = listed if listed in {HostListed.UNSURE, HostListed.NOT_LISTED} else None

    record, person = held.record(code_of(guest)), held.phone.scan(code=code_of(guest))["person"]

    assert record
    assert (record.host, record.state, person.get("host")) == (said, "admitted", said)


def test_nothing_of_anybody_is_in_the_answer_in_clear(app: Flask):
    program = make_program()
    cohort, meetup = make_cohort(program, 37), make_meetup(program)
    people = [make_person(program, f"비밀이름{n}", f"secret{n}@example.com") for n in range(30)]
    guests = [make_registration(meetup, p, cohort=cohort, phone="010-1234-5678") for p in people]
    waiting = make_registration(meetup, make_person(program, "대기자이름"), Status.WAITLISTED, cohort=cohort)
    codes = [*map(code_of, guests), make_ticket(waiting)]
    phone = Phone(app, meetup)
    phone.scan(code=codes[0], gate="정문")

    response = SealedList(phone).ask()

    inside = b"".join(base64.b64decode(text) for text in response.json["buckets"].values())  # type: ignore[index]
    seen = response.data + inside
    clear = [f"비밀이름{n}" for n in range(30)] + [
        "대기자이름",
        "secret",
        "example.com",
        "5678",
        "Cohort",
        "37기",
    ]
    clear += [each.reference for each in (*guests, waiting)] + codes + ["admitted", "waitlisted"]
    assert [word for word in clear if word.encode() in seen] == []
    with transaction() as session:
        rows = session.query(Ticket).all()
    hidden = [row.digest for row in rows] + [keys().ticket, keys().link]
    hidden += [door_list.sealing.seal_key(code, meetup.id) for code in codes]
    spelled = [(each, each.hex().encode(), base64.b64encode(each)[:-2]) for each in hidden]
    assert [each for forms in spelled for each in forms if each in seen] == []
    assert [row.uid for row in rows if row.uid.encode() in seen] == []


def test_a_changed_name_changes_its_bucket_and_no_other(app: Flask):
    held, guests = door(app, guests=20)
    before = held.refresh()
    with transaction() as session:
        session.get_one(Person, guests[4].person_id).name = "새이름"

    after = held.refresh()

    assert before
    assert after
    mine = bucket_with(code_of(guests[4]), held)
    assert list(after["buckets"]) == differing(before["tags"], after["tags"]) == [mine]
    assert (held.record(code_of(guests[4])) or guests[4]).name == "새이름"  # type: ignore[union-attr]


def test_a_cancelled_registration_changes_its_bucket_alone_and_stays_as_canceled(app: Flask):
    held, guests = door(app, guests=20)
    code = code_of(guests[7])
    held.refresh()
    registrations.cancel(guests[7].id)

    after = held.refresh()

    assert after
    assert list(after["buckets"]) == [bucket_with(code, held)]
    assert (held.verdict(code), after["count"]) == ("canceled", 20)


def test_a_new_registration_is_a_record_more(app: Flask):
    held, _ = door(app)
    held.refresh()
    with transaction() as session:
        meetup = session.get_one(Meetup, held.meetup)
    late = make_registration(meetup)

    after = held.refresh()

    assert after
    assert (list(after["buckets"]), after["count"]) == ([bucket_with(code_of(late), held)], 4)
    assert held.verdict(code_of(late)) == "ok"


def test_calling_the_meetup_off_reaches_every_record(app: Flask):
    held, guests = door(app)
    held.refresh()
    meetup_states.call_off(held.meetup, "a storm", "account:1")

    held.refresh()

    assert {held.verdict(code_of(guest)) for guest in guests} == {"called_off"}


def test_the_first_answer_holds_every_bucket_the_next_none(app: Flask):
    held, _ = door(app)

    first, tag = held.refresh(), held.etag
    held.etag = ""
    second = held.refresh()

    assert first
    assert second
    assert len(first["buckets"]) == 256
    assert sorted(first["buckets"]) == list(first["buckets"])
    assert (second["buckets"], second["tags"], held.etag) == ({}, first["tags"], tag)
    assert (first["version"], first["count"]) == (1, 3)


def test_a_meetup_without_tickets_has_an_empty_list(app: Flask):
    held = SealedList(Phone(app, make_meetup()))

    body = held.refresh()

    assert body
    assert (body["count"], set(body["buckets"].values()), body["arrivals"]) == (0, {""}, [])


def test_another_language_is_another_list(app: Flask):
    held, (guest, *_) = door(app)
    held.refresh()
    english = held.record(code_of(guest))
    held.phone.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko"

    held.refresh()

    korean = held.record(code_of(guest))
    assert english
    assert korean
    assert (english.cohort, korean.cohort) == ("Cohort 3", "3기")


GARBAGE = ["x", "A" * 1365, "A" * 1370, "=" * 1366, "한글" * 10, "A" * 1365 + "+", "A" * 20_000]


@pytest.mark.parametrize("have", GARBAGE)
def test_tags_that_we_never_gave_out_are_refused_in_words(app: Flask, have: str):
    answer = Phone(app, make_meetup()).get("manifest", have=have)

    assert (answer.status_code, answer.json["error"]) == (400, "unreadable_list")  # type: ignore[index]
    assert answer.json["reason"].startswith("The server couldn't read which part")  # type: ignore[index]


@pytest.mark.parametrize(
    "after",
    ["x", "1", "1.2", "1.2.3.4", "-1.0.0", "1.2.x", "١.٢.٣", "9" * 19 + ".1.1", "1.2.3\n", " 1.2.3"],
)
def test_a_cursor_that_we_never_gave_out_is_refused(app: Flask, after: str):
    answer = Phone(app, make_meetup()).get("manifest", after=after)

    assert (answer.status_code, answer.json["error"]) == (400, "unreadable_list")  # type: ignore[index]


def test_a_well_formed_cursor_from_nowhere_gets_the_whole_truth(app: Flask):
    held, (guest, other, _) = door(app)
    held.phone.scan(code=code_of(guest))

    answer = held.phone.get("manifest", after="999999999999999999.999999999999999999.0")

    told = {unpacked(at): entry for at, entry, _ in answer.json["arrivals"]}  # type: ignore[index]
    assert len(told) == 3
    assert told[door_list.sealing.lookup(code_of(guest), held.meetup)]
    assert told[door_list.sealing.lookup(code_of(other), held.meetup)] is None


def test_a_phone_without_its_permission_gets_401(app: Flask):
    held, _ = door(app)
    held.refresh()
    devices.revoke(held.meetup, held.phone.device.id, "account:1")

    assert held.ask().status_code == 401


def test_an_entry_reaches_the_other_phones_with_time_and_gate(app: Flask):
    held, (guest, other, _) = door(app, gate="정문")
    held.refresh()
    held.phone.scan(code=code_of(guest))

    body = held.refresh()

    assert body
    assert body["buckets"] == {}
    first = held.phone.scan(code=code_of(guest))["first"]
    assert held.arrival(code_of(guest)) == [first["at"], "정문"] == [first["at"], first["gate"]]
    assert (held.verdict(code_of(guest)), held.verdict(code_of(other))) == ("already_redeemed", "ok")


def test_an_entry_by_the_list_is_the_ticket_s_arrival_too(app: Flask):
    held, (guest, *_) = door(app)
    held.refresh()
    held.phone.scan(registration=guest.reference, method="list")
    held.refresh()

    assert held.verdict(code_of(guest)) == "already_redeemed"


def test_an_entry_undone_arrives_as_null_and_the_ticket_enters_again(app: Flask):
    held, (guest, *_) = door(app, role=DeviceRole.SUPERVISE)
    entered = held.phone.scan(code=code_of(guest))
    held.refresh()
    assert held.verdict(code_of(guest)) == "already_redeemed"
    held.phone.post("undo", {"id": str(uuid.uuid4()), "undoes": entered["id"], "reason": "wrong person"})

    body = held.refresh()

    assert body
    assert [entry for _, *entry in body["arrivals"]] == [[None, None]]
    assert held.verdict(code_of(guest)) == "ok"


def test_a_ticket_reissued_to_somebody_inside_is_in_on_phones_that_knew_the_old_one(app: Flask):
    held, (guest, *_) = door(app)
    old = code_of(guest)
    held.phone.scan(code=old)
    held.refresh()
    reissue(guest.id, "account:1")

    held.refresh()

    assert (held.verdict(old), held.verdict(code_of(guest))) == ("revoked", "already_redeemed")


def _entry(held: SealedList, guest: Registration, row_id: int) -> None:
    """A green scan whose row has this id, as a transaction that began when the id was given out commits it."""
    scanned = held.phone.scan(code=code_of(guest))
    with transaction() as session:
        row = session.query(CheckIn).filter_by(scan_id=scanned["id"]).one()
        session.get_one(Registration, guest.id).admitted_by_id = row_id
        row.id = row_id


@pytest.mark.parametrize("gap", [3, 5000])
def test_a_row_that_becomes_visible_late_is_missed_by_no_phone(app: Flask, gap: int):
    held, (first, late, _) = door(app)
    start = 10**9
    _entry(held, first, start + gap)
    held.refresh()
    _entry(held, late, start)

    held.refresh()

    assert [held.verdict(code_of(each)) for each in (first, late)] == ["already_redeemed"] * 2


def test_only_what_is_new_is_told_of_a_long_ledger(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.services.door.door_arrivals.OVERLAP", 5)
    held, guests = door(app, guests=30)
    for guest in guests[:20]:
        held.phone.scan(code=code_of(guest))
    held.refresh()
    held.phone.scan(code=code_of(guests[20]))

    body = held.refresh()

    assert body
    assert len(body["arrivals"]) == 6
    assert {held.verdict(code_of(each)) for each in guests[:21]} == {"already_redeemed"}
    assert {held.verdict(code_of(each)) for each in guests[21:]} == {"ok"}


def test_304_until_a_record_or_an_arrival_changes(app: Flask):
    held, (guest, other, _) = door(app)
    held.refresh()

    unchanged = held.ask()
    held.phone.scan(code=code_of(guest))
    entered, still = held.refresh(), held.refresh()
    registrations.cancel(other.id)

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["ETag"]
    assert entered
    assert still is None
    assert held.refresh()


def test_sealing_twice_never_uses_a_nonce_twice(app: Flask, monkeypatch: pytest.MonkeyPatch):
    held, _ = door(app, guests=40)
    nonces: list[bytes] = []
    for _ in range(3):
        monkeypatch.setattr(door_list, "_sealed", Recent(9999, 60.0))
        held.etag = held.tags = ""
        body = held.refresh()
        assert body
        for text in body["buckets"].values():
            rest = base64.b64decode(text)
            while rest:
                nonces.append(rest[16:28])
                rest = rest[30 + int.from_bytes(rest[28:30]) :]

    assert len(nonces) == 120
    assert len(set(nonces)) == 120


def test_a_bucket_is_sealed_once_for_all_phones(app: Flask):
    held, _ = door(app)
    with transaction() as session:
        meetup = session.get_one(Meetup, held.meetup)
    second = SealedList(Phone(app, meetup))
    held.refresh()
    second.refresh()

    assert held.buckets == second.buckets


def test_processes_that_share_nothing_but_the_key_make_the_same_tags(app: Flask):
    held, _ = door(app)
    first = held.refresh()
    app.extensions.pop("door_lists")
    held.etag = ""

    second = held.refresh()

    assert first
    assert second
    assert (second["tags"], second["buckets"]) == (first["tags"], {})


def test_a_process_that_knows_less_than_the_phone_looks_again_before_it_answers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    held, (guest, *_) = door(app)
    held.refresh()
    behind = app.extensions["door_lists"].pop(held.meetup)
    registrations.cancel(guest.id)
    held.refresh()
    app.extensions["door_lists"][held.meetup] = behind
    monkeypatch.setattr(door_list, "FRESH_SECONDS", 60.0)
    monkeypatch.setattr(door_list, "SURE_SECONDS", 0.0)

    assert held.refresh() is None
    assert held.verdict(code_of(guest)) == "canceled"


def test_between_two_looks_304_costs_two_statements_and_never_more_than_three(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    held, _ = door(app)
    held.refresh()

    with statements() as looking:
        assert held.refresh() is None
    monkeypatch.setattr(door_list, "FRESH_SECONDS", 60.0)
    with statements() as remembering:
        assert held.refresh() is None

    assert [selects(looking), selects(remembering)] == [3, 2]


def test_a_phone_whose_answer_got_lost_hears_that_the_list_tells_of_its_scan_and_hears_it_once(app: Flask):
    held, people = door(app)
    held.refresh()
    mine, waiting = scan(code=code_of(people[0])), scan(code=code_of(people[0]))
    held.unanswered = [waiting["id"], mine["id"], "no id", *(str(uuid.uuid4()) for _ in range(60))]
    assert held.refresh() is None

    held.phone.send(mine)
    told, again = held.refresh(), held.refresh()
    held.unanswered = []
    settled = held.refresh()

    assert (told or {})["stored"] == [mine["id"]]
    assert held.arrival(code_of(people[0]))
    assert again is None
    assert (settled or {})["stored"] == []


def test_the_number_of_statements_does_not_grow_with_the_tickets(app: Flask):
    def cost(guests: int) -> list[int]:
        held, people = door(app, guests=guests)
        held.ask()
        counted = []
        for scanned in (None, *people[: guests // 2]):
            if scanned:
                held.phone.scan(code=code_of(scanned))
            with statements() as seen:
                assert held.refresh()
            counted.append(selects(seen))
        return sorted(set(counted))

    cost(2)
    assert cost(2) == cost(30) == [5]


def test_a_forged_ticket_reads_nothing(app: Flask):
    held, _ = door(app, guests=10)
    held.refresh()
    forged = [tickets.derive_code(b"another key", uuid.uuid4().hex, 1) for _ in range(300)]

    assert {held.verdict(code) for code in forged} == {"unknown"}
    assert json.dumps(sorted(held.buckets)) == json.dumps([f"{n:02x}" for n in range(256)])
