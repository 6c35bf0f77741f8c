"""A staff phone's token × every route, from the URL map: its own meetup's door answers, all else as to a stranger.

Nothing here lists routes: what a new one declares as its access rule decides what a phone may get of it.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain import tokens
from app.models import DeviceRole, Meetup
from app.services.door import devices
from tests.access.routes import Route, routes
from tests.access.test_matrix import ask, given, masked
from tests.access.world import Tenant, alone, tenant
from tests.factories import make_device
from tests.support import paper
from tests.support.door import HEADERS
from tests.support.server import Server
from tests.support.worlds import Worlds

DOOR = "door_phone"
# Rules that ask for no account and no phone.
ANYONE = {"public", "personal_link", "proof_link", "ticket_code", "proved_address"}
OWN, SIBLING, FOREIGN = "this meetup", "another of this programme", "another programme"
SECOND = 1.0
DOOR_ROUTES = [route for route in routes() if route.rule == DOOR]


@pytest.fixture(autouse=True)
def _without_csrf(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def carrying(app: Flask, secret: str, *doors: Meetup) -> FlaskClient:
    """A browser that shows a device token as the cookie of all these doors, as a thief may."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    for door in doors:
        browser.set_cookie(f"door-{door.id}", secret)
    return browser


def nobodies(app: Flask, *doors: Meetup) -> tuple[FlaskClient, FlaskClient]:
    """Strangers without a cookie and with one that they made up. The first uses up what can be used once."""
    forged = tokens.mint(tokens.DEVICE)
    return carrying(app, forged), carrying(app, forged, *doors)


def places() -> dict[str, Tenant]:
    """Where a phone may knock, a world of tests/support/worlds.py. Each has one of everything that a route can name."""
    mine = tenant(1)
    return {OWN: mine, SIBLING: tenant(2, mine.program), FOREIGN: tenant(3)}


@pytest.mark.one_database
@pytest.mark.parametrize("place", [OWN, SIBLING, FOREIGN])
@pytest.mark.parametrize("role", list(DeviceRole))
def test_a_phone_s_token_opens_its_own_meetup_s_door_and_nothing_else(
    app: Flask, worlds: Worlds, role: DeviceRole, place: str
) -> None:
    there = worlds.begin(app, places)
    asked, own = there[place], there[OWN].meetup
    _, secret = make_device(own, role)
    wrong = {}
    for route in routes():
        values = given(app, route, asked, "owner")
        strangers = [heard(ask(app, each, route, values)) for each in nobodies(app, own, asked.meetup)]
        got = ask(app, carrying(app, secret, own, asked.meetup), route, values)
        if route.rule == DOOR and place == OWN:
            complaint = "its own door refuses" if refuses(got) else ""
        elif heard(got) not in strangers:
            complaint = "answers otherwise than to a stranger"
        elif route.rule not in ANYONE and not refuses(got):
            complaint = "answers"
        else:
            complaint = "tells a secret" if leaks(route, got, asked) else ""
        if complaint:
            wrong[str(route)] = complaint, got.status
    assert wrong == {}


ANSWERS_A_KIOSK = {"checkin.scanner", "checkin.scans", "checkin.state", "checkin.manifest"}


@pytest.mark.parametrize("route", DOOR_ROUTES, ids=str)
def test_a_self_check_in_tablet_gets_its_page_its_list_and_its_answers_and_no_other_route(
    app: Flask, worlds: Worlds, route: Route
) -> None:
    mine = worlds.begin(app, alone).mine
    _, secret = make_device(mine.meetup, DeviceRole.KIOSK)

    got = ask(app, carrying(app, secret, mine.meetup), route, given(app, route, mine, "owner"))

    if route.endpoint in ANSWERS_A_KIOSK:
        assert got.status_code == 200
    else:
        assert (got.status_code, (got.json or {}).get("error")) == (403, "kiosk_only")
    people = [mine.name, mine.address, mine.values["reference"]]
    assert not any(word in got.text for word in people)


def heard(response: TestResponse) -> tuple[object, ...]:
    """All that an answer tells: where it sends, and status and body without what differs each time."""
    is_text = (response.mimetype or "").startswith("text/") or response.is_json
    if response.mimetype == "application/pdf":  # it also says when it was made
        return response.headers.get("Location"), response.status_code, *paper.pages(response.data)
    told = masked(response, None) if is_text else (response.status_code, response.data)
    return response.headers.get("Location"), *told


def refuses(response: TestResponse) -> bool:
    """No right: asked to sign in, or as if there were nothing."""
    if response.status_code in {301, 302, 303}:
        return urlsplit(response.headers["Location"]).path == "/sign-in"
    return response.status_code in {401, 404}


def leaks(route: Route, response: TestResponse, asked: Tenant) -> bool:
    """A refusal says a word about whoever comes there, or what takes place."""
    registration = asked.values["reference"]
    words = [asked.name, asked.address, asked.meetup.title_en, asked.meetup.title_ko, asked.program.name_ko]
    if registration not in response.request.path:
        words.append(registration)
    return route.rule not in ANYONE and any(word in response.text for word in words)


@pytest.mark.parametrize("role", list(DeviceRole))
@pytest.mark.parametrize("route", DOOR_ROUTES, ids=str)
def test_a_revoked_phone_is_refused_at_once(
    app: Flask, worlds: Worlds, route: Route, role: DeviceRole
) -> None:
    mine = worlds.begin(app, alone).mine
    device, secret = make_device(mine.meetup, role)
    browser, values = carrying(app, secret, mine.meetup), given(app, route, mine, "owner")
    before = ask(app, browser, route, values)
    assert not refuses(before)
    devices.revoke(mine.meetup.id, device.id, "account:1")

    after = ask(app, browser, route, values)

    assert after.status_code == 401
    assert not leaks(route, after, mine)
    if tag := before.headers.get("ETag"):
        assert browser.get(after.request.path, headers={"If-None-Match": tag}).status_code == 401


def test_each_process_of_the_server_refuses_a_revoked_phone_within_a_second(
    app: Flask, serve: Callable[..., Server]
) -> None:
    """The real server with two processes, both of which knew the phone."""
    mine, server = tenant(1), serve(alone=True, WEB_WORKERS=2)
    device, secret = make_device(mine.meetup)
    with app.test_request_context():
        paths = [(each.method, url_for(each.endpoint, slug=mine.meetup.slug)) for each in DOOR_ROUTES]

    def answers() -> list[int]:
        return [status(server.url + path, method, mine.meetup, secret) for method, path in paths * 2]

    assert 401 not in answers()
    devices.revoke(mine.meetup.id, device.id, "account:1")
    time.sleep(SECOND)

    assert set(answers()) == {401}


def status(url: str, method: str, meetup: Meetup, token: str) -> int:
    """Ask on a connection of its own, so that every process gets its turn."""
    body: Any = b'{"scans": [], "marks": []}' if method == "POST" else None
    headers = HEADERS | {"Cookie": f"door-{meetup.id}={token}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
