"""The desk for somebody who has a keyboard and nothing else: from the programme to a person, and something done there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.db import db, end_reading
from app.domain.registering.registrations import Status
from app.models import Registration
from tests.factories import make_meetup, make_member, make_person, make_program, make_registration
from tests.factories import sign_in as signed_in
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Keyboard
from tests.support.screens import cookies_of
from tests.support.server import Server

pytestmark = pytest.mark.one_database
SIZES = {"sqlite": "desktop", "postgresql": "phone"}


def test_a_keyboard_alone_finds_somebody_and_cancels_their_registration(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, title_en="Autumn meetup")
    guest = make_registration(meetup, make_person(program, "김하늘"))
    client = app.test_client()
    signed_in(client, make_member(program))
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser, SIZES[database], "en-GB")
        context.add_cookies(cookies_of(client, server.url))
        page, complaints = strict_page(context, server.url)
        hands = Keyboard(page)
        page.goto(f"{server.url}/desk/{program.slug}")

        skip_the_header(hands)
        for step in ("Meetups", "Autumn meetup", "Attendees"):
            follow(hands, page, step)
            hands.press("Tab")
            hands.round()
        hands.to("A", "김하늘")
        hands.press("Enter")
        page.wait_for_selector("dialog[open] h1:focus")
        hands.press("Tab")
        hands.round()
        hands.to("SUMMARY", "Cancel…")
        hands.press("Enter")
        hands.to("INPUT")
        hands.type("asked by phone")
        hands.press("Enter")
        page.wait_for_selector(".flashes .notice")

    end_reading()
    assert db.session.get_one(Registration, guest.id).status is Status.DECLINED
    assert hands.dark + complaints == []


def skip_the_header(hands: Keyboard) -> None:
    """The first place is the way past the header; after it the next place is in the page's own part."""
    hands.press("Tab")
    assert hands.look()["text"] == "Skip to content"
    hands.press("Enter", "Tab")
    assert hands.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def follow(hands: Keyboard, page: Page, link: str) -> None:
    hands.to("A", link)
    with page.expect_navigation():
        hands.press("Enter")
