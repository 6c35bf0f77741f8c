"""Invitations on phones: an organizer sends them, one alumna registers, another declines, and a forwarded link lets nobody in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.e2e.steps import fill_in_code, links_in, sign_in
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_notice, make_program
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.everybody import Screens
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "dark"), "postgresql": ("en-GB", "light")}
COMES, DECLINES = "haneul@example.com", "byeol@example.com"


def test_an_invitation_from_both_sides(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    program = make_program(name_ko="부트캠프", name_en="Bootcamp")
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program, cohorts=[cohort], capacity=5)
    make_notice(meetup)
    make_alumnus(cohort, "김하늘", COMES)
    make_alumnus(cohort, "이별", DECLINES)
    address = make_member(program).address
    server = serve()
    desk = f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/invitations"

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(page, least=None)
        sign_in(page, server.url, smtp, address)
        page.goto(desk)
        invites(seen, "오랜만에 얼굴 봐요!")
        invitations = {each: invitation_to(smtp, each) for each in (COMES, DECLINES)}

        other, more = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        complaints += more
        theirs = Screens(other, least=None)
        other.goto(links_in(invitations[DECLINES], "/i/")[1])
        theirs.look("declining")
        other.click("main form button")
        other.wait_for_selector(".flashes .notice")
        theirs.look("declined")

        friend, more = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        complaints += more
        pries(friend, links_in(invitations[COMES], "/i/")[0])

        other.context.clear_cookies()
        registers(theirs, smtp, links_in(invitations[COMES], "/i/")[0])

        page.goto(desk)
        seen.look("what became of them")
        counts = re.findall(r"\d+", " ".join(page.locator(".stat__number").all_inner_texts()))
        assert counts[:4] == ["2", "1", "1", "0"]
        out = links_in(invitations[DECLINES], "/opt-outs/")[0]
        other.goto(out)
        theirs.look("opting out")
        other.click("main form button")
        other.wait_for_selector("form[action$='/return']")
        theirs.look("opted out")

    assert complaints + seen.found + theirs.found == []


def invites(seen: Screens, words: str) -> None:
    """The organizer ticks the cohort, adds a line, looks at the mail and sends it."""
    page = seen.page
    seen.look("nobody is invited")
    page.check("input[name=cohort]")
    page.click("form[action$='/invitations/preview'] button")
    page.fill("textarea[name=words]", words)
    page.click("button[formaction$='/invitations/preview']")
    seen.look("before it goes")
    assert page.inner_text("main").count(words) == 2
    page.click("form[action$='/invitations'] button:not([formaction])")
    page.wait_for_selector("#invited")


def pries(page: Page, link: str) -> None:
    """Somebody to whom the link was forwarded presses on, and learns nothing."""
    page.goto(link)
    page.wait_for_selector("a[href*='/m/']")
    page.click("main form button")
    page.wait_for_url("**/code")
    for told in ("하늘", "haneul"):
        assert told not in page.inner_text("body")
        assert told not in page.content()
    page.fill("input[name=code]", "1234 5678")
    page.press("input[name=code]", "Enter")
    page.wait_for_selector(".field__error")


def registers(theirs: Screens, smtp: Sink, link: str) -> None:
    """The invited person opens the link and types the code that this press had mailed."""
    page, before = theirs.page, len(codes_to(smtp, COMES))
    page.goto(link)
    theirs.look("the invitation")
    page.click("main form button")
    page.wait_for_url("**/code")
    theirs.look("the code")
    until(page, lambda: len(codes_to(smtp, COMES)) > before)
    fill_in_code(page, smtp, COMES)
    assert "김하늘" in page.inner_text("main")
    page.click("form[action$='/registrations'] button")
    page.wait_for_selector(".ticket")


def invitation_to(smtp: Sink, address: str) -> str:
    return text_of(smtp.wait_for(address, lambda mail: bool(links_in(text_of(mail), "/i/"))))


def codes_to(smtp: Sink, address: str) -> list[str]:
    return [
        mail["Subject"]
        for mail in smtp.messages
        if mail["To"] == address and re.search(r"\d{4} \d{4}", mail["Subject"])
    ]
