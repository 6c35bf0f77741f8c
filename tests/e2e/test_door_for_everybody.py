"""The door for people who see little, who have a keyboard and nothing else, or large thumbs on a small phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.clock import now
from app.domain.registering.registrations import Status
from app.models import DeviceRole, Meetup, Registration
from app.services.door import devices
from app.services.registering import registrations
from app.services.staff import sign_in
from tests.e2e.test_list_door import NAMES, evening, is_inside, phone, row, shown
from tests.factories import (
    code_of,
    make_account,
    make_meetup,
    make_member,
    make_person,
    make_program,
)
from tests.factories import make_registration as register
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.door import Phone, override_of
from tests.support.everybody import Keyboard, Screens
from tests.support.server import Server

pytestmark = pytest.mark.one_database
# Each database sees one language and one scheme.
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
SIZES = {"sqlite": "phone", "postgresql": "desktop"}
SMALLEST = {"width": 320, "height": 568}
# As fast as a scanner types, also on a busy machine.
WEDGE = """text => [...text, "Enter"].forEach((key) =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })))"""
HOST_QR = "https://conference.example/badge/12345"


class Door(Screens):
    """A staff phone's screens, and the way to each."""

    def tone(self) -> str | None:
        return self.part("verdict").get_attribute("data-verdict")

    def shows(self, tone: str | None, timeout: float = 10.0) -> None:
        until(self.page, lambda: self.tone() == tone, timeout)

    def opens(self, panel: str) -> None:
        self.page.locator(f"[data-open-panel={panel}]:visible").first.click()

    def types(self, code: str, tone: str, screen: str) -> None:
        self.opens("typed")
        self.part("typed-input").fill(code)
        self.part("typed-input").press("Enter")
        self.shows(tone)
        self.look(screen)

    def goes_on(self) -> None:
        self.page.keyboard.press("Escape")
        self.shows(None)
        if (sheet := self.page.locator(".sheet:visible")).count():
            sheet.locator("[data-close-panel]").click()


def small_phone(browser: Browser, look: tuple[str, str], server: Server, meetup: Meetup, token: str) -> Door:
    page, complaints = phone(context_of(browser, "phone", *look), server, meetup, token)
    page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    door = Door(page)
    page.on("close", lambda _: door.found.extend(each for each in complaints if "DISCONNECTED" not in each))
    return door


