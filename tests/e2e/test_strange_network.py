"""A network that answers in our server's place, as of a venue's filter or a proxy: it counts as no network at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Route

from tests.e2e.test_list_door import evening, is_inside, phone, shown
from tests.e2e.test_override import says, types
from tests.factories import code_of
from tests.support.browser import context_of, launched, until
from tests.support.server import Server

# What the page makes of an answer that is not ours: the server hears nothing of it.
pytestmark = pytest.mark.one_database

API = "**/door/*/api/**"


def forbids(route: Route) -> None:
    route.fulfill(status=403, content_type="text/html", body="<html>Forbidden by the filter</html>")


def test_behind_a_filter_that_forbids_everything_the_phone_judges_keeps_its_list_and_sends_by_itself_later(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening()
    server = serve(alone=True)
    with launched() as browser:
        page, complaints = phone(context_of(browser, service_workers="block"), server, meetup, token)
        until(page, lambda: len(shown(page)) == len(guests))
        page.click("[data-part=tab-scan]")
        until(page, lambda: "명단" in page.inner_text("[data-part=status-line]"))
        page.route(API, forbids)

        types(page, code_of(guests[0]), "ok")

        assert page.inner_text("[data-verdict-sync]") == "동기화 대기 중"
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        until(page, lambda: page.get_attribute("[data-part=link]", "data-state") == "off")
        assert "대기 중인 스캔 1건" in page.inner_text("[data-part=status-line]")
        page.click("[data-part=tab-list]")
        assert len(shown(page)) == len(guests)
        assert not is_inside(guests[0])

        page.unroute(API)
        until(page, lambda: is_inside(guests[0]))
        says(page, None)
        assert complaints == []
