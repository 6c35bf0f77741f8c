"""What people do about themselves on a phone: read their data, move to another address, undo that from the former one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.e2e.steps import links_in, register
from tests.factories import make_alumnus, make_cohort, make_meetup, make_notice
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "dark"), "postgresql": ("en-GB", "light")}
OLD, NEW = "haneul@school.example", "haneul.new@example.com"
DOWNLOAD, ADDRESS, NEW_ADDRESS = (
    re.compile(words)
    for words in (
        "내려받기 인증번호|to download",
        "주소 변경 인증번호|to change",
        "새 주소 인증번호|for the new address",
    )
)
MOVED = re.compile("주소가 바뀌었어요|go to another address")


def test_data_and_address_on_a_phone(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    cohort = make_cohort(None, 3)
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    make_notice(meetup)
    make_alumnus(cohort, "김하늘", OLD)
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(page, least=None)
        register(page, server.url, meetup.slug, smtp, OLD)
        own = page.url
        page.click("a[href$='/renewal']")
        seen.look("mail, link and ticket")
        page.goto(f"{own}/download")
        seen.look("before the download")
        page.click("form[action$='/download/codes'] button")
        type_code(page, smtp, OLD, DOWNLOAD)
        page.wait_for_selector("form[action$='/download']")
        seen.look("one's data")
        with page.expect_download() as begun:
            page.click("form[action$='/download'] button")
        assert begun.value.suggested_filename == "my-data.zip"
        page.goto(f"{own}/address")
        seen.look("before the change of address")
        page.click("form[action$='/address/codes'] button")
        seen.look("the code to the present address")
        type_code(page, smtp, OLD, ADDRESS)
        page.wait_for_selector("form[action$='/address/new']")
        seen.look("the new address")
        page.fill("input[name=address]", NEW)
        page.press("input[name=address]", "Enter")
        page.wait_for_selector("input[name=code]")
        seen.look("the code to the new address")
        type_code(page, smtp, NEW, NEW_ADDRESS)
        page.wait_for_selector(".ticket")
        assert NEW in page.inner_text("main")
        assert page.url != own
        told = text_of(smtp.wait_for(OLD, lambda mail: bool(MOVED.search(mail["Subject"]))))
        page.goto(links_in(told, "/address-changes/")[0])
        seen.look("was that you?")
        page.click("main form button")
        page.wait_for_selector("main form", state="detached")
        seen.look("put back")

    assert complaints + seen.found == []


def type_code(page: Page, smtp: Sink, address: str, words: re.Pattern[str]) -> None:
    mail = smtp.wait_for(address, lambda found: bool(words.search(found["Subject"])))
    code = re.search(r"\d{4} \d{4}", mail["Subject"])
    assert code
    page.fill("input[name=code]", code[0])
    page.press("input[name=code]", "Enter")
