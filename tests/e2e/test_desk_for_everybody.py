"""The desk's pages about seats, notices and questions for people who see little, and on a small phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.domain.registering.questions import QuestionKind
from app.domain.registering.registrations import Status
from app.models import Source
from app.services.door import walk_in_checks
from app.services.staff import sign_in
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_person,
    make_program,
    make_question,
    make_questions,
    make_registration,
)
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.server import Server

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "light"), "postgresql": ("en-GB", "dark")}
SMALLEST = {"width": 320, "height": 568}


def test_axe_finds_nothing_on_the_desk_s_pages_about_seats_notices_and_questions(
    database: str, app: Flask, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, capacity=1)
    make_registration(meetup, make_person(program, "김하늘"))
    waiting = make_registration(meetup, make_person(program, "오대기"), status=Status.WAITLISTED)
    make_registration(meetup, make_person(program, "이신청"), status=Status.APPLIED)
    cohort = make_cohort(program, 3)
    make_alumnus(cohort, "박바다")
    came, decided = (
        make_registration(meetup, make_person(program, name), cohort=cohort, source=Source.WALK_IN)
        for name in ("박바다", "정모름")
    )
    walk_in_checks.not_listed(decided.id, "아무도 몰라요", "account:1")
    make_notice(meetup, consents=(make_consent("photos"), make_consent("third_party")))
    make_questions(meetup, make_question("stay", QuestionKind.CHOICE, "네", "아니요", required=True))
    organizer = make_member(program)
    server = serve(alone=True)
    desk = f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}"
    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
        page.goto(server.url + urlsplit(sign_in.one_time_link(organizer.address)).path)
        page.click("main form button[type=submit]")
        screens = Screens(page, least=None)
        for name in (
            "notice",
            "questions",
            "seats",
            "applicants",
            "waitlist",
            f"waitlist/{waiting.reference}",
            "walk-in-checks",
            f"walk-in-checks/{came.reference}",
            f"walk-in-checks/{decided.reference}",
        ):
            answer = page.goto(f"{desk}/{name}")
            assert answer is not None
            assert answer.status == 200, name
            screens.look(name)

    assert screens.found + complaints == []
