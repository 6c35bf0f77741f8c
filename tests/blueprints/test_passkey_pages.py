"""Passkeys on the pages: the challenge stays with its browser, and a programme that asks for one leads to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.backups import Kind
from app.models import Account, Passkey, Program, Role
from app.services.backups import files
from app.services.staff import sign_in as mailed
from tests.factories import make_account, make_helper, make_meetup, make_member, make_program
from tests.factories import sign_in as signed_in
from tests.support.authenticator import Authenticator
from tests.support.client import Browser, csrf, submit

pytestmark = pytest.mark.one_database

ACCOUNT, GATE, SIGN_IN = "/desk/account", "/desk/passkey", "/sign-in"


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


def another(app: Flask) -> Browser:
    browser: Any = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def options(client: Browser, path: str, page: str) -> str:
    answer = client.post(path, headers={"X-CSRFToken": csrf(client, page)})
    assert answer.status_code == 200, answer.text
    return answer.text


def add(client: Browser, device: Authenticator, **fields: str) -> Any:
    answer = device.create(options(client, f"{ACCOUNT}/passkeys/options", ACCOUNT))
    return submit(client, ACCOUNT, {"answer": answer, "name": "laptop"} | fields, f"{ACCOUNT}/passkeys")


def by_passkey(client: Browser, device: Authenticator) -> Any:
    answer = device.get(options(client, f"{SIGN_IN}/passkey/options", SIGN_IN))
    return submit(client, SIGN_IN, {"answer": answer}, f"{SIGN_IN}/passkey")


def asks_from(program: Program, at: dt.datetime) -> None:
    with transaction() as session:
        session.get_one(Program, program.id).passkeys_from = at


def in_again_by_mail(client: Browser, account: Account) -> None:
    path = "/sign-in/" + mailed.one_time_link(account.address).rpartition("/")[2]
    submit(client, path)


def test_a_passkey_is_added_named_and_signs_another_browser_in(
    client: Browser, app: Flask, program: Program
) -> None:
    signed_in(client, make_member(program))
    device = Authenticator()

    added = add(client, device)
    there = another(app)
    answer = by_passkey(there, device)

    assert added.status_code == 303
    assert "laptop" in client.get(ACCOUNT).text
    assert answer.location == "/desk"
    assert there.get(f"/desk/{program.slug}").status_code == 200


def test_an_answer_from_another_browser_signs_nobody_in(
    client: Browser, app: Flask, program: Program
) -> None:
    signed_in(client, make_member(program))
    device = Authenticator()
    add(client, device)
    victim, thief = another(app), another(app)
    answer = device.get(options(victim, f"{SIGN_IN}/passkey/options", SIGN_IN))

    stolen = submit(thief, SIGN_IN, {"answer": answer}, f"{SIGN_IN}/passkey")

    assert stolen.status_code == 422
    assert "Try again" in stolen.text


def test_a_passkey_request_needs_the_forms_token(client: Browser) -> None:
    assert client.post(f"{SIGN_IN}/passkey/options").status_code == 400


def test_a_refused_passkey_is_explained_and_the_next_page_is_kept(client: Browser) -> None:
    page = f"{SIGN_IN}?next=/desk/account"

    refused = submit(client, page, {"answer": "{}"}, f"{SIGN_IN}/passkey")

    assert refused.status_code == 422
    assert 'value="/desk/account"' in refused.text


def test_before_the_day_members_are_told_and_go_on(client: Browser, program: Program) -> None:
    asks_from(program, now() + dt.timedelta(days=3))
    signed_in(client, make_member(program))

    page = client.get(f"/desk/{program.slug}")

    assert page.status_code == 200
    assert "this programme asks for a passkey" in page.text


def test_from_the_day_on_a_member_is_led_to_add_one_and_back(client: Browser, program: Program) -> None:
    asks_from(program, now())
    signed_in(client, make_member(program))
    cohorts = f"/desk/{program.slug}/cohorts"

    led = client.get(cohorts)
    device = Authenticator()
    answer = device.create(options(client, f"{ACCOUNT}/passkeys/options", led.location))
    added = submit(client, led.location, {"answer": answer}, f"{ACCOUNT}/passkeys")

    assert led.location == f"{GATE}?next={cohorts}"
    assert added.location == cohorts
    assert client.get(cohorts).status_code == 200


def test_whoever_has_one_and_came_by_mail_confirms_with_it(client: Browser, program: Program) -> None:
    member = make_member(program)
    signed_in(client, member)
    device = Authenticator()
    add(client, device)
    asks_from(program, now())
    in_again_by_mail(client, member)
    led = client.get(f"/desk/{program.slug}")

    answer = device.get(options(client, f"{GATE}/options", led.location))
    proved = submit(client, led.location, {"answer": answer}, GATE)

    assert led.status_code == 303
    assert proved.location == f"/desk/{program.slug}"
    assert client.get(f"/desk/{program.slug}").status_code == 200


def test_a_form_that_is_sent_without_a_passkey_changes_nothing(client: Browser, program: Program) -> None:
    signed_in(client, make_member(program))
    token = csrf(client, f"/desk/{program.slug}/cohorts")
    asks_from(program, now())

    sent = client.post(f"/desk/{program.slug}/cohorts", data={"csrf_token": token, "first": 1, "last": 3})

    end_reading()
    assert sent.location == GATE
    assert db.session.get_one(Program, program.id).cohorts == []


def test_helpers_of_one_meetup_are_asked_too_and_strangers_learn_nothing(
    client: Browser, app: Flask, program: Program
) -> None:
    meetup = make_meetup(program)
    asks_from(program, now())
    helper, stranger = another(app), another(app)
    signed_in(helper, make_helper(meetup, Role.VIEWER))
    signed_in(stranger, make_member())
    path = f"/desk/{program.slug}/meetups/{meetup.slug}"

    assert helper.get(path).location.startswith(GATE)
    assert stranger.get(path).status_code == 404


def test_an_owner_asks_for_passkeys_once_they_showed_their_own(client: Browser, program: Program) -> None:
    signed_in(client, make_member(program, Role.OWNER))
    people = f"/desk/{program.slug}/people"

    submit(client, people, {}, f"{people}/passkeys")
    refused = client.get(people).text
    add(client, Authenticator())
    submit(client, people, {}, f"{people}/passkeys")
    asked = client.get(people).text

    assert "Add your own passkey first" in refused
    assert f"{people}/passkeys/lifting" in asked


def test_one_renames_and_deletes_ones_passkey(client: Browser, program: Program) -> None:
    signed_in(client, make_member(program))
    add(client, Authenticator())
    key = db.session.scalars(select(Passkey.id)).one()
    one = f"{ACCOUNT}/passkeys/{key}"

    submit(client, ACCOUNT, {"name": "Old phone"}, f"{one}/name")
    named = client.get(ACCOUNT).text
    submit(client, ACCOUNT, {}, f"{one}/removal")

    end_reading()
    assert "Old phone" in named
    assert db.session.scalars(select(Passkey)).all() == []


INSTALLATION = ("/installation/backups", "/installation/accounts", "/installation/mail", "/desk/new")


def test_a_mailed_link_alone_opens_no_page_of_the_installation_to_a_founder_with_a_passkey(
    client: Browser, program: Program
) -> None:
    founder = make_account(is_founder=True)
    signed_in(client, founder)
    device = Authenticator()
    add(client, device)
    in_again_by_mail(client, founder)
    led = [client.get(page) for page in INSTALLATION]
    sent = client.post(INSTALLATION[0], data={"csrf_token": csrf(client, ACCOUNT)})

    answer = device.get(options(client, f"{GATE}/options", led[0].location))
    proved = submit(client, led[0].location, {"answer": answer}, GATE)

    assert [each.location for each in led] == [f"{GATE}?next={page}" for page in INSTALLATION]
    assert (sent.status_code, sent.location) == (303, GATE)
    assert files.all_of_them() == []
    assert proved.location == INSTALLATION[0]
    assert [client.get(page).status_code for page in INSTALLATION] == [200] * len(INSTALLATION)


@pytest.mark.parametrize(("days", "status"), [(0, 303), (3, 200)])
def test_a_founder_whose_programme_asks_for_a_passkey_needs_one_above_it_too(
    client: Browser, program: Program, days: int, status: int
) -> None:
    founder = make_member(program, Role.OWNER)
    with transaction() as session:
        session.get_one(Account, founder.id).is_founder = True
    asks_from(program, now() + dt.timedelta(days=days))
    signed_in(client, founder)

    assert client.get(INSTALLATION[0]).status_code == status


def test_another_programme_s_wish_is_no_matter_of_a_founder_and_who_is_none_learns_nothing(
    client: Browser, app: Flask, program: Program
) -> None:
    asks_from(program, now())
    signed_in(client, make_account(is_founder=True))
    member = another(app)
    signed_in(member, make_member(program))

    assert client.get(INSTALLATION[0]).status_code == 200
    assert member.get(INSTALLATION[0]).status_code == 403


def test_who_showed_a_passkey_long_ago_shows_it_once_more_and_comes_back(client: Browser, app: Flask) -> None:
    founder = make_account(is_founder=True)
    signed_in(client, founder)
    device = Authenticator()
    add(client, device)
    there = another(app)
    by_passkey(there, device)
    files.note(files.new(Kind.MADE, founder.id), step="done")
    with time_machine.travel(now() + dt.timedelta(hours=1)):
        stale = there.get(INSTALLATION[0]).text
        led = submit(there, INSTALLATION[0], {}, "/installation/fresh-sign-in")
        answer = device.get(options(there, f"{GATE}/options", led.location))
        proved = submit(there, led.location, {"answer": answer}, GATE)
        fresh = there.get(INSTALLATION[0]).text

    assert "Sign in again first" in stale
    assert proved.location == INSTALLATION[0]
    assert "Sign in again first" not in fresh
