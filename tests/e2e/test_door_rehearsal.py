"""A rehearsal on a staff phone: everything can be practised, nothing is written, and no real guest is scanned into
nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app import qr
from app.clock import now
from app.db import db, end_reading
from app.domain.door import tickets
from app.domain.door.rehearsals import ENDS_BEFORE, SAMPLES
from app.models import (
    AuditEntry,
    CheckIn,
    DeviceRole,
    Meetup,
    Person,
    Registration,
    RegistrationEvent,
    TickMark,
)
from app.services.door import door_counts
from tests.factories import (
    code_of,
    make_cohort,
    make_device,
    make_meetup,
    make_person,
    make_program,
    make_registration,
)
from tests.support.browser import NOBODY, camera_file, context_of, launched, strict_page, until
from tests.support.door import Phone
from tests.support.everybody import Screens
from tests.support.server import Server

pytestmark = pytest.mark.one_database

GOOD, _, PARTY, USED, CANCEL, WAIT, OLD, OTHER, FALSE, ODD = SAMPLES
WRITTEN = (CheckIn, AuditEntry, Registration, RegistrationEvent, Person, TickMark)
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}


@dataclass
class Practice(Screens):
    """A supervisor's phone that may rehearse, and the way to each of its screens."""

    meetup: Meetup
    url: str
    guest: Registration

    def __init__(self, page: Page, meetup: Meetup, url: str, guest: Registration) -> None:
        super().__init__(page)
        self.meetup, self.url, self.guest = meetup, url, guest

    def begins(self) -> None:
        self.page.click("[data-open-panel=settings]:visible")
        self.part("rehearsal-begin").click()
        until(self.page, self.part("rehearsal").is_visible)

    def shows(self, tone: str | None, timeout: float = 10) -> None:
        until(self.page, lambda: self.part("verdict").get_attribute("data-verdict") == tone, timeout)

    def types(self, code: str, tone: str) -> None:
        self.page.click("[data-open-panel=typed]:visible")
        self.part("typed-input").fill(code)
        self.part("typed-input").press("Enter")
        self.shows(tone)

    def goes_on(self) -> None:
        self.page.keyboard.press("Escape")
        self.shows(None)
        if (sheet := self.page.locator(".sheet:visible")).count():
            sheet.locator("button[data-close-panel]").first.click()


@pytest.fixture
def practice(
    request: pytest.FixtureRequest, database: str, app: Flask, serve: Callable[..., Server], tmp_path: Path
) -> Iterator[Practice]:
    """A phone at a door that lists its people; `param` changes the meetup, and with `sees` the camera looks at the
    practice ticket for its first three seconds. All others see nobody: a ticket in the picture would answer between
    two keys of what is typed."""
    program = make_program()
    cohort = make_cohort(program, 3)
    fields: dict[str, Any] = {"door_lists_people": True} | getattr(request, "param", {})
    sees = fields.pop("sees", False)
    meetup = make_meetup(program, cohorts=[cohort], **fields)
    guest = make_registration(meetup, make_person(program, "김하늘"), cohort=cohort)
    _, token = make_device(meetup, DeviceRole.SUPERVISE)
    server = serve(alone=True)
    ticket = qr.png(tickets.payload(server.url, GOOD.code), scale=6)
    film = tmp_path / "camera.mjpeg"
    camera = camera_file([ticket] * 3 + [NOBODY] * 57, film, frames_each=30) if sees else None
    with launched(camera, sees_nobody=not sees) as browser:
        context = context_of(browser, "phone", *LOOKS[database], permissions=["camera"])
        context.add_cookies(
            [{"name": f"door-{meetup.id}", "value": token, "url": server.url, "sameSite": "Strict"}]
        )
        page, complaints = strict_page(context, server.url)
        page.goto(f"{server.url}/door/{meetup.slug}")
        page.wait_for_selector("body[data-ready]")
        until(page, lambda: page.locator("[data-part=list-rows] button").count() > 0)
        made = Practice(page, meetup, server.url, guest)
        yield made
        assert made.found + [each for each in complaints if "DISCONNECTED" not in each] == []


def written(meetup: Meetup) -> dict[str, Any]:
    """Every row that an admission could touch, and the numbers made of them."""
    end_reading()
    door_counts.forget(meetup.id)
    rows = {
        kind.__tablename__: [tuple(row) for row in db.session.execute(select(kind.__table__).order_by("id"))]
        for kind in WRITTEN
    }
    return rows | {"counts": door_counts.of(meetup.id)}


