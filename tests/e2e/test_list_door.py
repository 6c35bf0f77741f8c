"""The door that opens on the list, in a real browser: names, taps, no network, and nothing left in clear."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.models import CheckIn, DeviceRole, Meetup, Registration
from app.services.door import devices
from tests.factories import (
    code_of,
    make_cohort,
    make_device,
    make_meetup,
    make_person,
    make_program,
    make_registration,
)
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.door import Phone
from tests.support.server import Server

# What the page does with its list: the server is asked as by any phone.
pytestmark = pytest.mark.one_database

NAMES = ["김하늘", "이서준", "박지우", "최수아", "김한들"]
STORED = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => { const open = indexedDB.open(name); open.onsuccess = () => resolve(open.result); });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((resolve) => { const all = database.transaction(store).objectStore(store).getAll(); all.onsuccess = () => resolve(all.result); });
      found.push(name + "/" + store + ":" + rows.map((row) => JSON.stringify(row, (_, value) =>
        value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : value instanceof CryptoKey ? "KEY" : value)).join());
    }
    database.close();
  }
  return found.concat(Object.values(localStorage)).join("\\n");
}"""


def evening(
    role: DeviceRole = DeviceRole.SUPERVISE, **fields: Any
) -> tuple[Meetup, list[Registration], str, int]:
    """A meetup with a few guests, whose door lists them, and a phone's number and token."""
    program = make_program()
    meetup = make_meetup(program, door_lists_people=True, **fields)
    cohorts = [make_cohort(program, n) for n in (1, 3)]
    guests = [
        make_registration(meetup, make_person(program, name), cohort=cohorts[n % 2])
        for n, name in enumerate(NAMES)
    ]
    device, token = make_device(meetup, role)
    return meetup, guests, token, device.id


def phone(context: BrowserContext, server: Server, meetup: Meetup, token: str) -> tuple[Page, list[str]]:
    context.add_cookies(
        [{"name": f"door-{meetup.id}", "value": token, "url": server.url, "sameSite": "Strict"}]
    )
    page, complaints = strict_page(context, server.url)
    page.goto(f"{server.url}/door/{meetup.slug}")
    page.wait_for_selector("body[data-ready]")
    return page, complaints


def row(page: Page, name: str) -> Any:
    return page.locator("[data-part=list-rows] button", has_text=name)


def shown(page: Page) -> list[str]:
    return page.locator("[data-part=list-rows] [data-row-name]").all_inner_texts()


def is_inside(registration: Registration) -> bool:
    end_reading()
    found = select(Registration.admitted_at).where(Registration.id == registration.id)
    return db.session.scalar(found) is not None


def of_people(stored: str) -> str:
    """What lies on the phone of the list by name."""
    return stored.split("dongmun-people", 1)[-1].split("dongmun-door", 1)[0]


def switch_off(meetup: Meetup) -> None:
    with transaction() as session:
        session.get_one(Meetup, meetup.id).door_lists_people = False


ROWS = "() => document.querySelector('[data-part=list-scroll]').clientHeight / innerHeight"
WHOLE = (
    "status-line",
    "conflicts-open",
    "way-entry",
    "way-exit",
    "list-input",
    "count-in",
    "tab-list",
    "tab-scan",
)
# Of these the parts that do not stand whole on the screen.
CUT = """(names) => names.filter((name) => {
  const { top, right, bottom, left } = document.querySelector(`[data-part=${name}]`).getBoundingClientRect();
  return right - left < 8 || top < 0 || left < 0 || right > innerWidth || bottom > innerHeight;
})"""


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_half_of_a_phone_is_rows_with_exits_gates_a_conflict_and_no_network(
    app: Flask, serve: Callable[..., Server], locale: str
) -> None:
    meetup, guests, _, _ = evening(door_tracks_exits=True, door_gates=["정문", "후문"])
    mine = Phone(app, meetup, DeviceRole.SUPERVISE, gate="정문")
    for each in (mine, Phone(app, meetup)):
        each.scan(code=code_of(guests[0]), let_in=1)
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser, locale=locale)
        page, _ = phone(context, server, meetup, mine.token)
        until(page, lambda: page.is_visible("[data-part=conflicts-open]"), 20)
        assert (page.evaluate(ROWS) >= 0.5, page.evaluate(CUT, WHOLE)) == (True, [])

        context.set_offline(True)
        until(page, lambda: page.get_attribute("[data-part=link]", "data-state") == "off", 20)
        row(page, NAMES[1]).click()
        waits = page.locator("[data-part=status-line]", has_text=re.compile("스캔 1건|sync: 1"))
        until(page, lambda: waits.count() == 1)
        assert (page.evaluate(ROWS) >= 0.5, page.evaluate(CUT, WHOLE)) == (True, [])