def test_on_every_screen_of_a_staff_phone_axe_and_thumbs_find_nothing_amiss(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening(
        door_ticks=["Badge", "Meal"],
        door_gates=["Main", "Side"],
        door_host_patterns=["*conference.example*"],
        capacity=5,
    )
    register(meetup, make_person(meetup.program, "오대기"), status=Status.WAITLISTED)
    party = register(meetup, make_person(meetup.program, "정여럿"), companions=2)
    server = serve(alone=True)
    with launched() as browser:
        door = small_phone(browser, LOOKS[database], server, meetup, token)
        until(door.page, lambda: len(shown(door.page)) > len(NAMES))
        look_at_the_list(door)
        look_at_the_sheets(door)
        look_at_answers(door, [code_of(each) for each in guests], code_of(party))
        door.page.close()

    assert door.found == []


def test_at_the_way_out_and_where_absent_people_lose_their_seats_nothing_is_amiss_either(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    hour = dt.timedelta(hours=1)
    meetup, guests, token, _ = evening(
        door_tracks_exits=True,
        door_releases_after=20,
        capacity=len(NAMES) + 2,
        starts_at=now() - hour,
        ends_at=now() + 2 * hour,
    )
    register(meetup, make_person(meetup.program, "오대기"), status=Status.WAITLISTED)
    party = register(meetup, make_person(meetup.program, "정여럿"), companions=1)
    server = serve(alone=True)
    with launched() as browser:
        door = small_phone(browser, LOOKS[database], server, meetup, token)
        until(door.page, lambda: len(shown(door.page)) > len(NAMES))
        look_at_the_way_out(door, code_of(guests[0]), code_of(guests[1]))
        look_at_those_who_are_back(door, code_of(party))
        row(door.page, "오대기").click()
        door.shows("refused")
        until(door.page, door.part("release-seat").is_visible)
        door.look("on the waitlist, with a seat to give")
        door.part("release-seat").click()
        until(door.page, door.part("snack").is_visible)
        door.look("let in on the seat of somebody absent")
        door.page.close()

    assert door.found == []


def look_at_those_who_are_back(door: Door, code: str) -> None:
    until(
        door.page,
        lambda: (
            "명단" in door.part("status-line").inner_text() or "List" in door.part("status-line").inner_text()
        ),
    )
    door.page.context.set_offline(True)
    door.part("tab-scan").click()
    door.types(code, "ok", "welcome without a network, where exits are noted")
    door.goes_on()
    door.types(code, "already", "already in, or had gone out")
    door.part("party-more").click()
    assert door.part("party-count").inner_text() == "2"
    door.part("admit").click()
    door.shows("ok")
    door.look("let in as back")
    door.goes_on()
    door.page.context.set_offline(False)
    door.part("tab-list").click()


def look_at_the_way_out(door: Door, inside: str, absent: str) -> None:
    door.look("list, with a choice of ways")
    door.part("tab-scan").click()
    door.types(inside, "ok", "welcome, where exits are noted")
    door.goes_on()
    door.part("way-exit").click()
    door.look("at the way out")
    start, stage = (door.part(each).bounding_box() for each in ("start", "stage"))
    assert start
    assert stage
    assert start["y"] + start["height"] <= stage["y"] + stage["height"], "all of the button is there"
    door.types(inside, "left", "goodbye")
    door.goes_on()
    door.types(inside, "not_in", "gone already")
    door.goes_on()
    door.types(absent, "not_in", "not in")
    door.goes_on()
    door.types("A" * 26, "refused", "an exit that is not noted")
    door.goes_on()
    door.part("tab-list").click()
    door.look("list at the way out")
    door.part("way-entry").click()
    door.part("tab-scan").click()
    door.types(inside, "ok", "welcome back")
    door.goes_on()
    door.part("tab-list").click()


def look_at_the_list(door: Door) -> None:
    page = door.page
    door.look("list")
    door.part("list-input").fill("없는사람")
    until(page, door.part("list-empty").is_visible)
    door.look("list without a match")
    door.part("list-input").fill("")
    row(page, NAMES[0]).click()
    door.shows("ok")
    door.look("what to hand out after a tap on the list")
    door.part("ticks").locator("button").first.click()
    door.look("handed out")
    door.goes_on()
    row(page, NAMES[0]).click()
    door.shows("already")
    door.goes_on()
    row(page, "오대기").click()
    door.shows("refused")
    door.look("somebody on the waitlist")
    door.goes_on()


def look_at_the_sheets(door: Door) -> None:
    page = door.page
    door.part("tab-scan").click()
    door.look("scanner")
    door.part("start").click()
    until(page, door.part("trouble-panel").is_visible)
    door.look("scanner without a camera")
    page.locator(".counts summary").click()
    door.look("counts")
    page.locator(".counts summary").click()
    for panel in ("search", "typed", "walkin", "settings"):
        door.opens(panel)
        door.look(panel)
        page.keyboard.press("Escape")
    door.opens("search")
    door.part("search-input").fill(NAMES[1])
    until(page, lambda: door.part("search-results").locator("button").count() > 0)
    door.look("search results")
    page.keyboard.press("Escape")
    door.opens("walkin")
    door.part("walkin-submit").click()
    door.look("walk-in without a name")
    door.part("walkin-name").fill("한손님")
    door.part("walkin-submit").click()
    until(page, door.part("walkin-over").is_visible)
    door.look("walk-in past the seats")
    page.keyboard.press("Escape")
    door.opens("typed")
    door.part("typed-input").press("Enter")
    door.look("no code")
    page.keyboard.press("Escape")


def look_at_answers(door: Door, codes: list[str], party: str) -> None:
    page = door.page
    door.types(codes[1], "ok", "welcome")
    door.part("undo-green").click()
    door.part("undo-submit").click()
    until(page, lambda: bool(door.part("undo-error").text_content()))
    door.look("undo without a reason")
    door.part("undo-reason").fill("잘못 눌렀어요")
    door.part("undo-submit").click()
    door.shows("neutral")
    door.look("undone")
    door.goes_on()
    door.types(codes[0], "already", "already in")
    door.goes_on()
    door.types("A" * 26, "refused", "no such ticket")
    door.goes_on()
    door.types(party, "ok", "a party")
    door.part("party-fewer").click()
    door.look("fewer of a party")
    door.goes_on()
    page.evaluate(WEDGE, HOST_QR)
    door.shows("neutral")
    door.look("the host event's QR")
    door.goes_on()


def test_without_a_network_and_after_the_end_nothing_is_amiss_either(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, device = evening(door_confirms=True)
    server = serve(alone=True)
    with launched() as browser:
        door = small_phone(browser, LOOKS[database], server, meetup, token)
        page = door.page
        until(page, lambda: len(shown(page)) == len(NAMES))
        look_at_questions(door, NAMES[0], code_of(guests[1]), NAMES[1])
        door.opens("settings")
        page.check("input[name=mode][value=express]")
        page.keyboard.press("Escape")

        page.context.set_offline(True)
        row(page, NAMES[1]).click()
        until(page, door.part("snack").is_visible)
        door.look("list without a network")
        door.part("tab-scan").click()
        door.types(code_of(guests[2]), "ok", "welcome, waiting to sync")
        door.goes_on()
        door.types(code_of(guests[2]), "already", "already in, waiting to sync")
        door.goes_on()
        door.types("B" * 26, "unknown", "not on the list")
        look_at_an_override(door)
        door.types(code_of(guests[3]), "ok", "soon to be contradicted")
        door.goes_on()
        door.look("scanner without a network")
        door.part("recent-open").click()
        door.look("last in and out")
        page.keyboard.press("Escape")
        registrations.cancel(guests[3].id)
        page.context.set_offline(False)
        until(page, lambda: door.tone() is not None, timeout=15)
        door.look("the server says otherwise")
        door.goes_on()
        until(page, door.part("conflicts-open").is_visible, timeout=20)
        door.look("a conflict to look at")
        door.part("conflicts-open").click()
        door.look("conflicts")
        page.keyboard.press("Escape")
        door.opens("settings")
        door.look("settings with conflicts")
        page.keyboard.press("Escape")
        devices.revoke(meetup.id, device, "account:1")
        until(page, door.part("ended").is_visible, timeout=15)
        door.look("withdrawn")
        page.reload()
        door.least = None
        door.look("ended")
        page.close()

    assert door.found == []


def look_at_questions(door: Door, picked: str, code: str, named: str) -> None:
    row(door.page, picked).click()
    door.shows("neutral")
    door.look("asks before it checks in")
    door.goes_on()
    door.part("tab-scan").click()
    door.types(code, "neutral", "asks about a ticket")
    until(door.page, lambda: named in door.page.inner_text("[data-verdict-name]"))
    door.goes_on()
    door.part("tab-list").click()


def look_at_an_override(door: Door) -> None:
    door.part("override-open").click()
    door.part("override-submit").click()
    door.look("override without a reason")
    door.page.locator("[data-reason]").first.click()
    door.part("override-submit").click()
    door.shows("ok")
    door.look("let in by a supervisor")
    door.goes_on()


def test_pages_around_the_door_are_for_everybody(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, door_gates=["정문"], door_ticks=["명찰"], door_lists_people=True)
    guest = register(meetup, make_person(program, "김하늘"), arrival_alert="연사")
    first, second = (Phone(app, meetup, DeviceRole.SUPERVISE, name=f"폰 {n}") for n in (1, 2))
    organizer = make_member(program)
    link = devices.link_token(devices.open_door(meetup.id, DeviceRole.SUPERVISE, make_account().id))
    server = serve(alone=True)
    desk = f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}"
    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
        screens, keyboard = Screens(page, least=None), Keyboard(page)
        page.goto(f"{server.url}/door/enrol/{link}")
        screens.look("enrolment")
        keyboard.round()
        page.click("main form button[type=submit]")
        screens.look("enrolment without a name")

        page.goto(server.url + urlsplit(sign_in.one_time_link(organizer.address)).path)
        page.click("main form button[type=submit]")
        page.goto(f"{desk}/door/live")
        screens.look("live, nobody yet")
        first.scan(code=code_of(guest))
        unknown = second.scan(code="A" * 26)
        second.send(override_of(unknown["id"]))
        second.scan(code=code_of(guest))
        page.goto(f"{desk}/door/live")
        page.click("#arrivals-summary")
        screens.look("live")
        page.goto(f"{desk}/door")
        screens.look("door")
        page.click("form[action$='/enrolments'] button[type=submit]")
        screens.look("door with a QR")
        keyboard.round()

    assert screens.found + complaints == []
    assert keyboard.dark == []


def test_a_keyboard_alone_works_the_scanner(database: str, app: Flask, serve: Callable[..., Server]) -> None:
    meetup, guests, token, _ = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser, SIZES[database]), server, meetup, token)
        hands, door = Keyboard(page), Door(page)
        until(page, lambda: len(shown(page)) == len(NAMES))

        check_in_by_name(hands, door, guests[0])
        hands.to("tab-scan")
        hands.press("Enter")
        assert hands.at() == "tab-scan"
        check_in_by_code(hands, door, code_of(guests[1]))
        take_back_the_last(hands, door, guests[1])
        search(hands, door, NAMES[2])
        until(page, lambda: is_inside(guests[2]))
        walk_in(hands, door)
        change_the_mode(hands, door)
        hands.round()

    assert hands.dark == []
    assert complaints == []


