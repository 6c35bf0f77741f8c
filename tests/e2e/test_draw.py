"""A draw on a phone: entered, held by an organizer, looked up by everybody; and for people who see little."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.models import Registration, Role, Status
from app.services.personal import personal_links
from app.services.staff import sign_in
from tests.e2e import steps
from tests.e2e.steps import links_in, register
from tests.factories import make_alumnus, make_member
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.draws import drawing, hold, pass_deadline, pseudonym, time_is_up
from tests.support.everybody import Screens
from tests.support.offers import fresh, states
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
SMALLEST = {"width": 320, "height": 568}


def test_an_alumnus_enters_a_draw_on_a_phone_and_finds_their_pseudonym_in_the_result(
    app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    meetup, _ = drawing(2, seats=1)
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    organizer = make_member(meetup.program, Role.ORGANIZER).address
    desk, slug = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}", meetup.slug
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser), server.url)
        page.goto(f"{server.url}/m/{slug}")
        assert "자리는 추첨으로 정해요." in page.inner_text("#register")
        assert "추첨에 참여했어요" in register(page, server.url, slug, smtp, address)
        own, mine = page.url, page.inner_text(".draw-name")
        mail = smtp.wait_for(address, lambda found: "추첨에 참여했어요" in found["Subject"])
        assert mine in text_of(mail)

        time_is_up(meetup)
        plain, _ = strict_page(context_of(browser, java_script_enabled=False), server.url)
        until(
            plain,
            lambda: bool(plain.goto(f"{server.url}/m/{slug}/draw") and mine in plain.inner_text("main")),
        )
        page.reload()
        assert "가명 목록이 확정됐어요" in page.inner_text("main")

        office, faults = strict_page(context_of(browser), server.url)
        steps.sign_in(office, server.url, smtp, organizer)
        office.goto(f"{server.url}{desk}/draw")
        office.fill("input[name=value]", "2,645.27")
        office.fill("input[name=again]", "2645.27")
        office.click("form[action$='/draw/result'] button[type=submit]")
        office.wait_for_selector(".flashes .notice--success")

        said = smtp.wait_for(
            address, lambda found: "선정" in found["Subject"] or "추첨 결과" in found["Subject"]
        )
        assert links_in(text_of(said), f"/m/{slug}/draw")
        assert mine in text_of(said)
        page.goto(own)
        assert mine in page.inner_text("main")
        plain.goto(f"{server.url}/m/{slug}/draw")
        assert f"{mine}," in plain.inner_text("section[aria-labelledby=result-title]")

    assert complaints + faults == []
    assert sorted(states(meetup)) == [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED]


def test_axe_finds_nothing_on_the_pages_of_a_draw(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    entering, (early, *_rest) = drawing(2)
    closed, _ = drawing(2)
    time_is_up(closed)
    held, people = drawing(3, seats=1)
    time_is_up(held)
    pass_deadline()
    hold(held)
    own = [link_to(row) for row in (early, *people)]
    organizers = [make_member(meetup.program) for meetup in (entering, closed, held)]
    server = serve(alone=True)

    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
        screens = Screens(page, least=None)
        for meetup, organizer in zip((entering, closed, held), organizers, strict=True):
            page.goto(server.url + urlsplit(sign_in.one_time_link(organizer.address)).path)
            page.click("main form button[type=submit]")
            desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"
            for path in (
                f"/m/{meetup.slug}",
                f"/m/{meetup.slug}/draw",
                desk,
                f"{desk}/draw",
                f"{desk}/seats",
            ):
                answer = page.goto(server.url + path)
                assert answer is not None
                assert answer.status == 200, path
                screens.look(path)
            page.context.clear_cookies()
        for path in own:
            page.goto(server.url + path)
            screens.look(path)

    assert screens.found + complaints == []
    assert pseudonym(early)


def link_to(registration: Registration) -> str:
    return urlsplit(personal_links.url_of(fresh(registration))).path
