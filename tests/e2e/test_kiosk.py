"""Self check-in on a tablet, in a real browser: guests hold up their QR, and nobody gets out without the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app import qr
from app.db import db, end_reading
from app.domain.door import tickets
from app.domain.registering.registrations import Status
from app.models import CheckIn, Device, DeviceRole, Meetup, Verdict
from app.services.door import devices, kiosks
from tests.factories import (
    code_of,
    make_account,
    make_cohort,
    make_device,
    make_meetup,
    make_person,
    make_program,
    make_registration,
    make_ticket,
)
from tests.support import hostile
from tests.support.aimed_camera import LATE_CAMERA, aim, qr_picture
from tests.support.aimed_door import door, wedge
from tests.support.browser import NOBODY, SIZES, camera_file, context_of, launched, strict_page, until
from tests.support.clear_text import clear_in, stores_of
from tests.support.everybody import Keyboard, Screens
from tests.support.kiosk import TABLET, dismiss, has_list, screen, shows
from tests.support.server import Server

pytestmark = pytest.mark.one_database

# What these tests look at lies in the browser: each database sees one language and one scheme.
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
HOLD = {"ko": "QR 티켓을 여기에 보여 주세요", "en": "Hold your QR ticket here"}
STAFF = {"ko": "스태프에게 와 주세요", "en": "Please come to our staff"}
LYING = {"width": 1024, "height": 768}
NAME, MASKED, COHORT, CODE = "남궁민수", "남**수", "제37기 심화반", "482913"
OTHER, OTHER_MASKED, ADDRESS = "Kim Minsu", "K** M**", "minsu.kim@example.com"
# Keys that leave or reload a page, or open what lies behind it.
WAYS_OUT = ["Escape", "F5", "Control+r", "Control+l", "Alt+ArrowLeft", "Backspace", "Tab", "Enter", "F11"]


# What shows through beside and below the button that stays at the bottom.
UNDER_THE_WAY_BACK = """() => {
  const { left, right, top } = document.querySelector("[data-part=unlocked] [data-lock]").getBoundingClientRect();
  const found = [];
  for (let y = top - 8; y < innerHeight; y += 4) {
    for (const x of [left + 2, (left + right) / 2, right - 2]) {
      const hit = document.elementFromPoint(x, y);
      if (!hit.closest("[data-lock], [data-part=back], [data-part=staff]") || hit.closest(".ready, .choice, .field")) found.push(hit.className);
    }
  }
  return found;
}"""


class Kiosk(Screens):
    """The tablet's screens."""

    def __init__(self, page: Page, meetup: Meetup, language: str) -> None:
        super().__init__(page)
        self.meetup, self.language = meetup, language

    def shows(self, expected: str | None, timeout: float = 20) -> None:
        shows(self.page, expected, timeout)

    def is_locked(self) -> bool:
        """The waiting screen, and nothing of the scanner or the settings."""
        self.page.wait_for_selector("body[data-ready=yes]")
        return self.part("behind").is_visible() and not self.part("unlocked").is_visible()

    def unlocks(self, code: str) -> None:
        """Try the code, and wait for the answer: a code typed while another is checked is no try."""
        if not self.part("code-input").is_visible():
            self.part("staff-open").click()
        self.part("code-input").fill(code)
        self.part("code-submit").click()
        until(self.page, lambda: not self.part("code-submit").get_attribute("aria-busy"))

    def level(self, key: str) -> str | None:
        """How one thing stands in "Ready?"."""
        return self.page.get_attribute(f"[data-ready={key}]", "data-level")

    def word(self, key: str) -> str:
        return self.page.inner_text(f"[data-ready={key}] [data-ready-word]")

    def reads(self, text: str) -> None:
        """A wedge scanner types it."""
        wedge(self.page, text)

    def verdicts(self) -> list[Verdict]:
        end_reading()
        found = select(CheckIn.verdict).where(CheckIn.meetup_id == self.meetup.id).order_by(CheckIn.id)
        return list(db.session.scalars(found))

    def admitted(self) -> list[int]:
        """How many were let in by the scan, and what was said of it since."""
        end_reading()
        found = select(CheckIn.admits).where(CheckIn.meetup_id == self.meetup.id).order_by(CheckIn.id)
        return list(db.session.scalars(found))

    def is_within(self, part: str, size: dict[str, int]) -> None:
        box = self.part(part).bounding_box()
        assert box
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= size["height"], part


