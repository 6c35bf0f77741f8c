"""`make screenshots`: pictures of every page into build/screenshots, for people to look at.

The demo is loaded into a folder of its own and walked in a real browser: 360 and 1280 px, Korean and
English, light and dark. Also puts together docs/pictures/overview.png for the README.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from app import create_app
from app.db import db, transaction
from app.demo import loading
from app.domain.door import tickets as codes
from app.domain.fees.terms import Terms
from app.domain.registering.moves import Telling
from app.domain.registering.registrations import Status
from app.domain.seating.draw import Share
from app.models import DeviceRole, Meetup, MeetupInvitation, Person, Registration
from app.services.alumni import roster_uploads, rosters
from app.services.door import devices, kiosks
from app.services.fees import terms
from app.services.inviting import meetup_invitations
from app.services.organizing import meetup_states, meetups
from app.services.personal import personal_links
from app.services.registering import moves, registrations, tickets
from app.services.registering.moves import Announcement
from app.services.seating import seat_rules
from app.services.staff import sign_in
from config import ROOT, Settings
from tests.support.aimed_door import wedge
from tests.support.browser import camera_file, context_of, launched, to_the_door
from tests.support.draws import by_draw, draw_rules, hold, pass_deadline, time_is_up
from tests.support.registering import register
from tests.support.server import free_port, serving

OUT = ROOT / "build/screenshots"
LOOKS = (
    ("phone", "ko-KR", "light"),
    ("phone", "en-GB", "dark"),
    ("desktop", "ko-KR", "light"),
    ("desktop", "en-GB", "dark"),
)
EXIT_CODE = "482913"
PUBLIC = ("/", "/erased", "/m/reunion", "/m/paper-night", "/m/first-meetup", "/sign-in", "/nothing-here")
DESK = (
    "/desk/bootcamp",
    "/desk/bootcamp/cohorts",
    "/desk/bootcamp/cohorts/2",
    "/desk/bootcamp/people",
    "/desk/bootcamp/settings",
    "/desk/bootcamp/mail-setup",
    "/desk/bootcamp/imports",
    "/desk/bootcamp/erasures",
    "/desk/bootcamp/records",
    "/desk/bootcamp/rosters/new",
    "/desk/bootcamp/meetups",
    "/desk/bootcamp/meetups/new",
    "/desk/bootcamp/meetups/reunion",
    "/desk/bootcamp/meetups/reunion/edit",
    "/desk/bootcamp/meetups/reunion/elsewhere",
    "/desk/bootcamp/meetups/reunion/host-list",
    "/desk/bootcamp/meetups/reunion/preview",
    "/desk/bootcamp/meetups/reunion/notice",
    "/desk/bootcamp/meetups/reunion/notice/versions/1",
    "/desk/bootcamp/meetups/reunion/questions",
    "/desk/bootcamp/meetups/reunion/questions/q2",
    "/desk/bootcamp/meetups/reunion/questions/new?kind=choices",
    "/desk/bootcamp/meetups/reunion/questions/sets",
    "/desk/bootcamp/meetups/reunion/calling-off",
    "/desk/bootcamp/meetups/reunion/badges",
    "/desk/bootcamp/meetups/reunion/badges/one",
    "/desk/bootcamp/meetups/reunion/door",
    "/desk/bootcamp/meetups/reunion/door/rehearsal",
    "/desk/bootcamp/meetups/reunion/seats",
    "/desk/bootcamp/meetups/reunion/pools",
    "/desk/bootcamp/meetups/reunion/waitlist",
    "/desk/bootcamp/meetups/reunion/walk-in-checks",
    "/desk/bootcamp/meetups/reunion/mails",
    "/desk/bootcamp/meetups/reunion/mails/texts",
    "/desk/bootcamp/meetups/reunion/mails/texts/registration_confirmed",
    "/desk/bootcamp/meetups/reunion/applicants",
    "/desk/bootcamp/meetups/reunion/invitations",
    "/desk/bootcamp/meetups/reunion/messages",
    "/desk/bootcamp/meetups/reunion/messages/new",
    "/desk/bootcamp/meetups/reunion/inside-notes",
    "/desk/bootcamp/meetups/paper-night/attendees",
    "/desk/bootcamp/meetups/first-meetup",
    "/desk/bootcamp/meetups/first-meetup/attendees?arrived=no_show",
    "/desk/bootcamp/meetups/reunion/attendees?reply=none",
    "/desk/bootcamp/meetups/paper-night/export",
    "/desk/new",
    "/desk/account",
    "/outbox",
)


@dataclass(frozen=True)
class Doors:
    """What the pictures need to know and a page does not say."""

    personal: dict[str, str]  # state → path of a registration
    codes: dict[str, str]  # verdict → code to type
    upload: str
    pages: dict[str, str]  # name → path at the desk


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = Settings(DATA_DIR=Path(folder), PORT=port, DEBUG=True)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            loading.load()
            known = look_up()
        camera = camera_file([Image.new("RGB", (640, 480), "#777")], Path(folder) / "camera.mjpeg")
        with serving(settings, Path(folder) / "log") as server, launched(camera) as browser:
            for look in LOOKS:
                picture_all(app, browser, server.url, known, look)
    overview()
    sys.stdout.write(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}\n")


def look_up() -> Doors:
    """Registrations in each state, codes for each verdict, a roster between upload and apply."""
    reunion = db.session.scalars(select(Meetup).where(Meetup.slug == "reunion")).one()
    night = db.session.scalars(select(Meetup).where(Meetup.slug == "paper-night")).one()
    with transaction() as session:
        meetup = session.get_one(Meetup, reunion.id)
        meetup.door_tracks_exits, meetup.companions_most = True, 2
    seated = list(_of(reunion, Status.CONFIRMED))
    states = {"confirmed": seated[0], "waitlisted": next(_of(night, Status.WAITLISTED)),
              "cancelled": next(_of(night, Status.CANCELLED))}  # fmt: skip
    other = next(_of(night, Status.CONFIRMED))
    held, ended = seated[0], seated[2]
    asked = moved_copy(reunion, held.person)
    move = moves.asking(asked.meetup)
    assert move
    terms.save(
        asked.meetup.id,
        Terms(amount=30_000, bank="예시은행", account="110-1234", holder="동문회", days=3),
        "account:1",
    )
    awaiting, drawn = draws(reunion)
    states |= {f"{name}-by-draw": next(_of(meetup, status)) for name, meetup, status in (
        ("applied", awaiting, Status.APPLIED), ("confirmed", drawn, Status.CONFIRMED), ("waitlisted", drawn, Status.WAITLISTED))}  # fmt: skip
    registrations.decline(ended.id, "account:1", "전화로 못 온다고 하셨어요")
    file = Path(loading.ROSTERS) / "cohort-2-2021.xlsx"
    upload = roster_uploads.keep(
        reunion.program_id, 1, None, rosters.Source(file.read_bytes(), "2기 명단.xlsx")
    )
    file = ROOT / "tests/data/rosters/messy-unicode-text.txt"
    messy = roster_uploads.keep(reunion.program_id, 1, None, rosters.Source(file.read_bytes(), file.name))
    file = ROOT / "tests/data/rosters/earlier-form-answers.csv"
    elsewhere = roster_uploads.keep(reunion.program_id, 1, None, rosters.Source(file.read_bytes(), file.name))
    return Doors(
        {name: personal_links.url_of(row) for name, row in states.items()},
        {"ok": _code(seated[1]), "other-meetup": _code(other), "unknown": "A" * codes.CODE_LENGTH}
        | {f"kiosk-{n}": _code(seated[5 + n]) for n in range(len(LOOKS))},
        f"/desk/bootcamp/rosters/{upload.reference}",
        {
            "attendee": _attendee(held),
            "attendee-declined": _attendee(ended),
            "erasing-a-person": f"/desk/bootcamp/people/{held.person_id}/erasure",
            "person": f"/desk/bootcamp/cohorts/{held.cohort.ordinal}/entries/{held.person_id}",
            "invited": invited(reunion),
            "declining": f"{invited(reunion)}/decline",
            "draw-awaiting": f"/desk/bootcamp/meetups/{awaiting.slug}/draw",
            "draw-held": f"/desk/bootcamp/meetups/{drawn.slug}/draw",
            "draw-terms": f"/desk/bootcamp/meetups/{awaiting.slug}/seats",
            "draw-public-entries": f"/m/{awaiting.slug}/draw",
            "draw-public-result": f"/m/{drawn.slug}/draw",
            "fee": f"/desk/bootcamp/meetups/{asked.meetup.slug}/fee",
            "fee-terms": f"/desk/bootcamp/meetups/{asked.meetup.slug}/fee/terms",
            "fee-own": personal_links.url_of(asked),
            "registered-elsewhere": f"/desk/bootcamp/meetups/reunion/elsewhere/{elsewhere.reference}",
            "host-list-compared": f"/desk/bootcamp/meetups/reunion/host-list/{elsewhere.reference}",
            "moved": f"{personal_links.url_of(asked)}/moves/{move.id}-{move.id}",
            "moved-desk": f"/desk/bootcamp/meetups/{asked.meetup.slug}",
            "roster-problems": f"/desk/bootcamp/rosters/{messy.reference}?show=problem",
        },
    )


def invited(reunion: Meetup) -> str:
    """The path of one of the invitations that went to the first cohort."""
    found = select(MeetupInvitation.uid).where(MeetupInvitation.meetup_id == reunion.id)
    uid = db.session.scalars(found.limit(1)).first()
    if uid is None:
        choice = meetup_invitations.Choice(frozenset({reunion.cohorts[0].id}), frozenset())
        meetup_invitations.invite(reunion.id, choice, "오랜만에 얼굴 봐요!", "account:1")
        return invited(reunion)
    return "/" + meetup_invitations.link_of(uid).split("/", 3)[3]


def draws(reunion: Meetup) -> tuple[Meetup, Meetup]:
    """Copies of the reunion whose seats are drawn: the value is awaited in the first, entered in the second."""
    people = [row.person for row in _of(reunion, Status.CONFIRMED)][:9]
    awaiting, held = (drawn_copy(reunion, people) for _ in range(2))
    hold(held)
    return awaiting, held


def drawn_copy(reunion: Meetup, people: list[Person]) -> Meetup:
    found = meetups.copy(reunion.id, "account:1")
    with transaction() as session:
        session.get_one(Meetup, found.id).capacity = 3
    shares = {cohort.id: Share(minimum=1) for cohort in found.cohorts}
    seat_rules.save(found.id, by_draw(draw_rules(shares)), "account:1")
    meetup_states.publish(found.id, "account:1")
    for person in people:
        register(found, person)
    time_is_up(found)
    pass_deadline()
    return found


def moved_copy(reunion: Meetup, person: Person) -> Registration:
    """A place at a copy of the reunion that has moved since, and asks."""
    found = meetups.copy(reunion.id, "account:1")
    meetup_states.publish(found.id, "account:1")
    registration = register(found, person)
    with transaction() as session:
        meetup = Meetup.locked(session, found.id)
        before, meetup.place_ko, meetup.place_en = meetup.appointed(), "새 예시홀 2층", "New Example Hall, 2F"
        moves.announce(session, meetup, before, Announcement(Telling.ASK), "account:1")
    return db.session.get_one(Registration, registration.id)


def _of(meetup: Meetup, status: Status) -> Iterator[Registration]:
    query = select(Registration).where(Registration.meetup_id == meetup.id, Registration.status == status)
    return iter(db.session.scalars(query.order_by(Registration.rank)))


def _attendee(registration: Registration) -> str:
    return f"/desk/bootcamp/meetups/{registration.meetup.slug}/attendees/{registration.reference}"


def _code(registration: Registration) -> str:
    ticket = tickets.current(registration.id)
    assert ticket
    return tickets.code_of(ticket)


def picture_all(app: Flask, browser: Browser, url: str, known: Doors, look: tuple[str, str, str]) -> None:
    context = context_of(browser, *look, permissions=["camera"])
    page = context.new_page()
    for path in PUBLIC:
        shoot(page, url + path, look)
    for state, link in known.personal.items():
        shoot(page, link, look, f"registration-{state}")
    for own in ("consents", "answers", "download", "erasure", "renewal", "address", "companions"):
        shoot(page, f"{known.personal['confirmed']}/{own}", look, own)
    shoot(page, f"{url}/T/{known.codes['ok']}", look, "ticket")
    ask_for_a_code(page, url, look)
    with app.app_context():
        page.goto(sign_in.one_time_link(loading.OWNER).replace(app.config["SETTINGS"].base_url, url))
    page.click("main form button[type=submit]")
    for path in (*DESK, known.upload):
        shoot(page, url + path, look, "roster-preview" if path == known.upload else None)
    for name, path in known.pages.items():
        shoot(page, path if path.startswith("http") else url + path, look, name)
    shoot(page, f"{url}/desk/bootcamp/meetups/none", look, "error-404")
    scan(app, context, url, known, look)
    check_themselves_in(app, context, url, known, look)
    context.close()


def ask_for_a_code(page: Page, url: str, look: tuple[str, str, str]) -> None:
    page.goto(f"{url}/m/reunion")
    page.fill("input[name=address]", "somebody@example.com")
    page.press("input[name=address]", "Enter")
    page.wait_for_url("**/code")
    keep(page, look, "code")


def scan(app: Flask, context: BrowserContext, url: str, known: Doors, look: tuple[str, str, str]) -> None:
    """Enrol this browser and type each code: the scanner in each of its colours."""
    with app.app_context():
        meetup = db.session.scalars(select(Meetup).where(Meetup.slug == "reunion")).one()
        enrolment = devices.open_door(meetup.id, DeviceRole.SUPERVISE, 1)
        token = devices.link_token(enrolment)
    page = context.new_page()
    shoot(page, f"{url}/door/enrol/{token}", look, "enrol")
    page.fill("input[name=name]", f"{look[0]} {look[1]}")
    page.click("main form button[type=submit]")
    page.wait_for_selector("body[data-ready=yes]")
    page.wait_for_timeout(600)
    keep(page, look, "ready")
    to_the_door(page)
    keep(page, look, "scanner")
    for verdict in ("ok", "ok", "other-meetup", "unknown"):
        type_code(page, look, known.codes[verdict], verdict)
    page.click("[data-part=way-exit]")
    keep(page, look, "scanner-exit")
    for _ in range(2):
        type_code(page, look, known.codes["ok"], "exit")
    page.click("[data-part=way-entry]")
    override(page, look)
    rehearse(page, look)
    page.close()


def type_code(page: Page, look: tuple[str, str, str], code: str, name: str) -> None:
    page.click("[data-open-panel=typed]")
    page.fill("[data-part=typed-input]", code)
    page.press("[data-part=typed-input]", "Enter")
    page.wait_for_timeout(700)
    shown = page.get_attribute("[data-part=verdict]", "data-verdict")
    keep(page, look, f"verdict-{name}-{shown}")
    page.click("[data-part=continue]")
    page.wait_for_timeout(400)
    page.keyboard.press("Escape")


def override(page: Page, look: tuple[str, str, str]) -> None:
    """With no network, a ticket that the phone's list does not know, and a supervisor who lets its holder in."""
    page.context.set_offline(True)
    page.click("[data-open-panel=typed]")
    page.fill("[data-part=typed-input]", "B" * 26)
    page.press("[data-part=typed-input]", "Enter")
    page.wait_for_selector("[data-part=verdict][data-verdict=unknown]")
    keep(page, look, "verdict-offline-unknown")
    page.click("[data-part=override-open]")
    keep(page, look, "door-override")
    page.click("[data-reason] >> nth=0")
    page.click("[data-part=override-submit]")
    page.wait_for_selector("[data-part=verdict][data-verdict=ok]")
    keep(page, look, "verdict-override")
    page.context.set_offline(False)
    page.wait_for_selector("[data-part=verdict][data-verdict=refused]")
    keep(page, look, "verdict-server-says-otherwise")
    page.click("[data-part=continue]")
    page.click("[data-part=conflicts-open]", timeout=20_000)
    keep(page, look, "door-conflicts")
    page.keyboard.press("Escape")


