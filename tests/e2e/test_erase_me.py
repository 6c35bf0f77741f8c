"""Erase me, on a phone: from one's own page to the last mail, with a phone at the door that forgets, too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.e2e.steps import register
from tests.factories import make_alumnus, make_cohort, make_meetup, make_notice
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.everybody import Keyboard, Screens
from tests.support.server import Server
from tests.support.smtp import Sink, text_of
from tests.support.traces import traces_of

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
LAST = re.compile("모두 삭제했어요|Your data is erased")
NAME, ADDRESS = "한빛누리", "bitnuri@example.com"


def test_somebody_erases_themselves_on_a_phone(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    cohort = make_cohort(None, 3)
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    make_notice(meetup)
    make_alumnus(cohort, NAME, ADDRESS)
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(page, least=None)
        register(page, server.url, meetup.slug, smtp, ADDRESS)
        own = page.url
        page.click("a[href$='/consents']")
        seen.look("data and consents")
        page.click("a[href$='/erasure']")
        seen.look("what is erased")
        page.click("form[action$='/erasure/codes'] button")
        seen.look("the code")
        type_code(page, smtp)
        seen.look("the last question")
        hands = Keyboard(page)
        hands.to("INPUT")
        hands.type(NAME)
        hands.press("Enter")
        page.wait_for_url("**/erased")
        seen.look("erased")
        last = text_of(smtp.wait_for(ADDRESS, lambda mail: bool(LAST.search(mail["Subject"]))))
        refused = page.goto(own)
        until(page, lambda: traces_of([NAME, "bitnuri"]) == [])  # also of the last mail's address

    assert seen.found + hands.dark == []
    assert [each for each in complaints if "404" not in each] == []
    assert refused
    assert refused.status == 404
    assert NAME not in last


def type_code(page: Page, smtp: Sink) -> None:
    words = re.compile("삭제 인증번호|to erase your data")
    mail = smtp.wait_for(ADDRESS, lambda found: bool(words.search(found["Subject"])))
    code = re.search(r"\d{4} \d{4}", mail["Subject"])
    assert code
    page.fill("input[name=code]", code[0])
    page.press("input[name=code]", "Enter")
    page.wait_for_selector("input[name=confirm_name]")
