"""`python -m tests.door_pictures`: the pictures of docs/door.md, from a real door with invented people.

Each strip shows phones side by side, in Korean and in English: docs/pictures/door-<strip>.<language>.png.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, Page

from app import create_app
from app.domain.door import tickets
from app.models import DeviceRole, Meetup, Status
from app.services.door import kiosks
from config import ROOT, Settings
from tests.factories import (
    code_of,
    make_cohort,
    make_device,
    make_meetup,
    make_person,
    make_program,
    make_registration,
    make_ticket,
)
from tests.support.aimed_camera import AIMED, aim
from tests.support.aimed_door import answered, go_on, wedge
from tests.support.browser import context_of, launched, until
from tests.support.kiosk import TABLET, dismiss, shows
from tests.support.server import free_port, serving

OUT = ROOT / "docs/pictures"
HEIGHT, GAP, GROUND, COLOURS = 514, 16, "#e7eeeb", 64
EXIT_CODE = "482913"
NAMES = {
    "ko": ("김하늘", "이서준", "박지우", "최수아", "정도윤"),
    "en": ("Mina Park", "Leo Fern", "Ada Moss", "Noa Reed", "Ivo Hale"),
}
HOST = "https://week.example/badge/"


class Strip:
    """Pictures of one phone, one after the other."""

    def __init__(self, page: Page, name: str, language: str) -> None:
        self._page, self._path, self._shots = page, OUT / f"door-{name}.{language}.png", list[Image.Image]()

    def shoot(self) -> None:
        self._page.wait_for_timeout(400)
        shot = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        width = shot.width * HEIGHT // shot.height
        self._shots.append(shot.resize((width, HEIGHT), Image.Resampling.LANCZOS))

    def keep(self) -> None:
        width = sum(shot.width + GAP for shot in self._shots)
        sheet, left = Image.new("RGB", (GAP + width, HEIGHT + 2 * GAP), GROUND), GAP
        for shot in self._shots:
            sheet.paste(shot, (left, GAP))
            left += shot.width + GAP
        sheet.quantize(COLOURS).save(self._path, optimize=True)


class Evening:
    """A door with five guests, one of whom has cancelled, and a supervisor's phone."""

    def __init__(self, url: str, language: str) -> None:
        self.url, self.language, program = url, language, make_program()
        cohorts = [make_cohort(program, n) for n in (1, 3)]
        self.meetup: Meetup = make_meetup(
            program,
            title_ko="동문 밋업",
            title_en="Alumni meetup",
            door_lists_people=True,
            door_host_patterns=[f"{HOST}*"],
        )
        people = [make_person(program, name) for name in NAMES[language]]
        seats = [
            make_registration(self.meetup, each, cohort=cohorts[n % 2]) for n, each in enumerate(people[:4])
        ]
        gone = make_registration(self.meetup, people[4], Status.CANCELLED, cohort=cohorts[0])
        self.codes = [tickets.payload(url, code_of(each)) for each in seats]
        self.cancelled = tickets.payload(url, make_ticket(gone))
        _, self.token = make_device(
            self.meetup, DeviceRole.SUPERVISE, name={"ko": "1번 폰", "en": "Phone 1"}[language]
        )
        kiosks.set_code(self.meetup.id, EXIT_CODE, "account:1")
        _, self.tablet = make_device(self.meetup, DeviceRole.KIOSK)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = Settings(DATA_DIR=Path(folder), PORT=port, DEBUG=True)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            with serving(settings, Path(folder) / "log", worker=False) as server, launched() as browser:
                for language, locale in (("ko", "ko-KR"), ("en", "en-GB")):
                    picture(browser, Evening(server.url, language), locale)
    found = sorted(OUT.glob("door-*.png"))
    sys.stdout.write("".join(f"{each.name}: {each.stat().st_size // 1024} KB\n" for each in found))


def picture(browser: Browser, evening: Evening, locale: str) -> None:
    page = at_the_door(browser, evening, evening.token, locale)
    until(page, lambda: page.locator("[data-part=list-rows] button").count() == 5)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for strip, take in STRIPS.items():
        made = Strip(page, strip, evening.language)
        take(page, evening, made)
        made.keep()
    page.context.close()
    page = at_the_door(browser, evening, evening.tablet, locale)
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    made = Strip(page, "kiosk", evening.language)
    kiosk(page, evening, made)
    made.keep()
    page.context.close()


def at_the_door(browser: Browser, evening: Evening, token: str, locale: str) -> Page:
    """The page that a device with this token gets, its camera before a white wall."""
    context = context_of(browser, locale=locale, permissions=["camera"])
    context.add_init_script(AIMED)
    name = f"door-{evening.meetup.id}"
    context.add_cookies([{"name": name, "value": token, "url": evening.url, "sameSite": "Strict"}])
    page = context.new_page()
    page.goto(f"{evening.url}/door/{evening.meetup.slug}")
    page.wait_for_selector("body[data-ready]")
    return page


def kiosk(page: Page, evening: Evening, strip: Strip) -> None:
    """It waits, welcomes, and sends somebody to the staff."""
    strip.shoot()
    for code, name in ((evening.codes[3], "ok"), (evening.cancelled, "staff")):
        wedge(page, code)
        shows(page, name)
        strip.shoot()
        dismiss(page)


def finding(page: Page, evening: Evening, strip: Strip) -> None:
    """The list, the camera, the search."""
    strip.shoot()
    page.click("[data-part=tab-scan]")
    aim(page, None)
    strip.shoot()
    page.click(".door__actions [data-open-panel=search]")
    page.fill("[data-part=search-input]", NAMES[evening.language][1])
    page.wait_for_selector("[data-part=search-results] button")
    strip.shoot()
    page.keyboard.press("Escape")


def colours(page: Page, evening: Evening, strip: Strip) -> None:
    """Green, orange, red, and the surrounding event's QR."""
    for text in (evening.codes[0], evening.codes[0], evening.cancelled, f"{HOST}77"):
        wedge(page, text)
        answered(page)
        strip.shoot()
        go_on(page)


def supervising(page: Page, evening: Evening, strip: Strip) -> None:
    """Undo, and somebody without a registration."""
    page.click("[data-part=undo-last]")
    strip.shoot()
    page.click("[data-part=panel-undo] [data-close-panel]")
    page.click("[data-part=walkin-open]")
    page.fill("[data-part=walkin-name]", {"ko": "강시우", "en": "Kit Lowe"}[evening.language])
    strip.shoot()
    page.click("[data-part=panel-walkin] [data-close-panel]")


def offline(page: Page, evening: Evening, strip: Strip) -> None:
    """No network: a green that waits, a ticket that the phone does not know, the line that says what waits."""
    page.context.set_offline(True)
    for text in (evening.codes[1], tickets.payload(evening.url, "A" * 26)):
        wedge(page, text)
        answered(page)
        strip.shoot()
        go_on(page)
    strip.shoot()
    page.context.set_offline(False)


STRIPS: dict[str, Callable[[Page, Evening, Strip], None]] = {
    "finding": finding,
    "colours": colours,
    "supervising": supervising,
    "offline": offline,
}


if __name__ == "__main__":
    main()