@pytest.fixture
def codes(app: Flask) -> dict[str, str]:
    """A meetup's tickets by what they are worth, and its slug."""
    program = make_program()
    cohort = make_cohort(program, 37, name_ko=COHORT, name_en=COHORT)
    meetup = make_meetup(program)
    kiosks.set_code(meetup.id, CODE, "account:1")
    guest = make_registration(meetup, make_person(program, NAME), cohort=cohort)
    other = make_registration(meetup, make_person(program, OTHER, ADDRESS), cohort=cohort)
    return {
        "slug": meetup.slug,
        "guest": code_of(guest),
        "reference": guest.reference,
        "other": code_of(other),
        "party": code_of(make_registration(meetup, make_person(program, NAME), companions=2)),
        "waiting": make_ticket(make_registration(meetup, status=Status.WAITLISTED)),
    }


@pytest.fixture
def kiosk(
    database: str, codes: dict[str, str], serve: Callable[..., Server], tmp_path: Path
) -> Iterator[Kiosk]:
    """A tablet that has scanned the organizer's QR; nobody stands before its camera."""
    with tablet(database, codes, serve(alone=True), tmp_path) as made:
        yield made


@contextmanager
def tablet(
    database: str, codes: dict[str, str], server: Server, folder: Path, *held_up: str
) -> Iterator[Kiosk]:
    """As `kiosk`; these tickets are held up to its camera, one after the other."""
    meetup = db.session.scalars(select(Meetup).where(Meetup.slug == codes["slug"])).one()
    link = devices.link_token(devices.open_door(meetup.id, DeviceRole.KIOSK, make_account().id))
    shown = [qr.png(tickets.payload(server.url, each), scale=6) for each in held_up]
    # The film begins anew at its end: long after these tests.
    pictures = [each for ticket in shown for each in (NOBODY, NOBODY, ticket)] + [NOBODY] * 60
    camera = camera_file(pictures, folder / "camera.mjpeg", frames_each=45) if shown else None
    with launched(camera, sees_nobody=not shown) as browser:
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
    database: str, codes: dict[str, str], serve: Callable[..., Server], tmp_path: Path
) -> None:
    with tablet(database, codes, serve(alone=True), tmp_path, codes["guest"]) as kiosk:
        page = kiosk.page
        assert HOLD[kiosk.language] in page.inner_text("body")

        kiosk.shows("ok", timeout=40)
        assert MASKED in page.inner_text("[data-part=answer]")
        kiosk.look("kiosk welcome")
        kiosk.shows(None)
        assert kiosk.is_locked()
        assert kiosk.verdicts() == [Verdict.OK]


def test_of_a_party_fewer_came_which_they_say_at_the_tablet(kiosk: Kiosk, codes: dict[str, str]) -> None:
    kiosk.reads(codes["party"])
    kiosk.shows("ok")
    assert kiosk.part("party-count").inner_text() == "3"
    kiosk.look("kiosk party")

    kiosk.part("party-fewer").click()
    kiosk.part("party-fewer").click()

    assert kiosk.part("party-count").inner_text() == "1"
    until(kiosk.page, lambda: kiosk.admitted() == [3, 2, 1])
    for size in (TABLET, LYING, SIZES["phone"]):
        kiosk.page.set_viewport_size(size)  # type: ignore[arg-type]
        kiosk.is_within("party", size)
    kiosk.part("answer-word").click()
    kiosk.shows(None)


def test_whoever_is_not_let_in_reads_one_sentence_and_the_tablet_knows_no_more(
    kiosk: Kiosk, codes: dict[str, str]
) -> None:
    page = kiosk.page
    kiosk.look("kiosk waiting")
    kiosk.reads(codes["guest"])
    kiosk.shows("ok")
    dismiss(page)

    said = set()
    for code in (codes["guest"], codes["waiting"], "https://elsewhere.example/"):
        kiosk.reads(code)
        kiosk.shows("staff")
        said.add(page.inner_text("[data-part=answer]"))
        kiosk.look("kiosk staff")
        dismiss(page)

    assert len(said) == 1
    assert STAFF[kiosk.language] in said.pop()
    held = "\n".join([page.content(), *stores_of(page)]).encode()
    assert clear_in(held, [NAME, OTHER, ADDRESS, COHORT, codes["reference"], codes["guest"], CODE]) == []
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
        assert page.inner_text("[data-part=code-error]")
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