def rehearse(page: Page, look: tuple[str, str, str]) -> None:
    """The scanner while it practises; the demo's door has not opened yet."""
    page.click("[data-open-panel=settings]")
    if not page.is_visible("[data-part=rehearsal-begin]"):
        return
    page.click("[data-part=rehearsal-begin]")
    page.wait_for_timeout(400)
    keep(page, look, "rehearsal")


def check_themselves_in(
    app: Flask, context: BrowserContext, url: str, known: Doors, look: tuple[str, str, str]
) -> None:
    """A self check-in tablet upright, and lying where a desktop is pictured: it waits, welcomes, sends on, asks for the code, is unlocked."""
    with app.app_context():
        meetup = db.session.scalars(select(Meetup).where(Meetup.slug == "reunion")).one()
        kiosks.set_code(meetup.id, EXIT_CODE, "account:1")
        token = devices.link_token(devices.open_door(meetup.id, DeviceRole.KIOSK, 1))
    page = context.new_page()
    shoot(page, f"{url}/door/enrol/{token}", look, "enrol-kiosk")
    page.fill("input[name=name]", f"{look[0]} {look[1]}")
    page.click("main form button[type=submit]")
    page.wait_for_selector("body[data-ready=yes]")
    page.wait_for_timeout(600)
    keep(page, look, "kiosk-360")
    page.set_viewport_size(
        {"width": 768, "height": 1024} if look[0] == "phone" else {"width": 1024, "height": 768}
    )
    page.wait_for_timeout(300)
    keep(page, look, "kiosk")
    for code, name in ((known.codes[f"kiosk-{LOOKS.index(look)}"], "ok"), ("A" * 26, "staff")):
        wedge(page, code)
        page.wait_for_selector(f"[data-part=answer][data-screen={name}]")
        keep(page, look, f"kiosk-{name}")
        page.click("[data-part=answer]")
    page.click("[data-part=staff-open]")
    keep(page, look, "kiosk-code")
    page.fill("[data-part=code-input]", EXIT_CODE)
    page.press("[data-part=code-input]", "Enter")
    page.wait_for_selector("[data-part=unlocked]:visible")
    page.wait_for_timeout(300)
    keep(page, look, "kiosk-unlocked")
    page.close()