def check_in_by_name(hands: Keyboard, door: Door, guest: Registration) -> None:
    hands.to("list-input")
    hands.type("ㄱㅎㄴ")
    hands.press("Enter")
    assert "김하늘" in hands.look()["text"]
    hands.press("Enter")
    until(door.page, lambda: is_inside(guest))
    until(door.page, lambda: "김하늘" in door.part("snack").inner_text())
    assert "김하늘" in hands.look()["text"]


def check_in_by_code(hands: Keyboard, door: Door, code: str) -> None:
    hands.to("typed")
    hands.press("Enter")
    assert hands.at() == "typed-input"
    hands.type("x")
    hands.press("Enter")
    assert hands.at() == "typed-input"
    door.page.keyboard.insert_text(code)
    hands.press("Enter")
    door.shows("ok")
    hands.to("undo-green")
    hands.round()
    hands.press("Escape")
    door.shows(None)
    assert hands.at() == "typed-input"
    hands.press("Escape")
    assert hands.at() == "typed"


def take_back_the_last(hands: Keyboard, door: Door, guest: Registration) -> None:
    hands.to("undo-last", key="Shift+Tab")
    hands.press("Enter")
    assert hands.at() == "undo-reason"
    hands.press("Escape")
    assert hands.at() == "undo-last"
    hands.press("Enter")
    hands.type("잘못")
    hands.press("Enter")
    door.shows("neutral")
    until(door.page, lambda: not is_inside(guest))
    hands.to("continue")
    hands.press("Enter")
    door.shows(None)
    assert hands.at() != "BODY"


