"""Self check-in on a tablet, in a real browser: guests hold up their QR, and nobody gets out without the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select

from app import qr
from app.db import db, end_reading
from app.domain import tickets
from app.domain.registrations import Status
from app.models import CheckIn, Device, DeviceRole, Meetup, Verdict
from app.services import devices, kiosks
from tests.factories import (
    code_of,
    make_account,
    make_cohort,
    make_meetup,
    make_person,
    make_program,
    make_registration,
    make_ticket,
)
from tests.support.browser import camera_file, context_of, launched, strict_page, until
from tests.support.clear_text import stores_of
from tests.support.everybody import Screens
from tests.support.server import Server

# What these tests look at lies in the browser: each database sees one language and one scheme.
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
HOLD = {"ko": "QR 티켓을 여기에 보여 주세요", "en": "Hold your QR ticket here"}
STAFF = {"ko": "스태프에게 와 주세요", "en": "Please come to our staff"}
TABLET = {"width": 820, "height": 1180}
NAME, MASKED, COHORT, CODE = "남궁민수", "남**수", "제37기 심화반", "482913"
# Keys that leave or reload a page, or open what lies behind it.
WAYS_OUT = ["Escape", "F5", "Control+r", "Control+l", "Alt+ArrowLeft", "Backspace", "Tab", "Enter", "F11"]


class Kiosk(Screens):
    """The tablet's screens."""

    def __init__(self, page: Page, meetup: Meetup, language: str) -> None:
        super().__init__(page)
        self.meetup, self.language = meetup, language

    def answer(self) -> str | None:
        return self.part("answer").get_attribute("data-screen")

    def shows(self, screen: str | None, timeout: float = 20) -> None:
        until(self.page, lambda: self.answer() == screen, timeout)

    def is_locked(self) -> bool:
        """The waiting screen, and nothing of the scanner or the settings."""
        self.page.wait_for_selector("body[data-ready=yes]")
        return self.part("behind").is_visible() and not self.part("unlocked").is_visible()

    def unlocks(self, code: str) -> None:
        if not self.part("code-input").is_visible():
            self.part("staff-open").click()
        self.part("code-input").fill(code)
        self.part("code-submit").click()

    def reads(self, text: str) -> None:
        """A wedge scanner types it."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def verdicts(self) -> list[Verdict]:
        end_reading()
        found = select(CheckIn.verdict).where(CheckIn.meetup_id == self.meetup.id).order_by(CheckIn.id)
        return list(db.session.scalars(found))


@pytest.fixture
def codes(app: Flask) -> dict[str, str]:
    """A meetup's tickets by what they are worth, and its slug."""
    program = make_program()
    cohort = make_cohort(program, 37, name_ko=COHORT, name_en=COHORT)
    meetup = make_meetup(program)
    kiosks.set_code(meetup.id, CODE, "account:1")
    guest = make_registration(meetup, make_person(program, NAME), cohort=cohort)
    return {
        "slug": meetup.slug,
        "guest": code_of(guest),
        "reference": guest.reference,
        "other": code_of(make_registration(meetup, make_person(program, "Kim Minsu"))),
        "waiting": make_ticket(make_registration(meetup, status=Status.WAITLISTED)),
    }


@pytest.fixture
def kiosk(
    database: str, codes: dict[str, str], serve: Callable[..., Server], tmp_path: Path
) -> Iterator[Kiosk]:
    """A tablet that has scanned the organizer's QR; a guest holds up their ticket now and then."""
    server = serve(worker=False)
    meetup = db.session.scalars(select(Meetup).where(Meetup.slug == codes["slug"])).one()
    link = devices.link_token(devices.open_door(meetup.id, DeviceRole.KIOSK, make_account().id))
    ticket = qr.png(tickets.payload(server.url, codes["guest"]), scale=6)
    nobody = Image.new("RGB", (640, 480), "white")
    camera = camera_file([*[nobody] * 2, ticket, *[nobody] * 9], tmp_path / "camera.mjpeg", frames_each=45)
    with launched(camera) as browser:
        context = context_of(browser, "phone", *LOOKS[database], permissions=["camera"])
        page, complaints = strict_page(context, server.url)
        page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        page.goto(f"{server.url}/door/enrol/{link}")
        page.fill("input[name=name]", "로비 태블릿")
        page.click("main form button[type=submit]")
        page.wait_for_selector("body[data-ready=yes]")
        made = Kiosk(page, meetup, LOOKS[database][0][:2])
        yield made
        assert made.found + [each for each in complaints if "DISCONNECTED" not in each] == []


