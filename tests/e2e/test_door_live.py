"""The live view in a real browser: it follows the door, says when it can't, and rests while nobody looks."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.services.staff import sign_in
from tests.factories import code_of, make_cohort, make_meetup, make_member, make_person, make_program
from tests.factories import make_registration as register
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.door import Phone
from tests.support.server import Server

pytestmark = pytest.mark.one_database


def state_of(page: Page) -> str | None:
    return page.get_attribute("[data-live-state]", "data-state")


def inside(page: Page) -> str:
    return page.inner_text("[data-live-in]")


def test_an_organizer_watches_the_door_and_is_told_when_the_line_is_cut(
    app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, cohorts=[make_cohort(program, 3)], door_gates=["정문", "후문"])
    guests = [register(meetup, make_person(program, name)) for name in ("김하늘", "나경민", "도하나")]
    speaker = register(meetup, make_person(program, "마리나"), arrival_alert="연사")
    front, back = Phone(app, meetup, name="앞 폰"), Phone(app, meetup, name="뒤 폰")
    organizer = make_member(program)
    link = urlsplit(sign_in.one_time_link(organizer.address)).path
    path = f"/desk/{program.slug}/meetups/{meetup.slug}/door/live"
    with launched() as browser:
        server = serve(alone=True)
        context = context_of(browser)
        page, complaints = strict_page(context, server.url)
        page.goto(server.url + link)
        page.click("main form button[type=submit]")
        page.goto(server.url + path)
        assert inside(page) == "0"

        front.scan(code=code_of(guests[0]), gate="정문")
        until(page, lambda: inside(page) == "1", timeout=3)
        page.click("#arrivals-summary")
        front.scan(code=code_of(speaker), gate="정문")
        back.scan(code=code_of(guests[0]), gate="후문")
        until(page, lambda: inside(page) == "2", timeout=3)
        until(page, lambda: "마리나" in page.inner_text(".greet"), timeout=3)
        assert page.get_attribute("#arrivals-fold", "open") is not None
        assert page.evaluate("document.activeElement.id") == "arrivals-summary"
        until(page, lambda: page.locator("#conflicts tbody tr").count() == 1, timeout=3)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0

        context.set_offline(True)
        until(page, lambda: state_of(page) == "lost")
        assert inside(page) == "2"
        context.set_offline(False)
        front.scan(code=code_of(guests[1]))
        until(page, lambda: state_of(page) == "fresh" and inside(page) == "3", timeout=5)

        assert complaints == []
        context.close()