def shoot(page: Page, url: str, look: tuple[str, str, str], name: str | None = None) -> None:
    page.goto(url)
    page.wait_for_timeout(150)
    keep(page, look, name or re.sub(r"[^a-z0-9]+", "-", url.split("/", 3)[3]).strip("-") or "home")


def keep(page: Page, look: tuple[str, str, str], name: str) -> None:
    size, locale, scheme = look
    page.screenshot(path=OUT / f"{name}.{size}.{locale[:2]}.{scheme}.png", full_page=True)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 0:
        sys.stdout.write(f"{name} {look}: {width} px too wide\n")


def overview() -> None:
    """Three phones side by side: the meetup's page, the ticket, the scanner's green."""
    green = next(OUT.glob("verdict-ok-ok.phone.ko.light.png"), None)
    names = ("m-reunion", "registration-confirmed")
    pictures = [Image.open(OUT / f"{name}.phone.ko.light.png").convert("RGB") for name in names]
    pictures += [Image.open(green).convert("RGB")] if green else []
    width, height, gap = 360, 720, 24
    sheet = Image.new("RGB", (gap + (width + gap) * len(pictures), height + 2 * gap), "#e7eeeb")
    for number, picture in enumerate(pictures):
        scaled = picture.resize((width, round(picture.height * width / picture.width)))
        sheet.paste(scaled.crop((0, 0, width, height)), (gap + number * (width + gap), gap))
    target = ROOT / "docs/pictures/overview.png"
    target.parent.mkdir(exist_ok=True)
    sheet.quantize(128).save(target, optimize=True)


if __name__ == "__main__":
    main()
