"""A message to many in a browser: written, looked at, tested, sent, and what became of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.e2e.steps import sign_in
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
)
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.everybody import Screens
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "dark"), "postgresql": ("en-GB", "light")}


def test_an_organizer_writes_to_those_who_have_a_seat(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    program = make_program()
    cohort = make_cohort(program, 3, name_ko="3기")
    meetup = make_meetup(program, cohorts=[cohort])
    for name, address in (("김하늘", "haneul@example.com"), ("이별", "byeol@example.com")):
        make_registration(meetup, make_alumnus(cohort, name, address), cohort=cohort)
    address = make_member(program).address
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(page, least=None)
        sign_in(page, server.url, smtp, address)
        page.goto(f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/messages")
        seen.look("no message yet")
        page.click("main a[href$='/messages/new']")
        page.wait_for_selector("textarea[name=words_ko]")
        seen.look("writing")
        page.click("main form .save-bar button")
        page.wait_for_selector(".form-errors")
        seen.look("nothing written")
        page.fill("input[name=subject_ko]", "{이름} 님, 내일 만나요")
        page.fill("textarea[name=words_ko]", "{기수} {이름} 님,\n\n정문으로 오세요.")
        page.click("main form .save-bar button")
        page.wait_for_selector("form[action$='/sending']")
        seen.look("before it goes")
        assert "김하늘 님, 내일 만나요" in page.inner_text("main")

        page.click("form[action$='/test'] button")
        page.wait_for_selector(".flashes .notice")
        tested = smtp.wait_for(address, lambda mail: "내일 만나요" in mail["Subject"])
        assert "정문으로 오세요." in text_of(tested)
        page.click("form[action$='/sending'] button")
        page.wait_for_selector(".flashes .notice")
        mail = smtp.wait_for("byeol@example.com")
        assert mail["Subject"] == "이별 님, 내일 만나요"
        assert "3기 이별 님,\n\n정문으로 오세요." in text_of(mail)

        def has_gone() -> bool:
            page.reload()
            return page.locator("#outcome .badge--ok").count() == 2

        until(page, has_gone)
        seen.look("what became of each")
        page.click("main a[href$='/texts']")
        page.wait_for_url("**/texts")
        seen.look("as text messages")

    assert complaints + seen.found == []
