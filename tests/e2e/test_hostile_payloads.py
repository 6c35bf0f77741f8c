"""Whatever people hold up, type, scan with a wedge scanner or call themselves: the scanner page shows it as text or
not at all, goes nowhere, asks nobody else, and lets the next guest in.

Some of each kind here; tests/soak/test_hostile_payloads.py has them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.domain.door import tickets
from app.models import DeviceRole
from app.services.staff import sign_in
from tests.factories import (
    code_of,
    make_cohort,
    make_device,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
)
from tests.support import hostile
from tests.support.aimed_camera import aim, qr_picture
from tests.support.aimed_door import Watched, answered, door, go_on, tone, wedge
from tests.support.browser import until
from tests.support.door import Phone
from tests.support.server import Server

pytestmark = pytest.mark.one_database
ONE_IN = 7
LONGEST_NAME = 120
EVIL = "<img src=x onerror=window.pwned=1>"


def test_no_code_before_the_camera_does_anything_and_the_next_ticket_is_green(
    app: Flask, serve: Callable[..., Server]
) -> None:
    hold_up(hostile.some(hostile.CODES, ONE_IN), serve)


def test_nothing_typed_or_from_a_wedge_scanner_does_anything_and_the_next_ticket_is_green(
    app: Flask, serve: Callable[..., Server]
) -> None:
    type_in(hostile.some(hostile.TYPED, ONE_IN), serve)


def test_hostile_names_are_text_in_verdict_list_search_and_live_view(
    app: Flask, serve: Callable[..., Server]
) -> None:
    are_called(hostile.some(hostile.NAMES, ONE_IN), app, serve)


def hold_up(codes: list[Any], serve: Callable[..., Server]) -> None:
    """Each before the camera, and a ticket after it."""
    meetup = make_meetup(capacity=200)
    guests = [make_registration(meetup) for _ in codes]
    server = serve(alone=True)
    with door(server, meetup, make_device(meetup, DeviceRole.SUPERVISE)[1]) as watched:
        page = watched.page
        for payload, guest in zip(codes, guests, strict=True):
            aim(page, qr_picture(hostile.filled(payload, server.url)))
            assert (answered(page), watched.harm()) == ("refused", []), payload
            go_on(page)

            aim(page, qr_picture(tickets.payload(server.url, code_of(guest))))
            assert answered(page) == "ok", payload
            go_on(page)


def type_in(texts: list[Any], serve: Callable[..., Server]) -> None:
    """Each by hand and by a wedge scanner, and a ticket after it."""
    meetup = make_meetup(capacity=200)
    guests = [make_registration(meetup) for _ in texts]
    server = serve(alone=True)
    with door(server, meetup, make_device(meetup, DeviceRole.SUPERVISE)[1]) as watched:
        page = watched.page
        for text, guest in zip(texts, guests, strict=True):
            page.click("[data-open-panel=typed]")
            page.fill("[data-part=typed-input]", hostile.filled(text, server.url))
            page.press("[data-part=typed-input]", "Enter")
            assert answered(page, or_said="[data-part=typed-error]") in ("refused", "said"), text
            go_on(page)
            page.click("[data-part=panel-typed] [data-close-panel]")

            wedge(page, hostile.filled(text, server.url))
            page.wait_for_timeout(100)
            wedge(page, tickets.payload(server.url, code_of(guest)))
            until(page, lambda: tone(page) == "ok")
            assert watched.harm() == [], text
            go_on(page)


def are_called(names: list[Any], app: Flask, serve: Callable[..., Server]) -> None:
    """Guests of these names come in, at a meetup where everything else has such a name, too."""
    program = make_program(name_ko=EVIL, name_en=EVIL)
    cohort = make_cohort(program, 1, name_ko=EVIL, name_en=EVIL)
    doors = {"door_gates": [EVIL], "door_ticks": [EVIL[:20]], "door_lists_people": True}
    meetup = make_meetup(program, title_ko=EVIL, title_en=EVIL, place_ko=EVIL, capacity=200, **doors)
    people = [make_person(program, name) for name in names]
    guests = [
        make_registration(meetup, each, cohort=cohort, arrival_alert=each.name[:100]) for each in people
    ]
    _, token = make_device(meetup, DeviceRole.SUPERVISE, name=EVIL, gate=EVIL)
    other = Phone(app, meetup, name=EVIL)
    link = urlsplit(sign_in.one_time_link(make_member(program, name=EVIL).address)).path
    server = serve(alone=True)
    with door(server, meetup, token) as watched:
        page = watched.page
        rows = page.locator("[data-part=list-rows] [data-row-name]")
        until(page, lambda: sorted(rows.all_text_contents()) == sorted(names))
        for name, guest in zip(names, guests, strict=True):
            wedge(page, tickets.payload(server.url, code_of(guest)))
            assert answered(page) == "ok", name
            assert page.text_content("[data-verdict-name]") == shortened(name)
            go_on(page)
            assert page.text_content("[data-part=last-who]") == f"{shortened(name)}, Cohort 1"
            assert watched.harm() == [], name
        other.scan(code=code_of(guests[0]), gate=EVIL)
        wedge(page, tickets.payload(server.url, code_of(guests[0])))
        assert answered(page) == "already"
        assert f"({EVIL}, {EVIL})" in (page.text_content("[data-verdict-note]") or "")
        assert page.text_content("[data-part=tick-name]") == EVIL[:20]
        go_on(page)
        found_by_name(page, names)
        assert watched.harm() == []

        live = Watched(page.context.browser.new_context(), server.url, "/static/", "/sign-in/", "/desk")
        live.page.goto(server.url + link)
        live.page.click("main form button[type=submit]")
        live.page.goto(f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/door/live")
        live.settled()
        assert sorted(live.page.locator(".greet__name").all_text_contents()) == sorted(names)
        assert live.page.locator("#conflicts tbody th a").all_text_contents() == [names[0]]
        assert EVIL in (live.page.text_content("#phones tbody th") or "")
        assert live.harm() == []


def found_by_name(page: Page, names: list[str]) -> None:
    """Each name is looked for as it is; whom the server finds stands there as text."""
    page.click("[data-part=tab-scan]")
    page.click(".door__actions [data-open-panel=search]")
    found = page.locator("[data-part=search-results] .person__name")
    status = page.locator("[data-part=search-status]")
    for name in names:
        page.fill("[data-part=search-input]", name)
        page.wait_for_timeout(250)
        until(page, lambda: status.text_content() != "Searching…")
        assert set(found.all_text_contents()) <= set(names), name
    page.fill("[data-part=search-input]", "")
    page.locator("[data-part=search-cohorts] button").first.click()
    until(page, lambda: found.count() > 0)
    assert set(found.all_text_contents()) <= set(names)


def shortened(name: str) -> str:
    """As much of a name as fits the screen."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
