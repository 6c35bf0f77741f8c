"""A list check from both sides, on a phone: asked by somebody whose address has changed, decided by an organizer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.db import db, end_reading
from app.models import Registration, Role, Status
from tests.e2e.steps import links_in, sign_in
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_notice
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database

LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("ko-KR", "dark")}


def test_a_changed_address_is_found_on_the_list_by_an_organizer(
    database: str, app: Flask, smtp: Sink, serve: Callable[..., Server], tmp_path: Path
) -> None:
    cohort = make_cohort(None, 3)
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    make_notice(meetup)
    for address in ("haneul@school.example", "other@school.example"):
        make_alumnus(cohort, "김하늘", address)
    organizer = make_member(meetup.program, Role.ORGANIZER).address
    desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/list-checks"
    server = serve()

    with launched() as browser:
        guest, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(guest, least=None)
        asks(guest, server.url, meetup.slug, smtp, seen)
        page, others = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        desk_seen = Screens(page, least=None)
        sign_in(page, server.url, smtp, organizer)
        page.goto(f"{server.url}{desk}")
        desk_seen.look("list checks")
        page.click("main tbody th a")
        page.wait_for_url("**/list-checks/*")
        desk_seen.look("a list check")
        assert "haneul@school.example" in page.locator(".card", has_text="예전 이메일 같음").inner_text()
        page.locator("form[action$='/link'] button").first.click()
        page.wait_for_url("**/list-checks")
        assert "명단에서 찾았어요" in page.inner_text("main")
        guest.reload()
        guest.wait_for_selector(".ticket")

    assert complaints + others + seen.found + desk_seen.found == []
    assert links_in(text_of(smtp.wait_for("new@example.com", lambda mail: "확정" in mail["Subject"])), "/T/")
    told = text_of(smtp.wait_for("haneul@school.example"))
    assert "n***@example.com" in told
    assert "new@example.com" not in told
    end_reading()
    assert db.session.scalars(select(Registration.status)).all() == [Status.CONFIRMED]


def asks(page: Page, url: str, slug: str, smtp: Sink, seen: Screens) -> None:
    """From an address that is on no list to the page that says that the list is being checked."""
    page.goto(f"{url}/m/{slug}")
    page.fill("input[name=address]", "new@example.com")
    page.press("input[name=address]", "Enter")
    mail = smtp.wait_for(
        "new@example.com", lambda found: bool(links_in(text_of(found), f"/m/{slug}/list-checks/"))
    )
    page.goto(links_in(text_of(mail), f"/m/{slug}/list-checks/")[0])
    seen.look("the form")
    page.fill("input[name=name]", "김하늘")
    page.select_option("select[name=cohort]", index=1)
    page.fill("input[name=former_address]", "Haneul@School.example")
    page.fill("textarea[name=more]", "2팀이었어요")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/r/**")
    assert "명단을 확인하고 있어요" in page.inner_text("main")
    seen.look("the open check")