@pytest.mark.parametrize("practice", [{"sees": True}], indirect=True, ids=["a ticket in the picture"])
def test_a_whole_rehearsal_leaves_nothing_behind(practice: Practice) -> None:
    page, before = practice.page, written(practice.meetup)
    practice.begins()

    names = page.locator("[data-part=list-rows] [data-row-name]").all_inner_texts()
    assert sum(GOOD.name in name for name in names) == 1
    assert not any("김하늘" in name for name in names)
    practice.look("practice list")
    page.locator("[data-part=list-rows] button", has_text=GOOD.name).click()
    until(page, lambda: GOOD.name in page.inner_text("[data-part=snack]"))
    until(page, lambda: "1" in page.inner_text("[data-part=rehearsal-line]"))
    practice.part("snack-undo").click()
    practice.part("tab-scan").click()
    practice.shows("ok", timeout=30)
    assert GOOD.name in page.inner_text("[data-part=verdict]")
    practice.look("practice green by the camera")
    practice.goes_on()
    for sample, tone in (
        (PARTY, "ok"),
        (USED, "already"),
        (CANCEL, "refused"),
        (WAIT, "refused"),
        (OLD, "refused"),
        (OTHER, "refused"),
        (FALSE, "refused"),
    ):
        practice.types(sample.code, tone)
        if sample is PARTY:
            practice.part("party-fewer").click()
        practice.goes_on()
    practice.types(ODD.code, "unknown")
    practice.part("override-open").click()
    practice.part("override-reason").fill("연습")
    practice.part("override-submit").click()
    practice.shows("ok")
    practice.goes_on()
    page.click("[data-open-panel=search]:visible")
    practice.part("search-input").fill("이예행")
    practice.part("search-results").locator("button", has_text="이예행").click()
    practice.shows("ok")
    practice.part("undo-green").click()
    practice.part("undo-reason").fill("연습")
    practice.part("undo-submit").click()
    practice.shows("neutral")
    practice.goes_on()
    page.click("[data-open-panel=walkin]:visible")
    practice.part("walkin-name").fill("손님")
    practice.part("walkin-submit").click()
    practice.shows("ok")
    practice.goes_on()

    practice.part("rehearsal-end").click()
    practice.shows("neutral")
    practice.goes_on()

    page.wait_for_timeout(1000)
    assert "0" in page.inner_text("[data-part=count-in]")
    assert written(practice.meetup) == before


def test_a_real_ticket_in_a_rehearsal_is_not_green_and_one_tap_checks_it_in(practice: Practice) -> None:
    page, before = practice.page, written(practice.meetup)
    practice.begins()
    practice.part("tab-scan").click()

    practice.types(code_of(practice.guest), "unknown")
    practice.look("a real ticket in a rehearsal")
    page.wait_for_timeout(4000)
    assert practice.part("verdict").get_attribute("data-verdict") == "unknown"
    assert written(practice.meetup) == before
    practice.part("admit").click()

    practice.shows("ok")
    assert not practice.part("rehearsal").is_visible()
    after = written(practice.meetup)["check_in"]
    assert len(after) == 1
    practice.goes_on()
    practice.types(GOOD.code, "neutral")
    practice.look("a practice ticket at the real door")
    assert written(practice.meetup)["check_in"] == after


@pytest.mark.parametrize("practice", [{"door_tracks_exits": True}], indirect=True)
def test_a_real_ticket_in_a_rehearsal_at_the_exit_says_exit_on_its_button_and_notes_one(
    practice: Practice,
) -> None:
    page = practice.page
    exits = practice.part("typed-submit")
    practice.begins()
    practice.part("tab-scan").click()
    practice.part("way-exit").click()
    word = exits.text_content()

    practice.types(code_of(practice.guest), "unknown")
    practice.look("a real ticket in a rehearsal at the exit")
    assert practice.part("admit").text_content() == word
    practice.part("admit").click()

    practice.shows("not_in")
    assert not practice.part("rehearsal").is_visible()
    practice.goes_on()
    practice.part("way-entry").click()
    practice.begins()
    practice.types(code_of(practice.guest), "unknown")
    assert practice.part("admit").text_content() == exits.text_content() != word
    assert page.locator("body.door--exit").count() == 0


def test_without_a_network_a_rehearsal_is_the_same_and_sends_nothing_later(practice: Practice) -> None:
    page, before = practice.page, written(practice.meetup)
    page.context.set_offline(True)
    practice.begins()
    practice.part("tab-scan").click()

    practice.types(CANCEL.code, "refused")
    practice.goes_on()
    practice.types(PARTY.code, "ok")
    practice.goes_on()
    practice.part("rehearsal-end").click()
    practice.goes_on()
    page.context.set_offline(False)
    until(page, lambda: practice.part("link").get_attribute("data-state") == "on", timeout=20)

    assert written(practice.meetup) == before


def test_a_rehearsal_ends_when_somebody_really_comes_in(practice: Practice, app: Flask) -> None:
    practice.begins()

    Phone(app, practice.meetup).scan(code=code_of(practice.guest))

    practice.shows("neutral", timeout=25)
    assert not practice.part("rehearsal").is_visible()
    practice.look("the rehearsal is over")


def test_a_rehearsal_ends_with_the_page(practice: Practice) -> None:
    practice.begins()

    practice.page.reload()
    practice.page.wait_for_selector("body[data-ready]")

    assert not practice.part("rehearsal").is_visible()


SOON = {"starts_at": now() + ENDS_BEFORE + dt.timedelta(seconds=0), "ends_at": now() + dt.timedelta(hours=3)}


@pytest.mark.parametrize("practice", [SOON], indirect=True, ids=["half an hour before"])
def test_half_an_hour_before_the_start_no_rehearsal_begins(practice: Practice) -> None:
    practice.page.click("[data-open-panel=settings]:visible")

    until(practice.page, practice.part("rehearsal-closed").is_visible)
    assert not practice.part("rehearsal-begin").is_visible()
