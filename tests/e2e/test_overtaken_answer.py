"""The server's answer comes while the phone is writing down its own word: what the screen shows is what counts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Request

from tests.e2e.test_list_door import STORED, evening, phone
from tests.e2e.test_override import says, types
from tests.factories import code_of
from tests.support.browser import context_of, launched, until
from tests.support.door import Phone
from tests.support.server import Server

# What the page keeps and sends; what the server makes of it is tests/blueprints'.
pytestmark = pytest.mark.one_database

# The phone lets nobody in before `release()` is called: it waits when it seals its own green.
SLOW_TO_SEAL = """{
  const { subtle } = crypto;
  const seal = subtle.encrypt.bind(subtle);
  subtle.encrypt = async (how, key, plain) => {
    if (new TextDecoder().decode(plain).includes('"let_in":1')) await new Promise((resolve) => (window.release = resolve));
    return seal(how, key, plain);
  };
}"""


def under_way(page: Page, part: str) -> set[Request]:
    """The requests with this in their address that are not answered yet, kept up to date."""
    found: set[Request] = set()

    def ended(request: Request) -> None:
        found.discard(request)

    page.on("request", lambda sent: found.add(sent) if part in sent.url else None)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    return found


def judged(page: Page) -> None:
    until(page, lambda: page.evaluate("'release' in window"))


def test_a_phone_whose_green_came_too_late_has_let_in_nobody(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening()
    server = serve(alone=True)
    posts: list[list[int | None]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/scans"):
            posts.append([scan.get("let_in") for scan in json.loads(request.post_data or "")["scans"]])

    with launched() as browser:
        context = context_of(browser, service_workers="block")
        context.add_init_script(SLOW_TO_SEAL)
        page, _ = phone(context, server, meetup, token)
        lists = under_way(page, "/api/manifest")
        page.click("[data-part=tab-scan]")
        until(page, lambda: "명단" in page.inner_text("[data-part=status-line]"))
        page.route("**/api/manifest*", lambda route: route.abort())
        until(page, lambda: not lists)  # none that began before is answered with what comes now
        Phone(app, meetup).scan(code=code_of(guests[0]))
        page.on("request", note)
        page.route("**/api/scans", lambda route: (judged(page), route.continue_()))

        types(page, code_of(guests[0]), "already")
        judged(page)
        page.evaluate("release()")
        page.wait_for_timeout(300)

        assert re.search(f"dongmun-door-{meetup.slug}/waiting:$", page.evaluate(STORED), re.MULTILINE)
        says(page, "already")
    assert posts == [[None]]
