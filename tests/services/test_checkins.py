"""The ledger under repetition, disorder and haste, through the phone's own requests."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading
from app.domain import tokens
from app.domain.door import tickets
from app.domain.door.admission import Verdict
from app.domain.door.moments import ClockFault
from app.models import CheckIn, DeviceRole, Registration
from app.services.door import checkins, door_standing
from tests.factories import code_of, make_device, make_meetup, make_registration
from tests.support.door import Phone, scan


def rows() -> int:
    end_reading()
    return db.session.execute(select(func.count()).select_from(CheckIn)).scalar_one()


def admitted(registration: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def test_a_confirmed_ticket_enters_once_and_the_second_phone_learns_who_when_and_where(app: Flask):
    meetup = make_meetup()
    code = code_of(make_registration(meetup))
    first, second = Phone(app, meetup, gate="정문"), Phone(app, meetup)

    green, orange = first.scan(code=code), second.scan(code=code)

    assert [green["verdict"], orange["verdict"]] == ["ok", "already_redeemed"]
    assert orange["person"] == green["person"]
    assert (orange["first"]["gate"], orange["first"]["device"]) == ("정문", first.device.name)


def test_batches_sent_five_times_and_shuffled_leave_one_row_a_scan_and_the_same_answers(app: Flask):
    meetup = make_meetup()
    codes = [code_of(make_registration(meetup)) for _ in range(6)]
    phone, chance = Phone(app, meetup), random.Random(7)
    scans = [scan(code=chance.choice(codes)) for _ in range(20)] + [scan(payload="not ours")]
    first = {outcome["id"]: outcome for outcome in phone.send(*scans)}

    for _ in range(5):
        chance.shuffle(scans)
        for outcome in phone.send(*scans[: chance.randrange(1, len(scans))]):
            assert outcome == first[outcome["id"]] | {"replayed": True}

    assert rows() == len(scans)
    assert sum(outcome["verdict"] == "ok" for outcome in first.values()) == len(
        {each["code"] for each in scans if each["code"]}
    )


def test_a_batch_holds_the_same_ticket_twice_and_the_same_scan_twice(app: Flask):
    meetup = make_meetup()
    code = code_of(make_registration(meetup))
    one, two = (
        scan(code=code, scanned_at="2026-07-14T10:00:01Z"),
        scan(code=code, scanned_at="2026-07-14T10:00:00Z"),
    )

    outcomes = Phone(app, meetup).send(one, two, one)

    assert sorted(each["verdict"] for each in outcomes) == ["already_redeemed", "already_redeemed", "ok"] or [
        each["verdict"] for each in outcomes
    ] == ["ok", "already_redeemed", "ok"]
    assert outcomes[0] == outcomes[2]
    assert rows() == 2


def test_another_body_under_a_used_id_is_refused_for_that_item_alone(app: Flask):
    meetup = make_meetup()
    code, other = (code_of(make_registration(meetup)) for _ in range(2))
    phone, used = Phone(app, meetup), scan(code=code)
    phone.send(used)

    conflict, good = phone.send(used | {"code": other}, scan(code=other))

    assert conflict["error"] == "conflicting_body"
    assert good["verdict"] == "ok"


def test_malformed_items_hinder_no_other(app: Flask):
    meetup = make_meetup()
    good = scan(code=code_of(make_registration(meetup)))

    outcomes = Phone(app, meetup).send(None, [], "x", {"id": "nonsense"}, scan(kind="teleport"), good)

    assert [each.get("error") for each in outcomes] == ["malformed"] * 5 + [None]
    assert outcomes[-1]["verdict"] == "ok"


def test_the_same_id_at_two_meetups_is_two_scans(app: Flask):
    meetups = [make_meetup(), make_meetup()]
    shared = str(uuid.uuid4())

    verdicts = [
        Phone(app, each).scan(id=shared, code=code_of(make_registration(each)))["verdict"] for each in meetups
    ]

    assert verdicts == ["ok", "ok"]


def test_a_scan_is_never_dropped_for_its_clock(app: Flask):
    meetup = make_meetup()
    phone = Phone(app, meetup)
    at = now()
    for said in (
        "garbage",
        None,
        17,
        "9999-12-31T23:59:59Z",
        (at - dt.timedelta(hours=26)).isoformat(),
        "2026-07-14T10:00",
    ):
        registration = make_registration(meetup)

        (outcome,) = phone.send(scan(code=code_of(registration), scanned_at=said), sent_at="no time at all")

        assert outcome["verdict"] == "ok"
        assert abs((admitted(registration).admitted_at or at) - at) < dt.timedelta(minutes=1)


def test_a_phone_a_year_off_is_corrected(app: Flask):
    meetup, registration_time = make_meetup(), now() - dt.timedelta(seconds=30)
    registration = make_registration(meetup)
    phone = Phone(app, meetup, created_at=now() - dt.timedelta(hours=1))
    year = dt.timedelta(days=365)

    phone.send(
        scan(code=code_of(registration), scanned_at=(registration_time + year).isoformat()),
        sent_at=(now() + year).isoformat(),
    )

    stored = db.session.scalars(select(CheckIn)).one()
    assert abs(stored.corrected_at - registration_time) < dt.timedelta(seconds=5)
    assert (stored.clock_fault, stored.clock_offset_ms < -30_000_000_000) == (ClockFault.SKEWED, True)


def test_of_mutated_codes_none_enters(app: Flask):
    meetup, chance = make_meetup(), random.Random(3)
    registration = make_registration(meetup)
    _, token = make_device(meetup)
    code = code_of(registration)
    hashes = [tokens.hashed(token)]
    mutated = {mutate(code, chance) for _ in range(16_000)} - {code}
    scans = [scan(code=each) for each in sorted(mutated)[:10_000]]

    verdicts = set()
    for start in range(0, len(scans), 1000):
        outcomes = checkins.record(hashes, meetup.slug, scans[start : start + 1000], None).outcomes
        verdicts |= {outcome.verdict for outcome in outcomes}

    assert len(scans) == 10_000
    assert verdicts == {Verdict.INVALID}
    assert admitted(registration).admitted_at is None


def mutate(code: str, chance: random.Random) -> str:
    letters = list(code)
    for _ in range(chance.randint(1, 3)):
        letters[chance.randrange(len(letters))] = chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    if chance.random() < 0.3:
        i = chance.randrange(len(letters) - 1)
        letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


def test_rush_of_phones_at_one_ticket_admits_exactly_one(app: Flask):
    """Every ticket is posted by several phones at the same moment, on threads with their own connections."""
    meetup = make_meetup(capacity=100)
    registrations = [make_registration(meetup) for _ in range(25)]
    phones = [Phone(app, meetup) for _ in range(4)]
    posts = [(phone, code_of(each)) for each in registrations for phone in phones]
    random.Random(1).shuffle(posts)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda post: (post[1], post[0].scan(code=post[1])), posts))

    for registration in registrations:
        code = code_of(registration)
        verdicts = sorted(outcome["verdict"] for each, outcome in outcomes if each == code)
        assert verdicts == ["already_redeemed"] * 3 + ["ok"]
        ids = {outcome["id"] for each, outcome in outcomes if each == code}
        of_it = db.session.scalars(select(CheckIn).where(CheckIn.scan_id.in_(ids))).all()
        first = min(of_it, key=lambda row: (row.corrected_at, row.scan_id))
        assert admitted(registration).admitted_by_id == first.id
    assert all(o["first"]["device"] for _, o in outcomes if o["verdict"] == "already_redeemed")


def test_rush_of_one_upload_sent_several_times_at_once_is_stored_once(app: Flask):
    meetup = make_meetup()
    scans = [scan(code=code_of(make_registration(meetup))) for _ in range(10)]
    phones = [Phone(app, meetup) for _ in range(4)]

    def upload(n: int) -> list[dict[str, Any]]:
        mixed = random.Random(n).sample(scans, len(scans))
        return phones[n % 4].send(*mixed)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(upload, range(16)))

    assert rows() == 10
    assert {outcome["verdict"] for batch in answers for outcome in batch} == {"ok"}
    assert sum(not outcome["replayed"] for batch in answers for outcome in batch) == 10


def test_after_any_history_the_registration_says_what_the_ledger_says(app: Flask):
    """Random scans, repeats and undos: what is kept for speed equals what the fold derives from all rows."""
    meetup, chance = make_meetup(), random.Random(11)
    registrations = [make_registration(meetup) for _ in range(5)]
    codes = [code_of(each) for each in registrations]
    opened = now() - dt.timedelta(hours=1)
    phone = Phone(app, meetup, created_at=opened)
    chief = Phone(app, meetup, DeviceRole.SUPERVISE, created_at=opened)
    sent: list[dict[str, Any]] = []
    for _ in range(120):
        choice = chance.random()
        if choice < 0.55 or not sent:
            late = (now() - dt.timedelta(seconds=chance.randrange(60))).isoformat()
            sent.append(scan(code=chance.choice(codes), scanned_at=late))
            phone.send(sent[-1])
        elif choice < 0.7:
            phone.send(chance.choice(sent))
        else:
            target = chance.choice(sent)
            chief.post("undo", {"id": str(uuid.uuid4()), "undoes": target["id"], "reason": "try"})
        for registration in registrations:
            held = admitted(registration)
            assert (held.admitted_at, held.admitted_by_id) == folded(registration.id)


def folded(registration_id: int) -> tuple[dt.datetime | None, int | None]:
    held = door_standing.read(db.session.connection(), registration_id)
    first = held.standing.admitting
    return (first.at, held.keys[first.scan_id]) if first else (None, None)


def test_the_digest_finds_the_ticket_and_is_not_the_code(app: Flask):
    code = code_of(make_registration())

    assert len(tickets.digest(code)) == 16
    assert code.encode() not in tickets.digest(code)
