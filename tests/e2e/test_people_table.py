"""The table of people in a browser: by keyboard, with a person beside it, and an act on many that is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.services.organizing import tags
from tests.e2e.steps import sign_in
from tests.factories import make_meetup, make_member, make_person, make_program, make_registration
from tests.factories import sign_in as signed_in
from tests.support.browser import SIZES, context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.screens import cookies_of
from tests.support.server import Server
from tests.support.smtp import Sink

pytestmark = pytest.mark.one_database
HANGUL_J = (
    "document.activeElement.dispatchEvent("
    "new KeyboardEvent('keydown', {key: 'ㅓ', code: 'KeyJ', bubbles: true, cancelable: true}))"
)
LOOKS = {"sqlite": ("phone", "ko-KR", "dark"), "postgresql": ("desktop", "en-GB", "light")}


def acts_beside_the_table(page: Any) -> None:
    """With the second person open: to the next and back, tagged and untagged."""
    page.keyboard.press("j")
    page.wait_for_selector("dialog h1:text-is('다솜')")
    page.keyboard.press("k")
    page.wait_for_selector("dialog h1:text-is('나라')")
    page.fill("dialog #tags", "jk")
    page.click("dialog form[action$='/tags'] button:not(.tag__remove)")
    page.wait_for_selector("dialog .tag")
    assert (page.inner_text("dialog h1"), "sort=name" in page.url) == ("나라", True)
    page.wait_for_selector("tbody th .badge")
    page.click("dialog .tag__remove")
    page.wait_for_selector("dialog .tag", state="detached")
    page.wait_for_selector("tbody th .badge", state="detached")


def tick_three(page: Any) -> None:
    """The second person by a key, and the range from there to the fourth."""
    page.keyboard.press("x")
    page.wait_for_selector("input[name=who]:checked")
    page.locator("input[name=who]").nth(3).click(modifiers=["Shift"])
    assert page.locator("input[name=who]:checked").count() == 3


def test_an_organizer_walks_the_table_and_tags_many(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program)
    names = ["가나다", "나라", "다솜", "라온"]
    rows = [make_registration(meetup, make_person(program, name)) for name in names]
    address, server = make_member(program).address, serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, *LOOKS[database]), server.url)
        seen = Screens(page, least=None)
        sign_in(page, server.url, smtp, address)
        page.goto(f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/attendees?sort=name")
        page.wait_for_load_state("networkidle")
        seen.look("the table")

        page.keyboard.press("j")
        page.focus("tbody th a")
        page.evaluate(HANGUL_J)
        assert page.evaluate("document.activeElement.textContent") == "나라"
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open] h1")
        assert page.inner_text("dialog h1") == "나라"
        acts_beside_the_table(page)
        seen.look("a person beside it")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.textContent") == "나라"

        tick_three(page)
        page.click("#many button:not([type=button])")
        page.fill("#set-tag", "연사")
        seen.look("whom it concerns")
        page.click("main .action-bar button")
        page.wait_for_selector("form[action$='/undo'] button")
        assert list(tags.of_meetup(meetup.id)) == ["연사"]
        assert sorted(tags.of_registrations([row.id for row in rows])) == sorted(row.id for row in rows[1:])

        page.click("form[action$='/undo'] button")
        page.wait_for_selector(".flashes .notice")
        assert list(tags.of_meetup(meetup.id)) == []
        page.focus("tbody th a")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"

        page.select_option("#many select", "reissue")
        page.check("#many input[name=everybody]")
        page.click("#many button:not([type=button])")
        page.click("main .action-bar button")
        page.wait_for_selector("main .notice--warning >> nth=1")
        seen.look("new tickets without a reason")
        page.fill("#reason", "사진이 퍼졌어요")
        page.click("main .action-bar button")
        page.wait_for_selector(".notice--success")
        seen.look("new tickets issued")
        assert (complaints, seen.found) == ([], [])


def test_on_a_phone_the_first_people_are_in_sight_and_acts_come_when_somebody_is_ticked(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program)
    for number in range(20):
        make_registration(meetup, make_person(program, f"김하나{number:02}"))
    client = app.test_client()
    signed_in(client, make_member(program))
    server = serve(alone=True)
    table = f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/attendees?sort=name"
    with launched() as browser:
        for has_scripts in (True, False):
            context = context_of(browser, "phone", "ko-KR", java_script_enabled=has_scripts)
            context.add_cookies(cookies_of(client, server.url))
            page, complaints = strict_page(context, server.url)
            page.goto(table)
            page.wait_for_load_state("networkidle")
            people, acts = page.locator("tbody tr"), page.locator("#many")

            assert bottom(people.first) <= SIZES["phone"]["height"]
            assert page.get_by_label("이 페이지 모두 선택").is_visible() is has_scripts
            assert top(acts) > bottom(people.last)
            page.check("tbody tr:nth-child(2) input[name=who]")
            assert bottom(acts) <= SIZES["phone"]["height"]
            assert page.get_by_role("button", name="이 사람들 내보내기").is_visible()
            page.uncheck("tbody tr:nth-child(2) input[name=who]")
            assert top(acts) > SIZES["phone"]["height"]

            add = page.get_by_role("link", name="사람 추가")
            assert not add.is_visible()
            page.focus(".menu--unfolds summary")
            page.keyboard.press("Enter")
            assert add.is_visible()
            if has_scripts:
                seen = Screens(page, least=None)
                seen.look("with the other acts open")
                page.keyboard.press("Escape")
                page.get_by_label("이 페이지 모두 선택").check()
                assert page.locator("input[name=who]:checked").count() == 20
                page.uncheck("tbody tr:nth-child(2) input[name=who]")
                seen.look("with many ticked")
                assert page.locator("thead input").evaluate("box => box.indeterminate")
                assert seen.found == []
            assert complaints == []
            context.close()


def test_with_room_all_that_can_be_done_is_in_sight(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program)
    make_registration(meetup, make_person(program, "김하나"))
    client = app.test_client()
    signed_in(client, make_member(program))
    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser, "desktop", "ko-KR")
        context.add_cookies(cookies_of(client, server.url))
        page = context.new_page()
        page.goto(f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/attendees")

        assert page.get_by_role("link", name="사람 추가").is_visible()
        assert not page.locator(".menu--unfolds summary").is_visible()
        assert bottom(page.locator("tbody tr").first) <= SIZES["desktop"]["height"]


def top(part: Any) -> float:
    return float(part.bounding_box()["y"])


def bottom(part: Any) -> float:
    box = part.bounding_box()
    return float(box["y"] + box["height"])