def test_without_a_network_and_after_a_reload_a_guest_is_in_by_the_tablet_s_own_list(
    kiosk: Kiosk, codes: dict[str, str]
) -> None:
    page = kiosk.page
    has_list(page)
    page.context.set_offline(True)
    page.reload()
    assert kiosk.is_locked()

    kiosk.reads(codes["other"])
    kiosk.shows("ok")
    assert OTHER_MASKED in page.inner_text("[data-part=answer]")
    kiosk.shows(None)
    for code in (codes["other"], codes["waiting"]):
        kiosk.reads(code)
        kiosk.shows("staff")
        dismiss(page)
    held = "\n".join([page.content(), *stores_of(page)]).encode()
    assert clear_in(held, [NAME, OTHER, ADDRESS, COHORT, codes["other"], codes["waiting"], CODE]) == []
    assert kiosk.verdicts() == []

    page.context.set_offline(False)
    until(page, lambda: len(kiosk.verdicts()) == 3, timeout=25)
    assert kiosk.verdicts() == [Verdict.OK, Verdict.ALREADY_REDEEMED, Verdict.WAITLISTED]


def test_a_withdrawn_tablet_says_so_and_forgets_its_list_and_its_page(kiosk: Kiosk) -> None:
    page = kiosk.page
    has_list(page)
    end_reading()
    found = select(Device.id).where(Device.meetup_id == kiosk.meetup.id)
    devices.revoke(kiosk.meetup.id, db.session.scalars(found).one(), "account:1")

    until(page, kiosk.part("ended").is_visible, timeout=25)
    assert not kiosk.part("behind").is_visible()
    kiosk.look("kiosk withdrawn")
    until(page, lambda: not any(row.startswith("dongmun-list") for row in stores_of(page)))
    kept = page.evaluate("caches.match(location.pathname, { ignoreVary: true }).then(Boolean)")
    assert not kept


def test_a_staff_phone_that_becomes_a_tablet_keeps_no_list_by_name(kiosk: Kiosk) -> None:
    page, name = kiosk.page, f"dongmun-people-{kiosk.meetup.slug}"
    page.evaluate(
        "name => new Promise((done) => (indexedDB.open(name).onsuccess = ({ target }) => done(target.result.close())))",
        name,
    )
    names = "indexedDB.databases().then((found) => found.map(({ name }) => name))"
    assert name in page.evaluate(names)

    page.reload()

    assert kiosk.is_locked()
    until(page, lambda: name not in page.evaluate(names))


@pytest.mark.parametrize("size", [TABLET, LYING, SIZES["phone"]], ids=["upright", "lying", "360 px"])
def test_it_fits_on_a_tablet_in_both_ways_and_on_a_phone(kiosk: Kiosk, size: dict[str, int]) -> None:
    page = kiosk.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    until(page, lambda: kiosk.part("stage").get_attribute("data-state") == "running")
    kiosk.look("kiosk")

    for part in ("hold", "other", "stage", "language", "staff-open"):
        kiosk.is_within(part, size)
    frame = page.locator("[data-part=video]").bounding_box()
    assert frame
    assert min(frame["width"], frame["height"]) >= 0.35 * min(size.values())


def test_staff_see_whether_the_tablet_is_ready_and_what_is_amiss(kiosk: Kiosk) -> None:
    page = kiosk.page
    has_list(page)
    until(page, lambda: kiosk.part("stage").get_attribute("data-state") == "running")
    kiosk.unlocks(CODE)

    until(page, lambda: kiosk.level("list") == "good")
    assert kiosk.word("list").startswith("4"), "the tickets of three guests and of somebody who waits"
    assert {kiosk.level(each) for each in ("camera", "server", "clock", "waiting")} == {"good"}
    assert page.locator("[data-ready=storage]").is_visible()
    assert not page.locator("[data-ready=names]").is_visible()
    assert kiosk.level("sound") == "look", "nobody has listened yet"
    kiosk.part("ready-play").click()
    until(page, lambda: kiosk.level("sound") == "good")
    kiosk.look("kiosk, ready?")

    page.context.set_offline(True)
    until(page, lambda: kiosk.level("server") == "look", timeout=20)
    kiosk.look("kiosk, ready without a network")
    page.locator("[data-part=unlocked] [data-lock]").click()
    kiosk.part("language").click()
    kiosk.unlocks(CODE)
    until(page, lambda: kiosk.word("server") == ("No connection" if kiosk.language == "ko" else "연결 안 됨"))