def test_a_guest_holds_up_the_ticket_and_is_in_by_part_of_their_name(
    kiosk: Kiosk, codes: dict[str, str]
) -> None:
    page = kiosk.page
    assert kiosk.is_locked()
    kiosk.look("kiosk waiting")
    assert HOLD[kiosk.language] in page.inner_text("body")

    kiosk.shows("ok", timeout=40)
    assert MASKED in page.inner_text("[data-part=answer]")
    kiosk.look("kiosk welcome")
    kiosk.shows(None)
    kiosk.reads(codes["guest"])
    kiosk.shows("staff")
    assert page.inner_text("[data-part=answer-word]") == STAFF[kiosk.language]
    kiosk.look("kiosk staff")
    page.click("[data-part=answer]")
    kiosk.shows(None)
    kiosk.reads(codes["waiting"])
    kiosk.shows("staff")

    held = "\n".join([page.content(), *stores_of(page)])
    assert not any(word in held for word in (NAME, COHORT, "37기", codes["reference"]))
    assert kiosk.verdicts() == [Verdict.OK, Verdict.ALREADY_REDEEMED, Verdict.WAITLISTED]


def test_the_language_is_a_tap_away(kiosk: Kiosk) -> None:
    page, other = kiosk.page, "en" if kiosk.language == "ko" else "ko"

    kiosk.part("language").click()

    assert page.inner_text("h1") == HOLD[other]
    assert page.get_attribute("html", "lang") == other
    assert HOLD[kiosk.language] in page.inner_text("[data-part=other]")
    kiosk.look("kiosk in the other language")


def test_nobody_gets_out_without_the_code_not_even_by_a_reload_and_without_a_network(kiosk: Kiosk) -> None:
    page = kiosk.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.mouse.click(5, 5)
    for key in WAYS_OUT:
        page.keyboard.press(key)
    page.go_back()
    page.wait_for_timeout(300)
    assert kiosk.is_locked()
    assert page.url.endswith(f"/door/{kiosk.meetup.slug}")

    for wrong in ("111111", "222222", "333333"):
        kiosk.unlocks(wrong)
        until(page, lambda: bool(page.inner_text("[data-part=code-error]")))
    kiosk.look("kiosk asks for the code")
    until(page, lambda: kiosk.part("code-submit").get_attribute("aria-disabled") == "true")
    kiosk.part("code-input").fill(CODE)
    kiosk.part("code-input").press("Enter")
    page.wait_for_timeout(1000)
    assert not kiosk.part("unlocked").is_visible()

    page.context.set_offline(True)
    page.evaluate("localStorage.removeItem('door-kiosk-tries')")
    page.reload()
    assert kiosk.is_locked()
    kiosk.unlocks(CODE)
    until(page, kiosk.part("unlocked").is_visible)
    kiosk.look("kiosk unlocked")
    page.reload()
    assert kiosk.is_locked()


def test_without_a_network_a_guest_is_in_by_the_tablet_s_own_list(
    kiosk: Kiosk, codes: dict[str, str]
) -> None:
    page = kiosk.page
    until(page, lambda: any(row.startswith("dongmun-list") for row in stores_of(page)), timeout=20)
    kiosk.shows("ok", timeout=40)
    kiosk.shows(None)
    page.context.set_offline(True)

    kiosk.reads(codes["other"])
    kiosk.shows("ok")
    assert "K** M**" in page.inner_text("[data-part=answer]")
    kiosk.shows(None)
    kiosk.reads(codes["waiting"])
    kiosk.shows("staff")
    assert len(kiosk.verdicts()) == 1

    page.context.set_offline(False)
    until(page, lambda: len(kiosk.verdicts()) == 3, timeout=25)
    assert kiosk.verdicts() == [Verdict.OK, Verdict.OK, Verdict.WAITLISTED]


def test_a_withdrawn_tablet_says_so(kiosk: Kiosk) -> None:

    end_reading()
    found = select(Device.id).where(Device.meetup_id == kiosk.meetup.id)
    devices.revoke(kiosk.meetup.id, db.session.scalars(found).one(), "account:1")

    until(kiosk.page, kiosk.part("ended").is_visible, timeout=25)
    assert not kiosk.part("behind").is_visible()
    kiosk.look("kiosk withdrawn")
