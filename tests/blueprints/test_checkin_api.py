"""The phone's HTTP contract."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import CheckIn, DeviceRole, Meetup, Registration, Status
from app.services.door import devices
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
from tests.support.door import HEADERS, Phone, presented, scan


@pytest.mark.parametrize("case", VERDICT_CASES, ids=lambda case: case["name"])
def test_the_endpoint_gives_the_contract_s_verdict(app: Flask, case: dict[str, Any]):
    meetup, code = presented(app, case)

    outcome = Phone(app, meetup).scan(code=code, kind=case.get("kind", "entry"))

    assert outcome["verdict"] == case["verdict"]
    assert outcome["reason"]
    assert (outcome["person"] is None) == (case["verdict"] in ("invalid", "wrong_meetup"))


def test_each_state_that_is_not_approved_is_told_in_its_own_words(app: Flask):
    meetup = make_meetup()
    phone = Phone(app, meetup)
    states = [Status.APPLIED, Status.DECLINED, Status.OFFERED, Status.EXPIRED]

    reasons = {phone.scan(code=make_ticket(make_registration(meetup, status=s)))["reason"] for s in states}

    assert len(reasons) == 4


def test_what_is_no_ticket_an_unknown_code_and_another_meetup_s_ticket_read_differently(app: Flask):
    phone = Phone(app, make_meetup(), language="ko")

    foreign = phone.scan(code=None, payload="https://week.example/badge/7")
    unknown = phone.scan(code="A" * 26)
    other = phone.scan(code=code_of(make_registration()))

    assert [each["reason"] for each in (foreign, unknown, other)] == [
        "티켓이 아닌 QR이에요.",
        "없는 티켓 코드예요.",
        "다른 밋업의 티켓이에요.",
    ]
    assert all(each["advice"] for each in (foreign, unknown, other))


RED_STATES = [s for s in Status if s is not Status.CONFIRMED]


@pytest.mark.parametrize("status", RED_STATES)
def test_a_red_verdict_says_what_to_do_and_sends_no_supervisor_to_a_supervisor(app: Flask, status: Status):
    meetup = make_meetup()
    code = make_ticket(make_registration(meetup, status=status))

    staff = Phone(app, meetup, language="ko").scan(code=code)
    chief = Phone(app, meetup, DeviceRole.SUPERVISE, language="ko").scan(code=code)

    assert staff["reason"] == chief["reason"]
    assert staff["advice"]
    assert chief["advice"]
    assert "담당자" not in chief["reason"] + chief["advice"]


def test_already_in_is_said_with_name_cohort_time_and_gate(app: Flask):
    program = make_program()
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program)
    registration = make_registration(meetup, make_person(program, "김하늘"), cohort=cohort)
    phone = Phone(app, meetup, language="ko")
    phone.scan(code=code_of(registration), gate="정문")

    reason = phone.scan(code=code_of(registration))["reason"]

    assert reason.startswith("이미 입장했어요. 김하늘 님, 3기, 오")
    assert reason.endswith(", 정문")


def test_another_meetup_s_ticket_reveals_nothing_and_leaves_no_trace_of_whose_it_is(app: Flask):
    meetup, registration = make_meetup(), make_registration()

    outcome = Phone(app, meetup).scan(code=code_of(registration))

    assert (outcome["verdict"], outcome["person"], outcome["first"]) == ("wrong_meetup", None, None)
    stored = db.session.scalars(select(CheckIn)).one()
    assert (stored.registration_id, stored.ticket_id, stored.payload) == (None, None, None)


def test_a_reference_checks_in_at_its_own_meetup_only(app: Flask):
    meetup, elsewhere = make_meetup(), make_registration()
    registration = make_registration(meetup)
    phone = Phone(app, meetup)

    mine = phone.scan(registration=registration.reference, method="list")
    foreign = phone.scan(registration=elsewhere.reference, method="list")
    missing = phone.scan(registration="ZZZZZZZZZZ", method="list")

    assert mine["verdict"] == "ok"
    del foreign["id"], missing["id"]
    assert foreign == missing
    assert foreign["verdict"] == "invalid"


def test_counts_come_with_the_answer_and_count_it(app: Flask):
    program = make_program()
    second, first = make_cohort(program, 2), make_cohort(program, 1)
    meetup = make_meetup(program)
    registration = make_registration(meetup, make_person(program), cohort=first)
    make_registration(meetup, make_person(program), cohort=second)
    make_registration(meetup, make_person(program), Status.WAITLISTED, cohort=second)
    phone = Phone(app, meetup)
    phone.get("state")

    response = phone.post(
        "scans", {"scans": [scan(code=code_of(registration))], "sent_at": now().isoformat()}
    )

    counts = response.json["counts"]  # type: ignore[index]
    assert (counts["in"], counts["expected"]) == (1, 2)
    assert [(each["label"], each["in"], each["expected"]) for each in counts["by_cohort"]] == [
        ("Cohort 1", 1, 1),
        ("Cohort 2", 0, 1),
    ]


def test_state_is_304_until_somebody_comes_in(app: Flask):
    meetup = make_meetup()
    registration = make_registration(meetup)
    phone = Phone(app, meetup)
    first = phone.get("state")
    tag = {"If-None-Match": first.headers["ETag"]}

    unchanged = phone.client.get(f"/door/{meetup.slug}/api/state", headers=tag)
    phone.scan(code=code_of(registration))
    changed = phone.client.get(f"/door/{meetup.slug}/api/state", headers=tag)

    assert (first.status_code, unchanged.status_code, changed.status_code) == (200, 304, 200)
    assert changed.json["counts"]["in"] == 1  # type: ignore[index]


def test_state_says_until_when_the_phone_may_work_also_after_the_meetup_was_moved(app: Flask):
    meetup = make_meetup()
    phone, ends_at = Phone(app, meetup), meetup.ends_at
    before = phone.get("state")
    with transaction() as session:
        moved = Meetup.locked(session, meetup.id)
        moved.ends_at += dt.timedelta(days=7)
        devices.follow(session, moved)

    after = phone.get("state")

    assert [dt.datetime.fromisoformat(each.json["until"]) for each in (before, after)] == [  # type: ignore[index]
        ends_at + dt.timedelta(hours=6),
        ends_at + dt.timedelta(days=7, hours=6),
    ]


def test_a_supervisor_takes_a_check_in_back_and_the_ticket_enters_again(app: Flask):
    meetup = make_meetup()
    code = code_of(make_registration(meetup))
    chief = Phone(app, meetup, DeviceRole.SUPERVISE)
    green = chief.scan(code=code)
    wish = {"id": str(uuid.uuid4()), "undoes": green["id"], "reason": "wrong person"}

    first, repeated = chief.post("undo", wish), chief.post("undo", wish)
    again = chief.post("undo", wish | {"id": str(uuid.uuid4())})

    assert [each.json["verdict"] for each in (first, repeated, again)] == ["undone"] * 3  # type: ignore[index]
    assert first.json["person"] == green["person"]  # type: ignore[index]
    end_reading()
    assert len(db.session.scalars(select(CheckIn)).all()) == 2
    assert chief.scan(code=code)["verdict"] == "ok"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"undoes": str(uuid.uuid4())}, 404, "no_such_check_in"),
        ({"undoes": "nonsense"}, 422, "malformed"),
        ({"id": None}, 422, "malformed"),
        ({"reason": "  "}, 422, "undo_reason_missing"),
        ({"reason": 7}, 422, "undo_reason_missing"),
    ],
)
def test_an_undo_that_cannot_be_is_refused_in_words(
    app: Flask, change: dict[str, Any], status: int, error: str
):
    meetup = make_meetup()
    chief = Phone(app, meetup, DeviceRole.SUPERVISE)
    green = chief.scan(code=code_of(make_registration(meetup)))

    response = chief.post("undo", {"id": str(uuid.uuid4()), "undoes": green["id"], "reason": "x"} | change)

    assert (response.status_code, response.json["error"]) == (status, error)  # type: ignore[index]
    assert response.json["reason"]  # type: ignore[index]


def test_a_refused_scan_cannot_be_undone(app: Flask):
    meetup = make_meetup()
    chief = Phone(app, meetup, DeviceRole.SUPERVISE)
    red = chief.scan(code="A" * 26)

    response = chief.post("undo", {"id": str(uuid.uuid4()), "undoes": red["id"], "reason": "x"})

    assert (response.status_code, response.json["error"]) == (409, "nothing_to_undo")  # type: ignore[index]


def test_a_scanning_phone_may_not_undo(app: Flask):
    meetup = make_meetup()
    phone = Phone(app, meetup)
    green = phone.scan(code=code_of(make_registration(meetup)))

    response = phone.post("undo", {"id": str(uuid.uuid4()), "undoes": green["id"], "reason": "x"})

    assert (response.status_code, response.json["error"]) == (403, "not_allowed")  # type: ignore[index]


def every_call(phone: Phone, slug: str) -> dict[str, int]:
    """The status of every door request of this phone at the door of `slug`."""
    phone.slug = slug
    calls = {
        "scans": phone.post("scans", {"scans": [scan(payload="x")], "sent_at": now().isoformat()}),
        "undo": phone.post("undo", {"id": str(uuid.uuid4()), "undoes": str(uuid.uuid4()), "reason": "x"}),
        "search": phone.get("search", q="김"),
        "people": phone.get("people", cohort="1"),
        "state": phone.get("state"),
        "page": phone.client.get(f"/door/{slug}"),
    }
    return {name: response.status_code for name, response in calls.items()}


def test_a_revoked_phone_is_shut_out_of_everything_at_once(app: Flask):
    meetup = make_meetup()
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    before = every_call(phone, meetup.slug)
    devices.revoke(meetup.id, phone.device.id, "account:1")
    end_reading()

    after = every_call(phone, meetup.slug)

    assert set(before.values()) == {200, 404}
    assert set(after.values()) == {401}


def test_an_expired_a_foreign_and_a_made_up_phone_are_shut_out_alike(app: Flask):
    meetup = make_meetup()
    strangers = [
        Phone(app, meetup, expires_at=now() - dt.timedelta(days=8)),
        Phone(app, make_meetup(), DeviceRole.SUPERVISE),
    ]
    made_up = Phone(app, make_meetup())
    made_up.client.set_cookie(f"door-{meetup.id}", "dm_dv_" + "x" * 43)

    for phone in (*strangers, made_up):
        assert set(every_call(phone, meetup.slug).values()) == {401}


def test_a_meetup_that_does_not_exist_looks_like_one_without_right(app: Flask):
    phone = Phone(app, make_meetup())

    missing, foreign = (every_call(phone, slug) for slug in ("no-such-meetup", make_meetup().slug))

    assert missing == foreign


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-Dongmun-Door": "2"}, 403),
        (HEADERS | {"Origin": "https://evil.example"}, 403),
        (HEADERS | {"Origin": "null"}, 403),
        (HEADERS | {"Sec-Fetch-Site": "cross-site"}, 403),
        (HEADERS | {"Sec-Fetch-Site": "same-site"}, 403),
        (HEADERS | {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        (HEADERS, 200),
    ],
)
def test_a_foreign_page_cannot_post_for_the_phone(app: Flask, headers: dict[str, str], status: int):
    meetup = make_meetup()
    phone = Phone(app, meetup)

    response = phone.client.post(f"/door/{meetup.slug}/api/scans", json={"scans": []}, headers=headers)

    assert response.status_code == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_json_is_taken(app: Flask, kind: str):
    meetup = make_meetup()

    response = Phone(app, meetup).client.post(
        f"/door/{meetup.slug}/api/scans", data=json.dumps({"scans": []}), content_type=kind, headers=HEADERS
    )

    assert response.status_code == 415


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b"{}", 400), (b'{"scans": {}}', 400),
        (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b'{"scans": ' + b"[" * 100_000, 400), (b"9" * 100_000, 400),
        (b'{"scans": [' + b"1," * 200 + b"1]}", 413), (b'{"scans": ["' + b"x" * 5_000_000 + b'"]}', 413),
    ],
    ids=lambda value: repr(value)[:24],
)  # fmt: skip
def test_a_body_that_is_no_batch_is_refused_in_words(app: Flask, body: bytes, status: int):
    meetup = make_meetup()

    response = Phone(app, meetup).client.post(
        f"/door/{meetup.slug}/api/scans", data=body, content_type="application/json", headers=HEADERS
    )

    assert response.status_code == status
    assert response.json["reason"]  # type: ignore[index]


HOSTILE = [
    "https://evil.example/?x=<script>alert(1)</script>", "javascript:alert(1)", "<img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil.example\")", "' OR 1=1 --", "x" * 10_000, "\x00\x01\x02", "\ud800", "🤖" * 3000,
    "\u202egnp.exe", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "A" * 26 + "\x00",
]  # fmt: skip


@pytest.mark.parametrize("field", ["payload", "code", "registration", "gate"])
def test_hostile_text_is_a_row_of_the_ledger_and_nothing_else(app: Flask, field: str):
    meetup = make_meetup()
    phone = Phone(app, meetup)

    outcomes = phone.send(*(scan(**{field: text}) for text in HOSTILE))

    assert {each["verdict"] for each in outcomes} == {"invalid"}
    end_reading()
    stored = db.session.scalars(select(CheckIn)).all()
    assert len(stored) == len(HOSTILE)
    assert all(len(row.payload or "") <= 200 and len(row.gate or "") <= 80 for row in stored)


def test_two_hundred_scans_fit_and_each_gets_its_answer(app: Flask):
    meetup = make_meetup()
    registration = make_registration(meetup)
    scans = [scan(payload="p" * 10_000) for _ in range(199)] + [scan(code=code_of(registration))]

    outcomes = Phone(app, meetup).send(*scans)

    assert [each["id"] for each in outcomes] == [each["id"] for each in scans]
    assert outcomes[-1]["verdict"] == "ok"


def test_search_shows_what_the_phone_needs_and_no_address(app: Flask):
    program = make_program()
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program)
    person = make_person(program, "김하늘", "secret.address@example.com")
    make_registration(meetup, person, cohort=cohort, phone="010-1234-5678")
    phone = Phone(app, meetup)

    response = phone.get("search", q="ㄱㅎㄴ")

    (found,) = response.json["people"]  # type: ignore[index]
    assert set(found) == {"reference", "name", "cohort", "status", "in", "in_at", "left_at", "hint"}
    assert (found["name"], found["cohort"], found["status"], found["in"]) == (
        "김하늘",
        "Cohort 3",
        "confirmed",
        False,
    )
    assert "secret" not in response.text
    assert "1234" not in response.text.replace(found["reference"], "")
    assert phone.get("people", cohort="3").json["people"] == [found]  # type: ignore[index]
    assert phone.get("people", cohort="Cohort 3").json["people"] == [found]  # type: ignore[index]


def test_answers_are_not_stored_by_anyone_on_the_way(app: Flask):
    phone = Phone(app, make_meetup())

    assert phone.get("search", q="김").headers["Cache-Control"] == "no-store"


def test_a_cancelled_registration_is_refused_also_when_it_is_cancelled_after_the_ticket_was_made(app: Flask):
    meetup = make_meetup()
    registration = make_registration(meetup)
    code = code_of(registration)
    with transaction() as session:
        session.get_one(Registration, registration.id).status = Status.CANCELLED

    assert Phone(app, meetup).scan(code=code)["verdict"] == "canceled"


def test_the_number_of_statements_does_not_grow_with_the_attendees(app: Flask):
    from tests.support.counting import statements

    meetup = make_meetup()
    phone = Phone(app, meetup)

    def cost() -> int:
        code = code_of(make_registration(meetup))
        phone.get("state")
        with statements() as seen:
            phone.scan(code=code)
        return len(seen)

    phone.scan(code=code_of(make_registration(meetup)))
    few = cost()
    for _ in range(20):
        make_registration(meetup)
    many = cost()

    assert few == many <= 9