@pytest.mark.parametrize("size", [TABLET, LYING, SIZES["phone"]], ids=["upright", "lying", "360 px"])
def test_the_way_back_to_the_guests_lies_over_nothing_that_can_be_read_or_touched(
    kiosk: Kiosk, size: dict[str, int]
) -> None:
    page = kiosk.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    kiosk.unlocks(CODE)
    until(page, lambda: kiosk.level("clock") == "good")

    assert page.evaluate(UNDER_THE_WAY_BACK) == [], "before it is scrolled"
    kiosk.part("sound-choice").focus()
    box, back = (kiosk.part(each).bounding_box() for each in ("sound-choice", "back"))
    assert box
    assert back
    assert box["y"] + box["height"] <= back["y"]


def test_a_keyboard_reaches_all_of_it_and_the_focus_shows(kiosk: Kiosk) -> None:
    keys = Keyboard(kiosk.page)
    keys.to("language")
    keys.press("Enter")
    keys.press("Enter")
    keys.to("staff-open")
    keys.press("Enter")
    assert keys.at() == "code-input"
    keys.type(CODE)
    keys.press("Enter")
    until(kiosk.page, kiosk.part("unlocked").is_visible)
    assert keys.at() == "unlocked-title"
    keys.press("Escape")
    assert keys.at() == "staff-open"
    assert kiosk.is_locked()
    assert keys.dark == []


def test_a_keyboard_on_the_start_button_goes_on_from_the_heading_once_the_camera_runs(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, server = make_meetup(), serve(alone=True)
    kiosks.set_code(meetup.id, CODE, "account:1")
    with door(server, meetup, make_device(meetup, DeviceRole.KIOSK)[1], LATE_CAMERA) as watched:
        keys = Keyboard(watched.page)
        keys.to("start")
        watched.page.evaluate("window.letCamera()")
        until(
            watched.page, lambda: watched.page.get_attribute("[data-part=stage]", "data-state") == "running"
        )
        assert keys.at() == "hold"
        keys.to("staff-open")
        assert keys.dark == []


def test_a_line_says_what_the_tablet_lacks_until_it_is_ready_and_the_first_guest_is_in(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, server = make_meetup(), serve(alone=True)
    kiosks.set_code(meetup.id, CODE, "account:1")
    guest = make_registration(meetup)
    with door(server, meetup, make_device(meetup, DeviceRole.KIOSK)[1], LATE_CAMERA) as watched:
        page = watched.page
        line = page.locator("[data-part=readiness]")
        lacks = "Not ready yet: camera, sound (touch the screen once)"
        until(page, lambda: line.inner_text() == lacks)
        page.evaluate("window.letCamera()")
        until(page, lambda: line.inner_text() == lacks.replace("camera, ", ""))
        page.click("[data-part=hold]")
        until(page, lambda: line.inner_text() == "Ready for guests: camera, list and sound work.")
        page.click("[data-part=language]")
        until(page, lambda: "준비됐어요" in line.inner_text())

        wedge(page, tickets.payload(server.url, code_of(guest)))
        shows(page, "ok")
        dismiss(page)
        assert line.is_hidden()


def test_nothing_held_up_does_anything_and_the_next_ticket_is_green(
    app: Flask, serve: Callable[..., Server]
) -> None:
    codes, meetup = hostile.some(hostile.CODES, 10), make_meetup(capacity=200)
    kiosks.set_code(meetup.id, CODE, "account:1")
    guests = [make_registration(meetup) for _ in codes]
    server = serve(alone=True)
    with door(server, meetup, make_device(meetup, DeviceRole.KIOSK)[1]) as watched:
        page = watched.page
        for payload, guest in zip(codes, guests, strict=True):
            aim(page, qr_picture(hostile.filled(payload, server.url)))
            shows(page, "staff")
            assert watched.harm() == [], payload
            aim(page, None)
            dismiss(page)
            aim(page, qr_picture(tickets.payload(server.url, code_of(guest))))
            shows(page, "ok")
            aim(page, None)
            dismiss(page)
        assert screen(page) is None
