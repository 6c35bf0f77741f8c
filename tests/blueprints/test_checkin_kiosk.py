"""Self check-in tablets: how one is made, what it is told, and what it is not."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.hosting.matching import HostListed
from app.domain.registering.registrations import Status
from app.models import AuditEntry, CheckIn, Device, DeviceRole, Meetup, Program, Registration, Verdict
from app.services.door import kiosks
from tests.factories import (
    code_of,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    make_ticket,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.door import Phone, scan
from tests.support.offline import SealedList

NAME, COHORT = "남궁민수", "제37기 심화반"


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, door_gates=["정문"])


@pytest.fixture
def organizer(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def here(program: Program, meetup: Meetup) -> str:
    return f"/desk/{program.slug}/meetups/{meetup.slug}/door"


@pytest.fixture
def guest(meetup: Meetup, program: Program) -> Registration:
    cohort = make_cohort(program, 37, name_ko=COHORT, name_en=COHORT)
    return make_registration(
        meetup, make_person(program, NAME, "guest@example.com"), cohort=cohort, arrival_alert="연사"
    )


@pytest.fixture
def tablet(app: Flask, meetup: Meetup) -> Phone:
    kiosks.set_code(meetup.id, "482913", "account:1")
    return Phone(app, meetup, DeviceRole.KIOSK)


def test_an_organizer_makes_a_tablet_a_kiosk(
    app: Flask, organizer: Browser, meetup: Meetup, here: str
) -> None:
    refused = submit(organizer, here, {"code": "12 34"}, action=f"{here}/kiosk-code")
    assert refused.status_code == 422
    assert "Choose 6 to 10 digits." in refused.text
    submit(organizer, here, {"code": "482 913"}, action=f"{here}/kiosk-code")

    shown = submit(organizer, here, {}, action=f"{here}/kiosks", follow_redirects=True).text
    found = re.search(r'data-copy="[^"]*(/door/enrol/[^"]+)"', shown)
    assert found
    browser = app.test_client()
    assert isinstance(browser, Browser)
    asked = re.sub(r"<[^>]+>", " ", browser.get(found[1]).text)
    assert "태블릿" in asked
    assert "폰" not in asked
    answer = submit(browser, found[1], {"name": "로비 태블릿"})

    assert answer.location == f"/door/{meetup.slug}"
    assert "kiosk-config" in browser.get(answer.location).text
    end_reading()
    assert (
        db.session.scalars(select(Device.role).where(Device.name == "로비 태블릿")).one() is DeviceRole.KIOSK
    )
    page = organizer.get(here).text
    assert "로비 태블릿" in page
    assert "482913" not in page
    assert "door.kiosk_code_set" in db.session.scalars(select(AuditEntry.act)).all()


def test_without_an_exit_code_no_tablet_is_locked(organizer: Browser, here: str) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', organizer.get(here).text)
    assert token

    answer = organizer.post(f"{here}/kiosks", data={"csrf_token": token[1]})

    assert answer.status_code == 422
    assert "Choose an exit code first" in answer.text


def test_the_form_for_phones_makes_no_kiosk(organizer: Browser, here: str) -> None:
    assert submit(organizer, here, {"role": "kiosk"}, action=f"{here}/enrolments").status_code == 422


def test_the_database_holds_no_code(tablet: Phone, meetup: Meetup) -> None:
    end_reading()
    stored = db.session.scalars(select(Meetup.door_kiosk_code).where(Meetup.id == meetup.id)).one()

    assert re.fullmatch(r"[0-9a-f]{64}", stored or "")
    assert stored != tokens.hashed("482913")


def test_a_welcome_tells_part_of_the_name_and_nothing_else(tablet: Phone, guest: Registration) -> None:
    outcome = tablet.scan(code=code_of(guest))

    assert outcome == {
        "id": outcome["id"],
        "verdict": "ok",
        "replayed": False,
        "person": {"name": "남**수"},
    }


def test_a_tablet_says_nothing_of_the_larger_events_list(tablet: Phone, guest: Registration) -> None:
    with transaction() as session:
        session.get_one(Registration, guest.id).host_listed = HostListed.NOT_LISTED
    held = SealedList(tablet)
    held.refresh()

    record, outcome = held.record(code_of(guest)), tablet.scan(code=code_of(guest))

    assert record
    assert (record.host, outcome["person"]) == (None, {"name": "남**수"})


def test_whoever_is_not_let_in_gets_one_answer_and_the_ledger_the_true_one(
    tablet: Phone, meetup: Meetup, guest: Registration
) -> None:
    refused = {
        Verdict.CANCELED: make_ticket(make_registration(meetup, status=Status.CANCELLED)),
        Verdict.WAITLISTED: make_ticket(make_registration(meetup, status=Status.WAITLISTED)),
        Verdict.WRONG_MEETUP: code_of(make_registration()),
    }
    tablet.scan(code=code_of(guest))

    answers = [tablet.scan(code=code) for code in [code_of(guest), *refused.values(), "A" * 26]]

    assert {tuple(sorted(each)) for each in answers} == {("id", "replayed", "verdict")}
    assert {each["verdict"] for each in answers} == {"ask_staff"}
    end_reading()
    stored = db.session.scalars(select(CheckIn.verdict).order_by(CheckIn.id)).all()
    assert stored == [Verdict.OK, Verdict.ALREADY_REDEEMED, *refused, Verdict.INVALID]


def party_of(scan_id: str, admits: int) -> dict[str, Any]:
    told = {"id": scan()["id"], "kind": "party", "of": scan_id, "admits": admits}
    return told | {"scanned_at": now().isoformat()}


def test_a_party_says_at_the_tablet_that_fewer_came_and_the_rest_come_in_later(
    tablet: Phone, meetup: Meetup
) -> None:
    party = make_registration(meetup, make_person(meetup.program, NAME), companions=2)
    first = scan(code=code_of(party))

    (told,) = tablet.send(first)
    (fewer,) = tablet.send(party_of(first["id"], 1))

    assert told["party"] == {"size": 3, "in": 3, "by_this": 3}
    assert fewer["party"] == {"size": 3, "in": 1, "by_this": 1}
    assert NAME not in json.dumps(fewer, ensure_ascii=False)
    assert tablet.scan(code=code_of(party))["party"] == {"size": 3, "in": 3, "by_this": 2}


def test_a_tablet_says_it_of_its_own_guests_only(app: Flask, tablet: Phone, meetup: Meetup) -> None:
    party, other = make_registration(meetup, companions=2), Phone(app, meetup, gate="정문")
    elsewhere = scan(code=code_of(party))
    other.send(elsewhere)

    (refused,) = tablet.send(party_of(elsewhere["id"], 1))

    assert refused["error"] == "not_allowed"
    assert other.scan(code=code_of(party))["party"]["in"] == 3


def test_a_tablet_that_was_enrolled_anew_says_it_of_the_guests_of_before(
    app: Flask, tablet: Phone, meetup: Meetup
) -> None:
    party, anew = make_registration(meetup, companions=2), Phone(app, meetup, DeviceRole.KIOSK)
    before = scan(code=code_of(party))
    tablet.send(before)

    (fewer,) = anew.send(party_of(before["id"], 1))

    assert fewer["party"] == {"size": 3, "in": 1, "by_this": 1}


def test_nothing_but_a_ticket_can_be_sent(tablet: Phone, guest: Registration) -> None:
    first = scan(code=code_of(guest))
    remarks: list[dict[str, Any]] = [
        {
            "id": scan()["id"],
            "kind": "override",
            "of": first["id"],
            "reason": "x",
            "scanned_at": now().isoformat(),
        },
        scan(code=code_of(guest), kind="exit"),
        scan(registration=guest.reference),
        scan(payload="https://elsewhere.example/"),
    ]

    outcomes = tablet.send(first, *remarks)

    assert [each.get("error") for each in outcomes] == [None, *["malformed"] * 4]
    end_reading()
    assert len(db.session.scalars(select(CheckIn)).all()) == 1


def test_its_sealed_list_tells_as_little(
    tablet: Phone, app: Flask, meetup: Meetup, guest: Registration
) -> None:
    waiting = make_ticket(make_registration(meetup, status=Status.WAITLISTED))
    other = Phone(app, meetup, gate="정문")
    other.scan(code=code_of(guest))
    mine, full = SealedList(tablet), SealedList(other)
    mine.refresh()
    full.refresh()

    record, whole = mine.record(code_of(guest)), full.record(code_of(guest))

    assert record
    assert whole
    assert (record.name, record.cohort, record.reference, record.state, record.note) == (
        "남**수",
        "",
        "",
        "admitted",
        None,
    )
    assert (whole.name, whole.reference) == (NAME, guest.reference)
    assert mine.arrival(code_of(guest))[1] is None
    assert full.arrival(code_of(guest))[1] == "정문"
    refused = mine.record(waiting)
    assert refused
    assert refused.state == "ask_staff"


def test_its_page_and_state_hold_no_settings_no_counts_and_no_code(
    tablet: Phone, guest: Registration
) -> None:
    page = tablet.client.get(f"/door/{tablet.slug}").text
    state = tablet.get("state").json or {}

    assert set(state) == {"server_time", "device", "until", "called_off", "lock"}
    assert set(state["lock"]) == {"salt", "verifier", "rounds"}
    for text in (page, json.dumps(state)):
        assert not any(word in text for word in (NAME, COHORT, guest.reference, "482913", "expected", "정문"))
    words = re.search(r'id="kiosk-words">(.*?)</script>', page)
    assert words
    tables = json.loads(words[1])
    of_phones = {
        key for each in tables.values() for key, text in each.items() if re.search("(?i)phone|폰", text)
    }
    assert of_phones == {"hold_more"}, "a guest's phone; all else speaks of the tablet"
    told = {locale: each["hold"] for locale, each in tables.items()}
    assert told == {"ko": "QR 티켓을 여기에 보여 주세요", "en": "Hold your QR ticket here"}


def test_a_new_code_reaches_the_tablets(tablet: Phone, meetup: Meetup) -> None:
    before = (tablet.get("state").json or {})["lock"]

    kiosks.set_code(meetup.id, "99887766", "account:1")

    after = (tablet.get("state").json or {})["lock"]
    assert (before["salt"], before["verifier"] != after["verifier"]) == (after["salt"], True)


def test_what_it_scanned_in_its_shift_is_taken_after_it_without_a_name(
    tablet: Phone, meetup: Meetup, guest: Registration
) -> None:
    over = now() - dt.timedelta(minutes=5)
    with transaction() as session:
        session.get_one(Device, tablet.device.id).expires_at = over

    outcome = tablet.scan(code=code_of(guest), scanned_at=(over - dt.timedelta(minutes=1)).isoformat())

    assert outcome == {"id": outcome["id"], "verdict": "ok", "replayed": False}
