"""Pressing twice in real browsers: one asking, one mail, and the code of that mail is good."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Request, Route

from tests.factories import make_alumnus, make_cohort, make_meetup, make_program
from tests.support.browser import context_of, launched, strict_page
from tests.support.registering import owed
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database


def test_a_double_tap_on_the_address_form_asks_once(
    app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1)])
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    server, sent = serve(), []

    def slowly(route: Route, request: Request) -> None:
        """The answer takes a while, as in a rush: the second tap comes before it."""
        sent.append(request.url)
        page.wait_for_timeout(300)
        route.continue_()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser), server.url)
        page.route("**/proofs", slowly)
        page.goto(f"{server.url}/m/{meetup.slug}")
        page.wait_for_load_state("networkidle")
        page.fill("input[name=address]", address)
        page.dblclick("#register button[type=submit]", delay=20)
        page.wait_for_url("**/code")
        code = re.search(r"\b\d{4} \d{4}\b", text_of(smtp.wait_for(address)))
        assert code
        page.fill("input[name=code]", code[0])
        page.press("input[name=code]", "Enter")
        page.wait_for_url("**/check")

    assert len(sent) == 1
    assert len(owed("proof")) == 1
    assert complaints == []
