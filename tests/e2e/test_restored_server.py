"""In the middle of an evening the server is put back to an older backup: the phones bring back what it has lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select

from app.db import db, end_reading
from app.models import CheckIn, Device, DeviceRole, Meetup, Registration
from app.services.door import devices
from config import Settings
from tests.factories import code_of, make_account, make_meetup, make_registration
from tests.support.backup import copied
from tests.support.browser import context_of, launched, to_the_door, until
from tests.support.clear_text import clear_in, stores_of
from tests.support.server import Server

pytestmark = pytest.mark.one_database

ANSWERED = """(slug) => new Promise((resolve) => {
  indexedDB.open(`dongmun-door-${slug}`).onsuccess = ({ target: { result: database } }) => {
    const counted = database.transaction("answered").objectStore("answered").count();
    counted.onsuccess = () => (database.close(), resolve(counted.result));
  };
})"""


def test_a_server_put_back_to_an_older_backup_gets_its_scans_again_by_itself(
    app: Flask, settings: Settings, serve: Callable[..., Server], tmp_path: Path
) -> None:
    server, meetup = serve(alone=True), make_meetup()
    codes = [code_of(make_registration(meetup)) for _ in range(11)]
    with launched() as browser:
        page = joined(context_of(browser, locale="en-US").new_page(), server, meetup)
        for code in codes[:5]:
            lets_in(page, code)
        put_back = copied(settings.DATABASE_URL, tmp_path)
        for code in codes[5:10]:
            lets_in(page, code)
        assert ledger(meetup) == (10, 10)
        secrets: list[str | bytes] = list(codes)
        assert clear_in("\n".join(stores_of(page)).encode(), secrets) == []

        server.stop()
        until(page, lambda: "can't be reached" in line(page), 20)
        put_back()
        assert ledger(meetup) == (5, 5)
        serve(alone=True, PORT=server.settings.PORT, BASE_URL=server.url)

        until(page, lambda: ledger(meetup) == (10, 10), 30)
        told = (
            "The server was put back to an older backup. This phone has sent again what it had lost: 5 scans"
        )
        until(page, lambda: told in line(page))
        assert "waiting to sync" not in line(page)
        assert page.get_attribute("[data-part=verdict]", "data-verdict") is None
        assert page.is_hidden("[data-part=conflicts-open]")

        lets_in(page, codes[10])
        assert ledger(meetup) == (11, 11)
        withdraw(meetup)
        until(page, lambda: page.is_visible("[data-part=ended]"), 20)
        until(page, lambda: page.evaluate(ANSWERED, meetup.slug) == 0)


def joined(page: Page, server: Server, meetup: Meetup) -> Page:
    link = devices.link_token(devices.open_door(meetup.id, DeviceRole.SCAN, make_account().id))
    page.goto(f"{server.url}/door/enrol/{link}")
    page.fill("input[name=name]", "1번 입구")
    page.click("main form button[type=submit]")
    page.wait_for_selector("body[data-ready=yes]")
    to_the_door(page)
    return page


def line(page: Page) -> str:
    """What the status line says, also under a sheet."""
    return page.text_content("[data-part=status-line]") or ""


def lets_in(page: Page, code: str) -> None:
    """Type a ticket's code and wait for the server's green."""
    if not page.is_visible("[data-part=typed-input]"):
        page.click("[data-open-panel=typed]")
    page.fill("[data-part=typed-input]", code)
    page.press("[data-part=typed-input]", "Enter")
    until(page, lambda: page.get_attribute("[data-part=verdict]", "data-verdict") == "ok")
    page.click("[data-part=continue]")


def ledger(meetup: Meetup) -> tuple[int, int]:
    """How many rows it holds, and how many people came in by them."""
    end_reading()
    rows = select(func.count()).select_from(CheckIn).where(CheckIn.meetup_id == meetup.id)
    inside = select(func.count()).where(
        Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None)
    )
    return db.session.scalar(rows) or 0, db.session.scalar(inside) or 0


def withdraw(meetup: Meetup) -> None:
    end_reading()
    device = db.session.scalars(select(Device.id).where(Device.meetup_id == meetup.id)).one()
    devices.revoke(meetup.id, device, "account:1")
