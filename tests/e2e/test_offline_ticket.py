"""A ticket in real Chromium, opened again where there is no network."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Error

from tests.factories import code_of, make_meetup, make_person, make_registration
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.server import Server

pytestmark = pytest.mark.one_database


def test_a_ticket_opens_in_a_new_tab_without_a_network(app: Flask, serve: Callable[..., Server]) -> None:
    meetup = make_meetup()
    registration = make_registration(meetup, make_person(meetup.program, "김하늘"))
    other = make_registration(meetup)
    mine, unseen = code_of(registration), code_of(other)
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser)
        first, complaints = strict_page(context, server.url)
        first.goto(f"{server.url}/T/{mine}")
        until(first, lambda: "인터넷이 없어도" in first.inner_text("[data-kept]"))
        code = first.inner_html(".ticket__code svg")
        first.close()

        context.set_offline(True)
        again, more = strict_page(context, server.url)
        again.goto(f"{server.url}/T/{mine}")

        assert "김*늘" in again.inner_text(".ticket__name"), (
            "the name as the ticket shows it to whoever holds it"
        )
        assert again.locator(".ticket__code svg").first.bounding_box()["width"] > 150  # type: ignore[index]
        assert again.inner_html(".ticket__code svg") == code
        with pytest.raises(Error, match="ERR_"):
            again.goto(f"{server.url}/T/{unseen}")
    assert complaints + more == []
