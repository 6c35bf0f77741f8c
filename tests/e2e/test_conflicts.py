"""One ticket at two doors without a network: both phones let in, and afterwards both say so until somebody has looked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Route

from app.services.registering import registrations
from tests.e2e.test_list_door import NAMES, evening, is_inside, phone
from tests.e2e.test_override import goes_on, off_the_net, says, types
from tests.factories import code_of, make_device, make_registration
from tests.support.browser import context_of, launched, until
from tests.support.server import Server

pytestmark = pytest.mark.one_database


def told(page: Page) -> str:
    """The quiet line, "" where there is none."""
    line = page.locator("[data-part=conflicts-open]")
    return line.inner_text().strip() if line.is_visible() else ""


def listed(page: Page) -> str:
    return page.inner_text("[data-part=conflicts-list]")


def test_two_phones_that_let_in_one_ticket_both_say_so_until_somebody_has_looked(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening(door_gates=["정문", "후문"])
    _, other = make_device(meetup, name="뒤 폰", gate="후문")
    server = serve(alone=True)
    with launched() as browser:
        front, front_complaints = phone(context_of(browser), server, meetup, token)
        back, back_complaints = phone(context_of(browser), server, meetup, other)
        for page in (front, back):
            off_the_net(page)
            types(page, code_of(guests[0]), "ok")
            goes_on(page)
        types(front, code_of(guests[1]), "ok")
        goes_on(front)
        registrations.cancel(guests[1].id)

        front.context.set_offline(False)
        until(front, lambda: is_inside(guests[0]), timeout=20)
        until(front, lambda: told(front) == "확인할 입장 1건", timeout=20)
        back.context.set_offline(False)
        says(back, "already")
        assert back.inner_text("[data-verdict-word]") == "서버의 답이 달라요"
        goes_on(back)
        until(back, lambda: told(back) == "확인할 입장 1건", timeout=20)
        until(front, lambda: told(front) == "확인할 입장 2건", timeout=20)

        goes_on(front)  # from whatever the server said otherwise meanwhile
        look_through(front)
        back.click("[data-part=conflicts-open]")
        assert [each in listed(back) for each in (NAMES[0], "정문", "이 폰", NAMES[1])] == [
            True,
            False,
            True,
            False,
        ]
        complaints = front_complaints + back_complaints
        assert [each for each in complaints if "ERR_INTERNET_DISCONNECTED" not in each] == []


def test_two_phones_that_let_in_more_people_than_a_ticket_has_both_say_how_many_too_many(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, _, token, _ = evening(door_gates=["정문", "후문"])
    party = make_registration(meetup, companions=2)
    _, other = make_device(meetup, name="뒤 폰", gate="후문")
    server = serve(alone=True)
    with launched() as browser:
        front, _ = phone(context_of(browser), server, meetup, token)
        back, _ = phone(context_of(browser), server, meetup, other)
        for page in (front, back):
            off_the_net(page)
            types(page, code_of(party), "ok")
            page.click("[data-part=party-fewer]")
            goes_on(page)

        for page in (front, back):
            page.context.set_offline(False)
        for page in (front, back):
            until(page, lambda page=page: told(page) == "확인할 입장 1건", timeout=20)
            page.click("[data-part=conflicts-open]")
            assert "티켓 인원보다 많이 입장" in listed(page)
            assert "3명 티켓에 1명 더" in listed(page)


def test_whom_a_phone_let_in_before_a_slow_answer_came_is_a_conflict_too(
    app: Flask, serve: Callable[..., Server]
) -> None:
    meetup, guests, token, _ = evening(door_gates=["정문", "후문"])
    _, other = make_device(meetup, name="뒤 폰", gate="후문")
    server = serve(alone=True)
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    with launched() as browser:
        front, _ = phone(context_of(browser, service_workers="block"), server, meetup, token)
        back, _ = phone(context_of(browser), server, meetup, other)
        for page in (front, back):
            page.click("[data-part=tab-scan]")
        front.route("**/api/manifest*", lambda route: route.abort())
        types(back, code_of(guests[0]), "ok")
        front.route("**/api/scans", hold)

        types(front, code_of(guests[0]), "ok")
        front.unroute("**/api/scans")
        slow[0].continue_()
        says(front, "already")
        goes_on(front)

        until(front, lambda: told(front) == "확인할 입장 1건", timeout=20)
        front.click("[data-part=conflicts-open]")
        assert "한 티켓으로 두 번" in listed(front)


def look_through(page: Page) -> None:
    """What is on the list; seen, the line goes for good, and the list stays in the settings."""
    page.click("[data-part=conflicts-open]")
    for text in (f"{NAMES[0]} 님", "뒤 폰", "후문", "이 폰", "한 티켓으로 두 번", f"{NAMES[1]} 님", "취소"):
        assert text in listed(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.openPanel") == "settings"
    assert told(page) == ""
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.click("[data-open-panel=settings]")
    until(page, page.locator("[data-part=conflicts-again]").is_visible)
    assert told(page) == ""
    page.click("[data-part=conflicts-again]")
    assert f"{NAMES[0]} 님" in listed(page)
    assert "나경민" not in page.evaluate("JSON.stringify(Object.values(localStorage))")
