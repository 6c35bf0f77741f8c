"""The frame of every page: the language."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.client import Browser, submit


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/m/summer/proofs", "/m/summer"),
        ("/m/summer/registrations", "/m/summer"),
        ("/m/summer/code", "/m/summer/code"),
        ("/m/summer?x=1", "/m/summer?x=1"),
        ("/desk/bootcamp/rosters/some/apply", "/desk/bootcamp/rosters/some"),
        ("/sign-out", "/"),
        ("/no/such/page", "/"),
        ("//elsewhere.example/m/summer", "/"),
    ],
)
def test_changing_the_language_goes_back_to_a_page_that_can_be_looked_at(
    client: Browser, path: str, back: str
) -> None:
    response = submit(client, "/", {"lang": "ko", "next": path}, action="/language")

    assert response.status_code == 303
    assert response.location == back
    assert "lang=ko" in response.headers["Set-Cookie"]


def test_whose_session_ended_while_writing_is_led_to_sign_in(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

    answer = client.post("/desk/bootcamp/cohorts")

    assert answer.status_code == 401
    assert 'href="/sign-in"' in answer.text.partition("<main")[2]


def test_a_visitor_is_an_address_and_of_ipv6_its_network(app: Flask) -> None:
    from app.visitors import client

    def visitor(address: str) -> str:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return client()

    assert visitor("192.0.2.7") == "192.0.2.7"
    assert visitor("::ffff:192.0.2.7") == "192.0.2.7"
    assert visitor("2001:db8:1:2:3::4") == visitor("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert visitor("2001:db8:1:3::4") != visitor("2001:db8:1:2::4")
