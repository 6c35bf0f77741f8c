"""An alumnus with a phone: asked what the organizer wants to know, free to refuse the rest, and to think again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from app.db import db, end_reading
from app.domain.registering.questions import Condition, QuestionKind
from app.models import Meetup, PersonAddress, Registration
from app.services.registering import answer_sheets, consents
from tests.e2e.steps import fill_in_code
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_question,
    make_questions,
)
from tests.support.browser import context_of, launched, strict_page
from tests.support.server import Server
from tests.support.smtp import Sink

pytestmark = pytest.mark.one_database

SMALL = {"width": 320, "height": 640}
BOTH = (make_consent("photos"), make_consent("sensitive"))


@pytest.fixture
def meetup(app: Any) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort()])
    make_notice(meetup, consents=BOTH)
    make_questions(
        meetup,
        make_question("q1", QuestionKind.CHOICE, "네", "먼저 가요", required=True),
        make_question("q2", required=True, only_if=Condition("q1", ("o2",))),
        make_question("q3", consent="sensitive"),
    )
    return meetup


def go_to_check(page: Page, server: Server, meetup: Meetup, smtp: Sink, address: str) -> None:
    page.goto(f"{server.url}/m/{meetup.slug}")
    assert (
        page.locator("#privacy").bounding_box()["y"] < page.locator("input[name=address]").bounding_box()["y"]
    )  # type: ignore[index]
    page.fill("input[name=address]", address)
    page.press("input[name=address]", "Enter")
    fill_in_code(page, smtp, address)


def wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def stored(meetup: Meetup, address: str) -> tuple[dict[str, Any], dict[str, bool]]:
    end_reading()
    person = select(PersonAddress.person_id).where(PersonAddress.address == address).scalar_subquery()
    held = db.session.scalars(
        select(Registration.id).where(Registration.meetup_id == meetup.id, Registration.person_id == person)
    ).one()
    return answer_sheets.newest(held)[0].answers, consents.given_by([held])[held]


def test_everything_optional_is_refused_and_the_answers_change_later(
    app: Any, live_server: Server, smtp: Sink, meetup: Meetup
) -> None:
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    end_reading()
    with launched() as browser:
        context = context_of(browser)
        page, complaints = strict_page(context, live_server.url)
        page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        go_to_check(page, live_server, meetup, smtp, address)
        assert not page.locator("#a0-q2").is_visible()
        assert not page.locator("#a0-q3").is_visible()
        assert wide(page) <= 0

        page.check("#a0-q1-o1")
        page.click("form[action$='/registrations'] button[type=submit]")
        page.wait_for_url("**/r/**")
        assert stored(meetup, address) == ({"q1": "o1"}, {"photos": False, "sensitive": False})

        page.click("a[href$='/answers']")
        page.check("#a0-q1-o2")
        page.fill("#a0-q2", "8시")
        assert wide(page) <= 0
        page.click("main form button[type=submit]")
        page.wait_for_url("**/r/*/*")
        assert "8시" in page.inner_text("main")

        context.close()
    assert complaints == []
    assert stored(meetup, address)[0] == {"q1": "o2", "q2": "8시"}


def test_consents_bring_up_their_questions_and_take_the_answers_with_them(
    app: Any, live_server: Server, smtp: Sink, meetup: Meetup
) -> None:
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    end_reading()
    with launched() as browser:
        context = context_of(browser, locale="en-GB")
        page, complaints = strict_page(context, live_server.url)
        go_to_check(page, live_server, meetup, smtp, address)
        page.check("#a0-q1-o1")
        page.check("#box-sensitive")
        page.fill("#a0-q3", "땅콩")
        page.click("form[action$='/registrations'] button[type=submit]")
        page.wait_for_url("**/r/**")
        assert stored(meetup, address) == (
            {"q1": "o1", "q3": "땅콩"}, {"photos": False, "sensitive": True},
        )  # fmt: skip

        page.click("a[href$='/answers']")
        page.fill("#a0-q3", "땅콩, 우유")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/r/*/*")
        assert stored(meetup, address)[0] == {"q1": "o1", "q3": "땅콩, 우유"}

        page.click("a[href$='/consents']")
        page.uncheck("#box-sensitive")
        page.check("#box-photos")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/r/*/*")
        context.close()
    assert complaints == []
    assert stored(meetup, address) == ({"q1": "o1"}, {"photos": True, "sensitive": False})


def test_without_a_script_the_server_asks_again(
    app: Any, live_server: Server, smtp: Sink, meetup: Meetup
) -> None:
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    end_reading()
    with launched() as browser:
        context = context_of(browser, java_script_enabled=False)
        page = context.new_page()
        go_to_check(page, live_server, meetup, smtp, address)
        page.check("#a0-q1-o2")
        page.click("form[action$='/registrations'] button[type=submit]")
        page.wait_for_selector("#a0-q2-error")
        assert page.is_checked("#a0-q1-o2")

        page.fill("#a0-q2", "9시")
        page.click("form[action$='/registrations'] button[type=submit]")
        page.wait_for_url("**/r/**")
        context.close()
    assert stored(meetup, address)[0] == {"q1": "o2", "q2": "9시"}
