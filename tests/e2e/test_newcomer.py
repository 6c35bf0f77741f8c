"""From an empty installation to a published meetup by what the pages offer alone: no address is typed after the first link."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from config import ROOT
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.server import Server, environment

pytestmark = pytest.mark.one_database

ROSTER = "이름\t이메일\t기수\t수료여부\n김하늘\thaneul@example.com\t1기\t수료\n이바다\tbada@example.com\t1기\t미수료\n"


def first_link(server: Server) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "owner", "create", "new@example.com"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(server.settings), check=True, capture_output=True, text=True
    )
    return server.url + urlsplit(done.stdout.strip().splitlines()[-1]).path


def press(page: Page, words: str) -> None:
    """The one button or link of the page's own that says this."""
    page.locator("main").get_by_text(words, exact=True).first.click()


def test_a_newcomer_is_led_from_nothing_to_a_published_meetup(
    app: Flask, serve: Callable[..., Server]
) -> None:
    server = serve()
    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "desktop"), server.url)
        screens = Screens(page, least=None)
        page.goto(first_link(server))
        page.click("main form button[type=submit]")

        screens.look("no programme")
        press(page, "새 과정")
        page.fill("input[name=name_ko]", "머신러닝 부트캠프")
        page.press("input[name=name_ko]", "Enter")

        page.wait_for_url("**/desk/*")
        screens.look("no cohort")
        press(page, "기수 만들기")
        page.fill("main input[name=first]", "1")
        page.fill("main input[name=last]", "2")
        page.press("main input[name=last]", "Enter")

        page.wait_for_selector("a[href$='/cohorts/2']")
        screens.look("cohorts without a list")
        press(page, "명단 가져오기")
        page.fill("main textarea", ROSTER)
        press(page, "파일 확인하기")
        page.fill("textarea[name=provenance]", "교학팀 명단")
        screens.look("every row before it is stored")
        page.click("form[action$='/application'] button[type=submit]")

        page.wait_for_url("**/imports/*")
        screens.look("what was imported")
        from_meetup_to_public_page(page, screens)

    assert screens.found + complaints == []


def from_meetup_to_public_page(page: Page, screens: Screens) -> None:
    day = dt.date.today() + dt.timedelta(days=20)  # noqa: DTZ011 - any day to come will do
    press(page, "새 행사")
    page.fill("input[name=title_ko]", "첫 동문의 밤")
    page.fill("input[name=starts]", f"{day}T18:30")
    page.fill("input[name=ends]", f"{day}T21:00")
    page.press("input[name=title_ko]", "Enter")

    page.wait_for_selector("text=숫자로 적어 주세요")
    screens.look("a form that lacks something")
    page.fill("input[name=capacity]", "40")
    page.press("input[name=capacity]", "Enter")

    page.wait_for_url("**/meetups/*")
    screens.look("a draft and what it lacks")
    press(page, "장소 또는 온라인 참여 링크")
    page.fill("input[name=place_ko]", "예시홀 3층")
    page.fill("input[name=contact_address]", "office@example.com")
    page.press("input[name=contact_address]", "Enter")

    page.wait_for_selector("text=공개할 준비가 됐어요")
    screens.look("ready to publish")
    page.click("form[action$='/publication'] button[type=submit]")

    page.wait_for_selector("form[action$='/closure']")
    screens.look("published")
    page.locator("main a[href*='/m/']").first.click()
    page.wait_for_selector("input[name=address]")
    assert "첫 동문의 밤" in page.inner_text("h1")