def search(hands: Keyboard, door: Door, name: str) -> None:
    hands.to("search")
    hands.press("Enter")
    assert hands.at() == "search-input"
    hands.round()
    hands.type(name)
    until(door.page, lambda: door.part("search-results").locator("button").count() > 0)
    hands.press("ArrowDown", "Enter")
    door.shows("ok")
    hands.press("Escape")
    door.shows(None)
    assert hands.at() == "search-input"
    hands.press("Escape")
    assert hands.at() == "search"


def walk_in(hands: Keyboard, door: Door) -> None:
    hands.to("walkin-open")
    hands.press("Enter")
    assert hands.at() == "walkin-name"
    hands.round()
    hands.type("한손님")
    hands.press("Tab", "ArrowDown", "Enter")
    door.shows("ok")
    hands.press("Escape")
    door.shows(None)
    assert hands.at() == "walkin-open"


def change_the_mode(hands: Keyboard, door: Door) -> None:
    """Confirm: the verdict's own button has the focus, and Escape is "not now"."""
    hands.to("settings")
    hands.press("Enter")
    hands.to("INPUT")
    hands.press("ArrowDown", "Escape")
    assert hands.at() == "settings"
    hands.to("tab-list")
    hands.press("Enter")
    hands.to("list-input")
    hands.press("Control+a", "Delete")
    hands.to("BUTTON", NAMES[3])
    hands.press("Enter")
    door.shows("neutral")
    assert hands.at() == "admit"
    hands.press("Escape")
    door.shows(None)
    assert NAMES[3] in hands.look()["text"]