def test_of_a_party_tapped_on_the_list_the_rest_comes_in_later_with_no_network(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening()
    party = make_registration(meetup, make_person(meetup.program, "정여럿"), companions=2)
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser, locale="en-US")
        page, complaints = phone(context, server, meetup, token)
        verdict = page.locator("[data-part=verdict]")
        until(page, lambda: len(shown(page)) == len(guests) + 1)
        row(page, "김하늘").click()
        until(page, lambda: "checked in" in page.inner_text("[data-part=snack]"))
        context.set_offline(True)
        row(page, "정여럿").click()
        until(page, lambda: verdict.get_attribute("data-verdict") == "ok")
        page.click("[data-part=party-fewer]")
        page.click("[data-part=party-fewer]")
        until(page, lambda: "1 of 3 in" in page.inner_text("[data-part=party-left]"))
        page.keyboard.press("Escape")
        assert not page.locator("[data-part=snack]").is_visible(), "it offered to take back the guest before"

        row(page, "정여럿").click()

        until(page, lambda: verdict.get_attribute("data-verdict") == "ok")
        assert page.inner_text("[data-part=party-count]") == "2"
        page.keyboard.press("Escape")
        page.click("[data-part=tab-scan]")
        page.click("[data-open-panel=search]:visible")
        page.fill("[data-part=search-input]", "김")
        until(page, lambda: "look on the list" in page.inner_text("[data-part=search-status]"))
        page.keyboard.press("Escape")
        context.set_offline(False)
        until(page, lambda: "waiting" not in page.inner_text("[data-part=status-line]"), timeout=20)
        assert is_inside(party)
        assert [each for each in complaints if "DISCONNECTED" not in each] == []


def test_the_list_opens_is_searched_by_initials_and_lets_in_by_one_tap(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser), server, meetup, token)
        until(page, lambda: len(shown(page)) == len(NAMES))
        assert shown(page) == [f"{name} 님" for name in sorted(NAMES)]

        page.keyboard.press("/")
        until(page, lambda: page.evaluate("document.activeElement.dataset.part") == "list-input")
        page.keyboard.type("ㄱㅎㄷ")
        until(page, lambda: shown(page) == ["김한들 님"])
        page.fill("[data-part=list-input]", "하늘")
        until(page, lambda: shown(page) == ["김하늘 님"])
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        until(page, lambda: is_inside(guests[0]))
        until(page, lambda: "체크인했어요" in page.inner_text("[data-part=snack]"))
        until(page, lambda: "person--ok" in (row(page, "김하늘").get_attribute("class") or ""))

        page.click("[data-part=snack-undo]")
        until(page, lambda: not is_inside(guests[0]))
        until(page, lambda: "person--ready" in (row(page, "김하늘").get_attribute("class") or ""))

        page.fill("[data-part=list-input]", "없는사람")
        assert "맞는 이름이 없어요" in page.inner_text("[data-part=list-empty]")
        page.click("[data-part=list-search]")
        assert page.input_value("[data-part=search-input]") == "없는사람"
        assert complaints == []


def test_with_no_network_a_tap_lets_in_survives_a_reload_and_is_sent_later(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening()
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser)
        page, complaints = phone(context, server, meetup, token)
        until(page, lambda: len(shown(page)) == len(NAMES))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        stored = page.evaluate(STORED)
        assert "KEY" in stored
        assert [name for name in [*NAMES, *(each.reference for each in guests)] if name in stored] == []

        context.set_offline(True)
        row(page, "이서준").click()
        until(page, lambda: "동기화 대기" in page.inner_text("[data-part=snack]"))
        page.reload()
        page.wait_for_selector("body[data-ready]")
        until(page, lambda: len(shown(page)) == len(NAMES))
        until(page, lambda: "동기화 대기" in row(page, "이서준").inner_text())
        assert not is_inside(guests[1])

        context.set_offline(False)
        until(page, lambda: is_inside(guests[1]), timeout=15)
        until(page, lambda: "동기화 대기" not in row(page, "이서준").inner_text(), timeout=15)
        with transaction() as session:
            scans = session.scalars(select(CheckIn).where(CheckIn.meetup_id == meetup.id)).all()
            assert [(scan.verdict, scan.method) for scan in scans] == [("ok", "list")]
        assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []


def test_who_comes_in_at_another_phone_is_in_on_this_one(app: Flask, serve: Callable[..., Server]) -> None:
    meetup, _, token, _ = evening()
    _, other_token = make_device(meetup)
    server = serve(alone=True)
    with launched() as browser:
        page, _ = phone(context_of(browser), server, meetup, token)
        other, _ = phone(context_of(browser), server, meetup, other_token)
        until(other, lambda: len(shown(other)) == len(NAMES))
        row(other, "박지우").click()

        until(page, lambda: "person--ok" in (row(page, "박지우").get_attribute("class") or ""), timeout=15)
        assert other.locator("[data-part=snack-undo]").is_hidden()


@pytest.mark.parametrize("why", ["switched off", "revoked"])
def test_a_list_taken_back_is_gone_from_the_page_and_the_phone(
    app: Flask, serve: Callable[..., Server], why: str
) -> None:
    meetup, guests, token, device = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, _ = phone(context_of(browser), server, meetup, token)
        until(page, lambda: len(shown(page)) == len(NAMES))
        if why == "revoked":
            devices.revoke(meetup.id, device, "account:1")
        else:
            switch_off(meetup)

        until(page, lambda: shown(page) == [], timeout=15)
        until(page, lambda: "KEY" not in of_people(page.evaluate(STORED)))
        assert [each for each in NAMES + [g.reference for g in guests] if each in page.content()] == []
        assert page.locator("[data-part=tabs]").is_hidden()


def test_where_the_organizer_allows_no_list_the_scanner_opens_as_ever(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, _, token, _ = evening()
    switch_off(meetup)
    server = serve(alone=True)
    with launched() as browser:
        page, _ = phone(context_of(browser), server, meetup, token)

        assert page.locator("[data-part=stage]").is_visible()
        assert page.locator("[data-part=panel-list], [data-part=tabs]").filter(visible=True).count() == 0
        assert "KEY" not in page.evaluate(STORED).split("dongmun-people", 1)[1].split("dongmun-ticks", 1)[0]
