"""A wrong tap that is noticed some people later: a supervisor takes it back on the phone that made it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.e2e.test_list_door import NAMES, evening, is_inside, phone, row
from tests.factories import code_of
from tests.support.browser import context_of, launched, until
from tests.support.everybody import Keyboard
from tests.support.server import Server

pytestmark = pytest.mark.one_database


def test_whom_a_phone_let_in_some_people_ago_can_be_taken_back_there_and_nobody_else(
    app: Flask, serve: Callable[..., Server]
) -> None:
    _, guests, _, _ = world = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser, locale="en-US"), server, world[0], world[2])
        page.click("[data-part=tab-scan]")
        for guest in guests[:3]:
            types(page, code_of(guest))
        hands = Keyboard(page)
        hands.to("recent-open")
        hands.press("Enter")
        hands.to("BUTTON", NAMES[0])
        hands.press("Enter")
        hands.type("wrong person")
        hands.press("Enter")
        is_undone(page)
        assert [is_inside(guest) for guest in guests[:3]] == [False, True, True]
        assert hands.dark == []

        page.click("[data-part=recent-open]")
        assert page.locator("[data-part=recent-list] .person__name").all_inner_texts() == [NAMES[2], NAMES[1]]
        assert complaints == []


def test_whom_the_list_says_is_in_by_this_phone_is_taken_back_from_their_row(
    app: Flask, serve: Callable[..., Server]
) -> None:
    _, guests, _, _ = world = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, _ = phone(context_of(browser, locale="en-US"), server, world[0], world[2])
        for name in NAMES[:2]:
            row(page, name).click()
            until(page, lambda name=name: "person--ok" in (row(page, name).get_attribute("class") or ""))

        row(page, NAMES[0]).click()
        page.click("[data-part=undo-green]")
        assert NAMES[0] in page.inner_text("[data-part=undo-who]")
        page.fill("[data-part=undo-reason]", "wrong person")
        page.press("[data-part=undo-reason]", "Enter")
        is_undone(page)
        assert [is_inside(guest) for guest in guests[:2]] == [False, True]


def types(page: Page, code: str) -> None:
    page.click("[data-open-panel=typed]")
    page.fill("[data-part=typed-input]", code)
    page.press("[data-part=typed-input]", "Enter")
    until(page, lambda: page.get_attribute("[data-part=verdict]", "data-verdict") == "ok")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def is_undone(page: Page) -> None:
    until(page, lambda: page.get_attribute("[data-part=verdict]", "data-verdict") == "neutral")
    page.keyboard.press("Escape")
