"""The scanner in a basement: no network, a browser that is killed again and again, and nothing is lost, nothing is
claimed too early, nothing can be read on the phone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app import qr
from app.db import db, end_reading
from app.domain.door import sealing, tickets
from app.models import CheckIn, DeviceRole, Meetup, Registration, Verdict
from app.services.door import devices
from tests.factories import (
    code_of,
    make_account,
    make_cohort,
    make_meetup,
    make_person,
    make_program,
    make_registration,
)
from tests.support.browser import camera_file, to_the_door, until
from tests.support.clear_text import clear_in, files_of, stores_of
from tests.support.outages import NetworkOff, ServerGone
from tests.support.server import Server
from tests.support.staff_phone import TAP, Sighting, StaffPhone

pytestmark = pytest.mark.one_database
SHOWN_FRAMES = 12  # of 30 a second: how long each ticket is held before the camera
NOBODY = Image.new("RGB", (640, 480), "white")
AWAY_FRAMES = 90
SETTINGS = "document.querySelector('[data-open-panel=settings]')"
SYNC_SECONDS = 10
COHORT = "제37기 심화반"
SYLLABLES = "가나다라마바사아자차카타파하"


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    address: str
    phone: str
    code: str


# Each outage on one database is enough here; tests/soak has them all.
OUTAGES = {"sqlite": NetworkOff, "postgresql": ServerGone}


def test_thirty_tickets_scanned_without_a_server_survive_the_browser_s_death(
    database: str, app: Flask, serve: Callable[..., Server], tmp_path: Path
) -> None:
    scan_through_kills(OUTAGES[database](serve), tmp_path, guests=30, kills=2)


def scan_through_kills(outage: NetworkOff, folder: Path, *, guests: int, kills: int) -> None:
    """Scan `guests` tickets while the server is out of reach and the browser dies `kills` times; then it comes back."""
    meetup, everybody = full_house(guests)
    shown: set[str] = set()
    with StaffPhone(folder / "profile", outage.server.url) as phone:
        enrol(phone, meetup, camera_file([NOBODY], folder / "nobody.mjpeg"))
        # Chromium writes a new cookie to the disk within 30 s, or when it is closed.
        phone.context.close()
        outage.begin()

        for run in range(kills + 1):
            left = [guest for guest in everybody if guest.name not in shown]
            target = guests * (run + 1) // (kills + 1)
            camera = film(left[: target - len(shown) + 2], outage.server.url, folder / f"camera-{run}.mjpeg")
            reopen(phone, meetup, camera, outage, waiting=len(shown))
            scan_until(phone, shown, target)
            if run < kills:
                phone.kill()

        assert shown == {guest.name for guest in everybody}
        assert ledger(meetup) == []
        assert [each for each in phone.seen if each.tone == "ok" and each.sync != "Waiting to sync"] == []
        made = settled_waiting(phone, at_least=guests)
        nothing_in_clear(phone, meetup, everybody)
        comes_back(phone, outage, meetup, made)
        assert phone.complaints == []
        phone.kill()
        assert clear_in(files_of(phone.profile), secrets(meetup, everybody)) == []

    verdicts = [row.verdict for row in ledger(meetup)]
    assert verdicts.count(Verdict.OK) == guests
    assert len(verdicts) == made
    inside = select(Registration).where(
        Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None)
    )
    assert len(db.session.scalars(inside).all()) == guests


def full_house(count: int) -> tuple[Meetup, list[Guest]]:
    """A meetup and its guests, no two of one name."""
    program = make_program()
    cohort, meetup = (
        make_cohort(program, 37, name_ko=COHORT, name_en=COHORT),
        make_meetup(program, capacity=count),
    )
    names = ("".join(each) for each in product("김이박최정", SYLLABLES, SYLLABLES))
    guests = []
    for n, name in zip(range(count), names, strict=False):
        address, phone = f"secret.guest{n}@example.com", f"010-77{n:02d}-5{n:03d}"
        person = make_person(program, name, address)
        registration = make_registration(meetup, person, cohort=cohort, phone=phone)
        guests.append(Guest(name, address, phone, code_of(registration)))
    return meetup, guests


def enrol(phone: StaffPhone, meetup: Meetup, camera: Path) -> None:
    """As a volunteer does with the organizer's QR; then wait until the phone can do without the server."""
    link = devices.link_token(devices.open_door(meetup.id, DeviceRole.SCAN, make_account().id))
    page = phone.start(camera)
    page.goto(f"{phone.origin}/door/enrol/{link}")
    page.fill("input[name=name]", "1번 입구")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/door/meetup-*")
    phone.ready()
    to_the_door(page)
    phone.kept()


