"""With no network a supervisor lets in whom the phone's list does not know, and says why; nobody else can."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.db import db, end_reading
from app.models import CheckIn, CheckInKind, DeviceRole, Meetup
from tests.e2e.test_list_door import evening, is_inside, phone
from tests.factories import code_of, make_person, make_registration
from tests.support.browser import context_of, launched, until
from tests.support.server import Server

# What the page keeps and shows: overrides in the ledger are tests/blueprints'.
pytestmark = pytest.mark.one_database

UNKNOWN = "B" * 26


def types(page: Page, code: str, tone: str) -> None:
    page.click("[data-open-panel=typed]:visible")
    page.fill("[data-part=typed-input]", code)
    page.press("[data-part=typed-input]", "Enter")
    says(page, tone)


def says(page: Page, tone: str | None) -> None:
    until(page, lambda: page.get_attribute("[data-part=verdict]", "data-verdict") == tone)


def goes_on(page: Page) -> None:
    page.keyboard.press("Escape")
    says(page, None)
    page.keyboard.press("Escape")


def lets_in(page: Page, code: str) -> None:
    types(page, code, "unknown")
    page.click("[data-part=override-open]")
    page.click("[data-part=override-submit]")
    assert "이유를" in page.inner_text("[data-part=override-error]")
    page.click("[data-reason] >> nth=1")
    page.click("[data-part=override-submit]")
    says(page, "ok")
    assert page.inner_text("[data-verdict-sync]") == "동기화 대기 중"
    assert code[-4:] in page.inner_text("[data-verdict-name]")
    goes_on(page)


def ledger(meetup: Meetup) -> list[tuple[CheckInKind, str | None, str | None]]:
    end_reading()
    rows = db.session.scalars(select(CheckIn).where(CheckIn.meetup_id == meetup.id).order_by(CheckIn.id))
    return [(row.kind, row.verdict and row.verdict.value, row.reason) for row in rows]


def off_the_net(page: Page) -> None:
    """The list is on the phone and the page in its cache; then the network is gone."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.click("[data-part=tab-scan]")
    until(page, lambda: "명단" in page.inner_text("[data-part=status-line]"))
    page.context.set_offline(True)


def test_a_supervisor_lets_in_offline_and_the_server_learns_why_and_says_otherwise_where_it_must(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, _, token, _ = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser), server, meetup, token)
        off_the_net(page)
        newcomer = make_registration(meetup, make_person(meetup.program, "방금온"))

        lets_in(page, code_of(newcomer))
        lets_in(page, UNKNOWN)
        page.reload()
        page.wait_for_selector("body[data-ready]")
        until(page, lambda: "대기 중인 스캔 4건" in page.inner_text("[data-part=status-line]"))
        assert ledger(meetup) == []

        page.context.set_offline(False)
        says(page, "refused")
        assert page.inner_text("[data-verdict-word]") == "서버의 답이 달라요"
        assert "재량" in page.inner_text("[data-verdict-note]")
        until(page, lambda: len(ledger(meetup)) == 4)
        assert is_inside(newcomer)
        assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []

    why = "운영진이 아는 분이에요"
    assert sorted(ledger(meetup), key=str) == [
        (CheckInKind.ENTRY, "invalid", None),
        (CheckInKind.ENTRY, "ok", None),
        (CheckInKind.OVERRIDE, "ok", why),
        (CheckInKind.OVERRIDE, "ok", why),
    ]


def test_a_helpers_phone_says_to_call_a_supervisor(app: Flask, serve: Callable[..., Server]) -> None:
    meetup, _, token, _ = evening(DeviceRole.SCAN)
    server = serve(alone=True)
    with launched() as browser:
        page, _ = phone(context_of(browser), server, meetup, token)
        off_the_net(page)

        types(page, UNKNOWN, "unknown")

        assert "담당자를 불러" in page.inner_text("[data-verdict-note]")
        assert page.locator("[data-part=override-open]").count() == 0
