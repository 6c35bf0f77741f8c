"""From three roster files to a name checked in at the door, in real browsers, with nothing set up behind the scenes."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page

from config import ROOT
from tests.e2e import steps
from tests.support.browser import camera_file, context_of, launched, strict_page, to_the_door, until
from tests.support.server import Server, environment
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
OWNER = "organizer@example.com"
TITLE = "동문의 밤"


def alumni() -> list[tuple[str, str]]:
    """Name and address of three people who completed, read from the first roster file."""
    text = (steps.ROSTERS / "cohort-1-2020-cp949.csv").read_text("cp949")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["수료여부"] == "수료"]
    return [(row["이름"], row["이메일"]) for row in rows[:3]]


def create_owner(server: Server) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "owner", "create", OWNER]
    command += ["--program-slug", "bootcamp", "--program-name-ko", "머신러닝 부트캠프"]
    subprocess.run(command, cwd=ROOT, env=environment(server.settings), check=True, capture_output=True)


def test_the_whole_way_from_roster_files_to_the_door(
    app: Flask, smtp: Sink, serve: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve(supervised=True)
    create_owner(server)
    (ana, ana_at), (ben, ben_at), (cho, cho_at) = alumni()
    desk = f"{server.url}/desk/bootcamp"

    with launched() as browser:
        office, complaints = strict_page(context_of(browser, "desktop", accept_downloads=True), server.url)
        steps.sign_in(office, server.url, smtp, OWNER)
        steps.add_cohorts(office, desk, 1, 3, 2020)
        for cohort, file in enumerate(
            ("cohort-1-2020-cp949.csv", "cohort-2-2021.xlsx", "cohort-3-2022-sheets.csv"), start=1
        ):
            assert re.search(r"165|243|245", steps.import_roster(office, desk, file, cohort))
        meetup = server.url + steps.publish_meetup(office, desk, title=TITLE, seats=2)
        slug = meetup.rsplit("/", 1)[1]

        pages = [context_of(browser).new_page() for _ in range(3)]
        first = steps.register(pages[0], server.url, slug, smtp, ana_at)
        second = steps.register(pages[1], server.url, slug, smtp, ben_at)
        third = steps.register(pages[2], server.url, slug, smtp, cho_at)
        assert ana in first
        assert ben in second
        assert "대기" in third

        cancel(pages[1])
        promoted = smtp.wait_for(cho_at, lambda mail: "참석이 확정됐어요" in text_of(mail))
        pages[2].reload()
        assert cho in pages[2].inner_text("main")
        assert "대기" not in pages[2].inner_text("h1")

        enrolment = steps.open_door(office, meetup)
        at_the_door(server, enrolment, qr_of(promoted), cho, tmp_path)

        assert names_in_csv(steps.export(office, meetup, "csv")) == {ana, cho}
        assert names_in_xlsx(steps.export(office, meetup, "xlsx")) == {ana, cho}
        office.goto(f"{meetup}/attendees?arrived=yes")
        assert cho in office.inner_text("main")
        assert ana not in office.inner_text("main")
        assert complaints == []


def cancel(page: Page) -> None:
    page.click("a[href$='/cancellation']")
    page.click("main form button.button--danger")
    page.wait_for_selector("text=신청을 취소했어요")


def qr_of(mail: object) -> bytes:
    """The ticket's picture in a mail."""
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]  # type: ignore[attr-defined]
    content = pictures[0].get_content()
    assert isinstance(content, bytes)
    return content


def at_the_door(server: Server, enrolment: str, qr: bytes, name: str, folder: Path) -> None:
    """Enrol a phone, hold the ticket before its camera twice: green, then the first entry's time."""
    blank = Image.new("RGB", (640, 480), "white")
    # In view for two seconds, away for eight, in view again: the second look is a second scan.
    camera = camera_file([qr, *[blank] * 4], folder / "camera.mjpeg", frames_each=60)
    with launched(camera) as device:
        phone, complaints = strict_page(context_of(device, permissions=["camera"]), server.url)
        phone.goto(enrolment)
        phone.fill("input[name=name]", "1번 입구")
        phone.click("main form button[type=submit]")
        phone.wait_for_url("**/door/**")
        to_the_door(phone)
        verdict = phone.locator("[data-part=verdict]")
        until(phone, lambda: verdict.get_attribute("data-verdict") == "ok", timeout=30)
        assert phone.inner_text("[data-verdict-name]") == f"{name} 님"
        until(phone, lambda: verdict.get_attribute("data-verdict") == "already", timeout=30)
        assert name in phone.inner_text("[data-part=verdict]")
        assert re.search(r"\d{1,2}:\d{2}", phone.inner_text("[data-part=verdict]"))
        assert phone.inner_text("[data-part=count-in]") == "1"
        assert complaints == []


def names_in_csv(path: Path) -> set[str]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return {row["이름"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))}


def names_in_xlsx(path: Path) -> set[str]:
    rows = list(load_workbook(io.BytesIO(path.read_bytes())).active.iter_rows(values_only=True))
    return {row[rows[0].index("이름")] for row in rows[1:]}
