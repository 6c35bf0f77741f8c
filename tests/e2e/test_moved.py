"""A meetup moves to another place: the organizer says who is told, and those with a seat answer on their phones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import update

from app.clock import now
from app.db import transaction
from app.domain.seating.offers import FreedSeats
from app.models import MeetupMove, Registration, Role, Status
from tests.e2e.steps import links_in, sign_in
from tests.factories import make_member
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.offers import offering, states
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}


@pytest.mark.one_database
def test_a_change_of_place_is_reconfirmed_on_phones(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    meetup, people = offering(
        seats=3, waiting=1, freed_seats=FreedSeats.CONFIRM, contact_address="desk@example.com"
    )
    organizer = make_member(meetup.program, Role.ORGANIZER).address
    desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        desk_seen = Screens(page, least=None)
        sign_in(page, server.url, smtp, organizer)
        move_to(page, f"{server.url}{desk}", "새 예시홀 2층", desk_seen)

        guest, others = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(guest, least=None)
        asked = [question_to(person, smtp) for person in people[:3]]
        guest.goto(asked[0])
        assert guest.inner_text("main del") in {"서울 강남구 예시홀", "Example Hall, Seoul"}
        assert "새 예시홀 2층" in guest.inner_text("main ins")
        seen.look("the question")
        page.goto(f"{server.url}{desk}")
        desk_seen.look("nobody has answered yet")
        assert not page.locator("form[action$='/move-reminders']").count(), "they need time to answer"
        _a_day_passes()
        page.reload()
        assert page.locator("form[action$='/move-reminders']").count(), "looking was no answer"
        guest.click("form[action$='/coming'] button")
        guest.wait_for_selector(".ticket")
        seen.look("the ticket, after a yes")
        guest.goto(asked[1])
        guest.click("form[action$='/cancellation'] button")
        guest.wait_for_selector("h1")
        seen.look("after a no")
        assert states(meetup) == [Status.CONFIRMED, Status.CANCELLED, Status.CONFIRMED, Status.CONFIRMED]

        page.reload()
        page.click("form[action$='/move-reminders'] button")
        page.wait_for_selector("form[action$='/move-reminders']", state="detached")
        desk_seen.look("the silent are reminded")
        move_to(page, f"{server.url}{desk}", "또 다른 예시홀", desk_seen)
        guest.goto(asked[2])
        assert "또 다른 예시홀" in guest.inner_text("main ins")
        seen.look("a newer change than in the mail")
        guest.click("form[action$='/coming'] button")
        guest.wait_for_selector(".ticket")

    assert complaints + others + seen.found + desk_seen.found == []


def _a_day_passes() -> None:
    """The question was put yesterday."""
    with transaction() as session:
        session.execute(update(MeetupMove).values(at=now() - dt.timedelta(days=1)))


def move_to(page: Page, desk: str, place: str, seen: Screens) -> None:
    """Type another place, look whom it concerns, save with the question."""
    page.goto(f"{desk}/edit")
    page.fill("input[name=place_ko]", place)
    page.fill("input[name=place_en]", place)
    page.click(".save-bar button[type=submit]")
    page.wait_for_selector("input[name=telling][value=ask]:checked")
    seen.look("whom it concerns")
    page.click("main form button[type=submit]:not([name])")
    page.wait_for_url(desk)


def question_to(person: Registration, smtp: Sink) -> str:
    """The link of the mail that asks this person."""
    path = f"/r/{person.reference}/"

    def asks(text: str) -> list[str]:
        return [link for link in links_in(text, path) if "/moves/" in link]

    return asks(text_of(smtp.wait_for(person.address, lambda mail: bool(asks(text_of(mail))))))[0]
