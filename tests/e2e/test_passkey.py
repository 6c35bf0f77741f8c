"""A passkey in a real browser, with a device that Chromium plays: added, used instead of a mail, asked for by a programme."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.clock import now
from app.db import transaction
from app.models import Program, Role
from app.services.staff import sign_in
from tests.factories import make_member, make_program
from tests.support.browser import context_of, launched, strict_page
from tests.support.server import Server

pytestmark = pytest.mark.one_database
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def open_by_mail(page: Page, url: str, address: str) -> None:
    page.goto(url + urlsplit(sign_in.one_time_link(address)).path)
    page.click("main form button[type=submit]")


def test_a_passkey_is_added_then_signs_in_then_opens_a_programme_that_asks_for_it(
    app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER, address="owner@example.com")
    server = serve(alone=True)
    desk = f"{server.url}/desk/{program.slug}"
    with launched() as browser:
        context = context_of(browser, "phone", "en-GB", "light")
        page, complaints = strict_page(context, server.url)
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

        open_by_mail(page, server.url, owner.address)
        page.goto(f"{server.url}/desk/account")
        page.fill("form[data-passkey=create] input[name=name]", "My phone")
        page.click("form[data-passkey=create] button[type=submit]")
        page.wait_for_selector("h3:has-text('My phone')")
        page.goto(desk + "/people")
        page.click("form[action$='/people/passkeys'] button")
        page.wait_for_selector("form[action$='/passkeys/lifting']")
        with transaction() as session:
            session.get_one(Program, program.id).passkeys_from = now()

        context.clear_cookies()
        open_by_mail(page, server.url, owner.address)
        page.goto(desk)
        assert urlsplit(page.url).path == "/desk/passkey"
        page.click("form[data-passkey=get] button[type=submit]")
        page.wait_for_url(desk)

        context.clear_cookies()
        page.goto(f"{server.url}/sign-in?next=/desk/{program.slug}/people")
        page.click("form[data-passkey=get] button[type=submit]")
        page.wait_for_url(f"{desk}/people")
    assert complaints == []