def film(guests: list[Guest], url: str, path: Path, *, away: int = AWAY_FRAMES) -> Path:
    """Each guest holds the ticket up for a moment; then nobody comes, for `away` pictures: it begins anew after them."""
    pictures = [qr.png(tickets.payload(url, guest.code), scale=6) for guest in guests]
    frames = camera_file(list(pictures), path, frames_each=SHOWN_FRAMES)
    nobody = camera_file([NOBODY], path.with_suffix(".away"), frames_each=away)
    with frames.open("ab") as file:
        file.write(nobody.read_bytes())
    return frames


def reopen(phone: StaffPhone, meetup: Meetup, camera: Path, outage: NetworkOff, waiting: int) -> None:
    """The same phone after its death: the scanner opens, and says what waits."""
    phone.start(camera, offline=outage.offline)
    phone.page.goto(f"{phone.origin}/door/{meetup.slug}")
    phone.ready()
    until(phone.page, lambda: "phone checks tickets" in phone.page.inner_text("[data-part=status-line]"))
    until(phone.page, lambda: phone.seen[-1].waiting >= waiting)
    assert "(as of " in phone.page.inner_text("[data-part=count-of]")


def scan_until(phone: StaffPhone, shown: set[str], target: int) -> None:
    """Send each verdict away as soon as it is there; return at the very verdict that makes it `target` guests."""
    read, deadline = len(phone.seen), time.monotonic() + 20 + 2 * (target - len(shown))
    while True:
        for sight in phone.seen[read:]:
            if sight.tone in ("ok", "already"):
                shown.add(sight.name)
        read = len(phone.seen)
        if len(shown) >= target:
            return
        assert time.monotonic() < deadline, f"{len(shown)} of {target}: {phone.seen[-1:]}"
        if phone.seen and phone.seen[-1].tone not in (None, "checking"):
            phone.tap()
        phone.page.wait_for_timeout(20)


def settled_waiting(phone: StaffPhone, at_least: int) -> int:
    """How many scans wait, by what the phone says itself; from now on it scans nothing, as a sheet lies over it."""
    # In one go: where the film has begun anew, the next verdict comes between two.
    phone.page.evaluate(f"{TAP}; {SETTINGS}.click()")
    until(phone.page, lambda: phone.page.locator("[data-part=panel-settings]").is_visible())
    until(phone.page, lambda: phone.seen[-1].waiting >= at_least)
    before = -1
    while (
        before != phone.seen[-1].waiting
    ):  # a picture that was being read when the sheet opened is a scan, too
        before = phone.seen[-1].waiting
        phone.page.wait_for_timeout(1500)
    return before


def comes_back(phone: StaffPhone, outage: NetworkOff, meetup: Meetup, made: int) -> None:
    """The server can be reached again: the phone notices by itself, and says "synced" never before the ledger."""
    outage.end(phone)
    back, before = time.time(), len(phone.seen)
    until(phone.page, lambda: bool(ledger(meetup)), timeout=SYNC_SECONDS)
    assert ledger(meetup)[0].received_at.timestamp() - back < SYNC_SECONDS
    until(
        phone.page,
        lambda: phone.seen[-1].waiting == 0 and "The server checks" in phone.seen[-1].line,
        timeout=30,
    )
    received = [row.received_at.timestamp() for row in ledger(meetup)]
    assert list(claimed_too_early(phone.seen[before:], received, made)) == []


def claimed_too_early(seen: list[Sighting], received: list[float], made: int) -> Iterator[Sighting]:
    """Moments at which fewer scans were said to wait than the ledger had not got."""
    for each in seen:
        if made - each.waiting > sum(at <= each.at for at in received):
            yield each


def nothing_in_clear(phone: StaffPhone, meetup: Meetup, guests: list[Guest]) -> None:
    rows = stores_of(phone.page)
    kinds = {row.split("/")[0].split(" ")[0] for row in rows}
    assert {f"dongmun-door-{meetup.slug}", f"dongmun-list-{meetup.slug}"} <= kinds, kinds
    assert any(kind.startswith("door-shell-") for kind in kinds)
    data = "\n".join(rows)
    assert clear_in(data.encode() + data.encode("latin-1", "replace"), secrets(meetup, guests)) == []
    assert "extractable=true" not in data


def secrets(meetup: Meetup, guests: list[Guest]) -> list[str | bytes]:
    """What nobody may read on the phone: whoever comes, how to reach them, and what opens the list or the door."""
    words: list[str | bytes] = [COHORT, "37기", "secret.guest"]
    for guest in guests:
        digits = guest.phone.replace("-", "")
        words += [guest.name, guest.address, guest.phone, digits, guest.code, guest.code.lower()]
        words += [sealing.seal_key(guest.code, meetup.id), tickets.digest(guest.code)]
    return words


def ledger(meetup: Meetup) -> list[CheckIn]:
    """The scans that the server has, in the order in which it got them."""
    end_reading()
    return list(
        db.session.scalars(select(CheckIn).where(CheckIn.meetup_id == meetup.id).order_by(CheckIn.id))
    )
