"""Somebody comes in, leaves and comes back, at phones in a real browser, with a network and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.db import db, end_reading
from app.models import CheckIn, Meetup, Registration
from tests.e2e.test_list_door import evening, phone, row, shown
from tests.factories import code_of, make_device, make_meetup, make_person, make_program, make_registration
from tests.support.browser import context_of, launched, until
from tests.support.server import Server

# What the page notes and shows: exits in the ledger are tests/services' and tests/blueprints'.
pytestmark = pytest.mark.one_database


def type_code(page: Page, code: str) -> None:
    page.click("[data-open-panel=typed]")
    page.fill("[data-part=typed-input]", code)
    page.press("[data-part=typed-input]", "Enter")


def told(page: Page, tone: str) -> str:
    """What the verdict says, once it is of that tone; then it is tapped away, and the sheet under it closed."""
    verdict = page.locator("[data-part=verdict]")
    until(page, lambda: verdict.get_attribute("data-verdict") == tone)
    text = verdict.inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    return text


def rows(meetup: Meetup) -> list[tuple[str, str]]:
    end_reading()
    found = db.session.execute(
        select(CheckIn.kind, CheckIn.verdict)
        .where(CheckIn.meetup_id == meetup.id)
        .order_by(CheckIn.corrected_at)
    )
    return [(kind.value, verdict.value) for kind, verdict in found]


def is_out(registration: Registration) -> bool:
    end_reading()
    found = select(Registration.left_at).where(Registration.id == registration.id)
    return db.session.scalar(found) is not None


def test_a_ticket_enters_leaves_and_comes_back_and_an_exit_phone_cannot_be_taken_for_another(
    app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, door_tracks_exits=True)
    code = code_of(make_registration(meetup, make_person(program, "김하늘")))
    _, token = make_device(meetup)
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser, locale="en-US"), server, meetup, token)
        type_code(page, code)
        assert "Welcome" in told(page, "ok")

        page.click("[data-part=way-exit]")
        assert page.get_attribute("[data-part=way-exit]", "aria-pressed") == "true"
        assert "door--exit" in (page.get_attribute("body", "class") or "")
        page.click("[data-open-panel=typed]")
        assert page.inner_text("[data-part=typed-submit]") == "Note the exit"
        page.keyboard.press("Escape")
        type_code(page, code)
        goodbye = told(page, "left")
        assert "Goodbye" in goodbye
        assert "김하늘" in goodbye
        until(page, lambda: "in now · 1 of 1 came in" in page.inner_text("[data-part=count-of]"))
        assert page.inner_text("[data-part=count-in]") == "0"
        type_code(page, code)
        assert "left at" in told(page, "not_in")

        page.reload()
        page.wait_for_selector("body[data-ready]")
        assert page.get_attribute("[data-part=way-exit]", "aria-pressed") == "true", "remembered"
        page.click("[data-part=way-entry]")
        type_code(page, code)
        back = told(page, "ok")
        assert "Welcome back" in back
        assert "They had left at" in back
        type_code(page, code)
        assert "Already in" in told(page, "already")
        assert complaints == []
    assert rows(meetup) == [
        ("entry", "ok"),
        ("exit", "left"),
        ("exit", "not_in"),
        ("entry", "ok"),
        ("entry", "already_redeemed"),
    ]


def test_with_no_network_a_phone_notes_exits_and_returns_by_code_and_by_tap_and_sends_them_later(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening(door_tracks_exits=True)
    code = code_of(guests[0])
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser, locale="en-US")
        page, complaints = phone(context, server, meetup, token)
        until(page, lambda: len(shown(page)) == len(guests))
        row(page, "김하늘").click()
        until(page, lambda: "checked in" in page.inner_text("[data-part=snack]"))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        until(page, lambda: "In " in row(page, "김하늘").inner_text())

        context.set_offline(True)
        page.click("[data-part=way-exit]")
        until(page, lambda: "Note the exit" in row(page, "김하늘").inner_text())
        assert "Not in" in row(page, "이서준").inner_text()
        row(page, "김하늘").click()
        until(page, lambda: "left, waiting to sync" in page.inner_text("[data-part=snack]"))
        until(page, lambda: "waiting to sync" in row(page, "김하늘").inner_text())
        row(page, "김하늘").click()
        assert "Let them go" in told(page, "not_in")

        page.click("[data-part=tab-scan]")
        page.click("[data-part=way-entry]")
        type_code(page, code)
        back = told(page, "ok")
        assert "Welcome back" in back
        assert "Waiting to sync" in back
        page.click("[data-part=way-exit]")
        type_code(page, code)
        assert "Goodbye" in told(page, "left")
        assert rows(meetup) == [("entry", "ok")]

        context.set_offline(False)
        until(page, lambda: len(rows(meetup)) == 5, timeout=20)
        until(page, lambda: is_out(guests[0]))
        until(page, lambda: "waiting" not in page.inner_text("[data-part=status-line]"), timeout=20)
        assert page.get_attribute("[data-part=verdict]", "data-verdict") is None, "the server says the same"
        assert complaints == []
    assert [verdict for _, verdict in rows(meetup)] == ["ok", "left", "not_in", "ok", "left"]


def test_a_supervisor_takes_an_exit_back(app: Flask, serve: Callable[..., Server]) -> None:
    meetup, guests, token, _ = evening(door_tracks_exits=True)
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser, locale="en-US"), server, meetup, token)
        until(page, lambda: len(shown(page)) == len(guests))
        row(page, "김하늘").click()
        until(page, lambda: "checked in" in page.inner_text("[data-part=snack]"))
        page.click("[data-part=way-exit]")
        row(page, "김하늘").click()
        until(page, lambda: is_out(guests[0]))
        page.click("[data-part=tab-scan]")
        until(page, lambda: "Last out:" in page.inner_text("[data-part=last]"))

        page.click("[data-part=undo-last]")
        assert page.inner_text("[data-part=undo-submit]") == "Undo exit"
        page.fill("[data-part=undo-reason]", "went to the cloakroom")
        page.click("[data-part=undo-submit]")

        assert "Exit undone" in told(page, "neutral")
        assert not is_out(guests[0])
        assert complaints == []


def test_an_exit_tapped_on_the_list_is_taken_back_there_and_the_list_says_exit(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening(door_tracks_exits=True)
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser, locale="en-US"), server, meetup, token)
        snack = page.locator("[data-part=snack]")
        until(page, lambda: len(shown(page)) == len(guests))
        row(page, "김하늘").click()
        until(page, lambda: "checked in" in snack.inner_text())
        page.click("[data-part=way-exit]")
        row(page, "김하늘").click()
        until(page, lambda: "left" in snack.inner_text())

        page.click("[data-part=snack-undo]")

        until(page, lambda: "exit undone" in snack.inner_text())
        assert not is_out(guests[0])
        assert complaints == []
