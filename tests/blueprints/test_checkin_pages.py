"""The desk's door page, enrolment, and the scanner page."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import db, end_reading
from app.models import AuditEntry, CheckIn, Device, DeviceRole, Meetup, Program, Registration, Role
from app.services.door import devices
from tests.factories import (
    code_of,
    make_account,
    make_device,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, csrf, submit
from tests.support.door import Phone


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program)


@pytest.fixture
def organizer(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program))
    return client


def door(meetup: Meetup) -> str:
    end_reading()
    slug = db.session.get_one(Program, meetup.program_id).slug
    return f"/desk/{slug}/meetups/{meetup.slug}/door"


def shown_link(organizer: Browser, meetup: Meetup, role: str = "scan") -> str:
    """Press the button for a QR and read the link that it carries."""
    here, told = door(meetup), {"role": role, "lists": "no"}
    response = submit(organizer, here, told, action=f"{here}/enrolments", follow_redirects=True)
    found = re.search(r'data-copy="[^"]*(/door/enrol/[^"]+)"', response.text)
    assert found, response.status
    return found[1]


def lists_people(meetup: Meetup) -> bool:
    end_reading()
    return db.session.scalars(select(Meetup.door_lists_people).where(Meetup.id == meetup.id)).one()


def phone_of(app: Flask, **headers: str) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.environ_base.update({"HTTP_ACCEPT_LANGUAGE": "en"} | headers)
    return browser


def test_a_phone_that_opens_the_organizer_s_qr_becomes_a_scanner(
    app: Flask, organizer: Browser, meetup: Meetup
):
    phone = phone_of(app)

    answer = submit(phone, shown_link(organizer, meetup, "supervise"), {"name": "  지민   정문 "})

    assert (answer.status_code, answer.location) == (303, f"/door/{meetup.slug}#ready")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"door-{meetup.id}=dm_dv_")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    page = phone.get(answer.location)
    assert page.status_code == 200
    assert "wasm-unsafe-eval" in page.headers["Content-Security-Policy"]
    assert '"role": "supervise"' in page.text
    assert "지민 정문" in organizer.get(door(meetup)).text


def test_before_the_first_phone_it_is_asked_whether_names_may_lie_on_phones(
    organizer: Browser, meetup: Meetup
):
    here = door(meetup)

    unanswered = submit(organizer, here, {"role": "scan"}, action=f"{here}/enrolments")
    answered = submit(organizer, here, {"role": "scan", "lists": "yes"}, action=f"{here}/enrolments")
    page = organizer.get(here).text

    assert unanswered.status_code == 422
    assert "List of names on the phones: Choose one of the two." in unanswered.text
    assert answered.status_code == 303
    assert lists_people(meetup)
    assert 'name="lists"' not in page
    assert submit(organizer, here, {"role": "scan"}, action=f"{here}/enrolments").status_code == 303


def test_whoever_decided_on_the_list_in_the_settings_finds_that_answer(organizer: Browser, meetup: Meetup):
    here = door(meetup)
    submit(organizer, here, {"lists_people": "y"}, action=f"{here}/settings")

    assert submit(organizer, here, {"role": "scan"}, action=f"{here}/enrolments").status_code == 303

    assert lists_people(meetup)


def test_a_link_that_was_used_says_so_and_leads_its_own_phone_to_the_door(
    app: Flask, organizer: Browser, meetup: Meetup
):
    link, first, second = shown_link(organizer, meetup), phone_of(app), phone_of(app)
    submit(first, link, {"name": "first"})

    late = second.get(link)

    assert late.status_code == 410
    assert "has been used already" in late.text
    assert first.get(link).location == f"/door/{meetup.slug}"


def test_opening_the_link_changes_nothing(app: Flask, organizer: Browser, meetup: Meetup):
    link = shown_link(organizer, meetup)

    for _ in range(5):
        assert phone_of(app).get(link).status_code == 200

    end_reading()
    assert db.session.scalars(select(Device)).all() == []


def test_a_made_up_link_is_turned_away_in_words(app: Flask):
    answer = phone_of(app).get("/door/enrol/dm_en_nonsense")

    assert answer.status_code == 404
    assert "Scan the organizer" in answer.text


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_phone_without_a_fitting_name_is_asked_again_and_the_link_still_works(
    app: Flask, organizer: Browser, meetup: Meetup, name: str
):
    link, phone = shown_link(organizer, meetup), phone_of(app)

    assert submit(phone, link, {"name": name}).status_code == 422
    assert submit(phone, link, {"name": "ok"}).status_code == 303


@pytest.mark.parametrize(
    ("agent", "app_name"),
    [
        ("Mozilla/5.0 (Linux; Android 15) Mobile KAKAOTALK 11.2.0", "KakaoTalk"),
        ("Mozilla/5.0 (iPhone) NAVER(inapp; search; 1300)", "Naver"),
        ("Mozilla/5.0 (iPhone) Instagram 360.0.0", "Instagram"),
        ("Mozilla/5.0 (iPhone) Safari Line/15.1.0", "Line"),
        ("Mozilla/5.0 (iPhone) Version/19.0 Mobile Safari/604.1", None),
    ],
)
def test_a_browser_inside_an_app_is_told_to_open_outside(
    app: Flask, organizer: Browser, meetup: Meetup, agent: str, app_name: str | None
):
    page = phone_of(app, HTTP_USER_AGENT=agent).get(shown_link(organizer, meetup)).text

    assert (f"inside an app ({app_name})" in page) if app_name else ("inside an app" not in page)


def test_a_phone_without_a_pass_is_told_what_to_do(app: Flask, meetup: Meetup):
    answer = phone_of(app).get(f"/door/{meetup.slug}")

    assert answer.status_code == 401
    assert "Ask the organizer for the door QR" in answer.text
    assert "/sign-in" not in answer.text.partition("<main")[2]


def test_one_tap_withdraws_a_phone_s_permission(app: Flask, organizer: Browser, meetup: Meetup):
    phone = Phone(app, meetup)
    here = door(meetup)
    end_reading()

    answer = submit(
        organizer, here, action=f"{here}/devices/{phone.device.id}/revocation", follow_redirects=True
    )

    assert "can no longer work this door" in answer.text
    assert phone.get("state").status_code == 401


def test_another_meetup_s_phone_cannot_be_withdrawn_from_here(organizer: Browser, meetup: Meetup):
    here = door(meetup)
    other, _ = make_device()
    token = csrf(organizer, here)

    for device_id in (other.id, 999_999):
        answer = organizer.post(f"{here}/devices/{device_id}/revocation", data={"csrf_token": token})
        assert answer.status_code == 404


def test_the_desk_shows_counts_without_a_script(app: Flask, organizer: Browser, meetup: Meetup):
    first, _ = make_registration(meetup), make_registration(meetup)
    Phone(app, meetup).scan(code=code_of(first))
    end_reading()

    assert "1 of 2 in" in organizer.get(door(meetup)).text


def check_in(browser: Browser, meetup: Meetup, path: str = "", **data: str) -> TestResponse:
    here = door(meetup)
    where = here.removesuffix("/door") + "/check-ins" + path
    return browser.post(where, data={"csrf_token": csrf(browser, here)} | data, follow_redirects=True)


def test_an_organizer_checks_in_by_hand_and_takes_it_back(organizer: Browser, meetup: Meetup):
    registration = make_registration(meetup)
    key = registration.reference

    done = check_in(organizer, meetup, reference=key)
    twice = check_in(organizer, meetup, code=code_of(registration))
    unsaid = check_in(organizer, meetup, "/undo", reference=key)
    undone = check_in(organizer, meetup, "/undo", reference=key, reason="wrong line")
    nothing = check_in(organizer, meetup, "/undo", reference=key, reason="again")

    for answer, text in (
        (done, "is checked in"),
        (twice, "Organizer&#39;s desk"),
        (unsaid, "Say why"),
        (undone, "The check-in was undone"),
        (nothing, "no check-in to undo"),
    ):
        assert text in answer.text
    end_reading()
    assert db.session.get_one(Registration, registration.id, populate_existing=True).admitted_at is None
    assert [row.method for row in db.session.scalars(select(CheckIn).order_by(CheckIn.id))] == ["desk"] * 3


def test_the_desk_goes_back_to_where_the_button_was_and_never_elsewhere(organizer: Browser, meetup: Meetup):
    here = door(meetup)
    data = {"csrf_token": csrf(organizer, here), "reference": make_registration(meetup).reference}
    path = here.removesuffix("/door") + "/check-ins"

    assert organizer.post(path, data=data | {"next": f"{here}?x=1"}).location == f"{here}?x=1"
    assert organizer.post(path, data=data | {"next": "//evil.example"}).location == here


@pytest.mark.parametrize("role", [Role.VIEWER, None], ids=["viewer", "outsider"])
def test_only_organizers_open_the_door(client: Browser, program: Program, meetup: Meetup, role: Role | None):
    sign_in(client, make_member(program, role) if role else make_account())

    assert client.get(door(meetup)).status_code == (403 if role else 404)


def test_enrolling_and_withdrawing_are_in_the_audit_trail_without_names(
    app: Flask, organizer: Browser, meetup: Meetup
):
    submit(phone_of(app), shown_link(organizer, meetup), {"name": "지민"})
    device = db.session.scalars(select(Device)).one()
    devices.revoke(meetup.id, device.id, "account:1")
    end_reading()

    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()

    assert [entry.act for entry in entries] == ["door.opened", "device.enrolled", "device.revoked"]
    assert "지민" not in str([(entry.details, entry.subject, entry.reason) for entry in entries])
    assert device.role is DeviceRole.SCAN
