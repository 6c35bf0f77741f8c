"""A phone's right ends while scans wait on it: its lists go, its scans do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import CheckIn, Device, DeviceRole, Meetup
from app.services.door import devices
from tests.factories import code_of, make_account, make_meetup, make_registration
from tests.support.browser import context_of, launched, to_the_door, until
from tests.support.server import Server

# What the page wipes and keeps: late uploads and withdrawn rights are tests/blueprints'.
pytestmark = pytest.mark.one_database

# What lies on the phone of its lists and its page; an empty store is nothing.
LISTS = """async () => {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    if (!/^dongmun-(list|people)-/.test(name)) continue;
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      if (await done(database.transaction(store).objectStore(store).count())) found.push(`${name} ${store}`);
    }
    database.close();
  }
  for (const cache of await caches.keys()) {
    for (const { url } of await (await caches.open(cache)).keys()) if (new URL(url).pathname === location.pathname) found.push(url);
  }
  return found;
}"""


@dataclass
class Evening:
    """A phone that has let two people in without a network."""

    meetup: Meetup
    url: str
    context: BrowserContext
    page: Page

    @property
    def device_id(self) -> int:
        end_reading()
        return db.session.scalars(select(Device.id).where(Device.meetup_id == self.meetup.id)).one()

    def scanned(self) -> list[str | None]:
        end_reading()
        found = db.session.scalars(select(CheckIn.verdict).where(CheckIn.meetup_id == self.meetup.id))
        return [each.value if each else None for each in found]

    def says(self, text: str, timeout: float = 12) -> None:
        until(self.page, lambda: text in self.page.inner_text("body"), timeout)

    def is_wiped(self) -> None:
        until(self.page, lambda: kept(self) == set())

    def shift_ends(self, at: dt.datetime) -> None:
        device_id = self.device_id
        with transaction() as session:
            session.get_one(Device, device_id).expires_at = at


@pytest.fixture
def evening(app: Flask, serve: Callable[..., Server]) -> Iterator[Evening]:
    server, meetup = serve(alone=True), make_meetup()
    codes = [code_of(make_registration(meetup)) for _ in range(2)]
    with launched() as browser:
        context = context_of(browser, locale="en-US")
        made = Evening(meetup, server.url, context, context.new_page())
        enrol(made)
        until(made.page, lambda: {"facts", "page"} <= kept(made))
        context.set_offline(True)
        for code in codes:
            type_in(made.page, code)
        yield made


def kept(evening: Evening) -> set[str]:
    """Kinds of what lies on the phone: stores of its list, and its page."""
    found: list[str] = evening.page.evaluate(LISTS)
    return {each.partition(" ")[2] or "page" for each in found}


def enrol(evening: Evening) -> None:
    link = devices.link_token(devices.open_door(evening.meetup.id, DeviceRole.SCAN, make_account().id))
    evening.page.goto(f"{evening.url}/door/enrol/{link}")
    evening.page.fill("input[name=name]", "1번 입구")
    evening.page.click("main form button[type=submit]")
    evening.page.wait_for_selector("body[data-ready=yes]")
    to_the_door(evening.page)


def type_in(page: Page, code: str) -> None:
    if not page.is_visible("[data-part=typed-input]"):
        page.click("[data-open-panel=typed]")
    page.fill("[data-part=typed-input]", code)
    page.press("[data-part=typed-input]", "Enter")
    until(page, lambda: "Waiting to sync" in page.inner_text("[data-part=verdict]"))
    page.click("[data-part=continue]")


def test_a_revoked_phone_keeps_its_scans_sealed_until_it_is_enrolled_again(evening: Evening) -> None:
    devices.revoke(evening.meetup.id, evening.device_id, "account:1")
    evening.context.set_offline(False)

    evening.says("permission was withdrawn")
    evening.says("Scans that the server has not received: 2. They stay on this phone")
    evening.is_wiped()
    evening.page.reload()
    evening.says("This phone can't work this door")
    evening.says("Scans that the server has not received: 2. They stay on this phone")
    evening.is_wiped()
    assert evening.scanned() == []

    enrol(evening)
    until(evening.page, lambda: evening.scanned() == ["ok", "ok"])


@pytest.mark.parametrize("page", ["left open", "opened again"])
def test_what_was_scanned_in_a_shift_is_sent_after_its_end(evening: Evening, page: str) -> None:
    evening.shift_ends(now())
    if page == "opened again":
        evening.page.close()
    evening.context.set_offline(False)
    if page == "opened again":
        evening.page = evening.context.new_page()
        evening.page.goto(f"{evening.url}/door/{evening.meetup.slug}")

    evening.says("This door has ended")
    evening.says("All scans of this phone have been sent")
    assert evening.scanned() == ["ok", "ok"]
    evening.is_wiped()


def test_without_a_network_the_list_goes_when_the_shift_ends(evening: Evening) -> None:
    evening.context.set_offline(False)
    until(evening.page, lambda: len(evening.scanned()) == 2)
    evening.shift_ends(now() + dt.timedelta(seconds=4))
    evening.page.reload()
    until(evening.page, lambda: evening.page.evaluate("document.body.dataset.ready") == "yes")
    evening.context.set_offline(True)

    evening.says("This door has ended")

    until(evening.page, lambda: kept(evening) <= {"page"})
