"""An organizer's day: who applied is decided about, one decision is taken back, all are written to, a list is taken away,
badges are printed, and two people who are one are joined. In Korean, at a laptop."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest
import python_calamine as calamine
from flask import Flask
from playwright.sync_api import Page

from app.db import db, end_reading
from app.domain.registering.registrations import Status
from app.domain.seating.modes import Mode
from app.models import Meetup, Person, Registration
from tests.e2e.steps import export, sign_in
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
)
from tests.support import paper
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
FIRST, SECOND, TWICE = "김하늘", "이별", "박바다"


@dataclass
class Desk:
    """The browser at the meetup's desk, and what was found wrong with a screen."""

    page: Page
    url: str
    screens: Screens
    smtp: Sink
    meetup_id: int

    def open(self, path: str, name: str) -> None:
        self.page.goto(self.url + path)
        self.screens.look(name)

    def press(self, selector: str, name: str) -> None:
        """And wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.screens.look(name)

    def standings(self) -> dict[str, list[Status]]:
        end_reading()
        found: dict[str, list[Status]] = {}
        for row in db.session.query(Registration).filter_by(meetup_id=self.meetup_id):
            found.setdefault(row.person.name, []).append(row.status)
        end_reading()
        return found


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    cohort = make_cohort(program, 3, name_ko="3기")
    meetup = make_meetup(program, 10, cohorts=[cohort], mode=Mode.APPROVAL)
    for name, address in (
        (FIRST, "haneul@example.com"),
        (SECOND, "byeol@example.com"),
        (TWICE, "bada@example.com"),
    ):
        make_registration(meetup, make_alumnus(cohort, name, address), Status.APPLIED, cohort)
    make_registration(meetup, make_person(program, TWICE, "bada@old.example"), Status.APPLIED)
    return meetup


@pytest.fixture
def desk(meetup: Meetup, smtp: Sink, serve: Callable[..., Server]) -> Iterator[Desk]:
    program = meetup.program
    organizer, path = make_member(program).address, f"/desk/{program.slug}/meetups/{meetup.slug}"
    server = serve()
    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "desktop"), server.url)
        sign_in(page, server.url, smtp, organizer)
        desk = Desk(page, server.url + path, Screens(page, least=None), smtp, meetup.id)
        yield desk
        assert complaints + desk.screens.found == []


def test_a_day_at_the_desk(desk: Desk) -> None:
    approve_all_but_one_and_take_the_refusal_back(desk)
    write_to_those_who_have_a_seat(desk)
    take_a_list_away(desk)
    print_badges(desk)
    join_the_one_who_is_here_twice(desk)


def approve_all_but_one_and_take_the_refusal_back(desk: Desk) -> None:
    decide(desk, "decline", SECOND)
    assert desk.standings()[SECOND] == [Status.DECLINED]
    told = desk.smtp.wait_for("byeol@example.com")

    desk.press("#refused form[action$='/reopening'] button", "a decision that is taken back")
    assert desk.standings()[SECOND] == [Status.APPLIED]
    decide(desk, "approve")

    assert desk.standings() == {
        FIRST: [Status.CONFIRMED],
        SECOND: [Status.CONFIRMED],
        TWICE: [Status.CONFIRMED] * 2,
    }
    seat = desk.smtp.wait_for("byeol@example.com", lambda mail: "확정" in text_of(mail))
    assert seat["Message-ID"] != told["Message-ID"]


def decide(desk: Desk, decision: str, name: str | None = None) -> None:
    """About this person, or all."""
    desk.open("/applicants", "who applied")
    boxes = desk.page.locator("#applicants tbody tr", has_text=name or "").locator("input[name=who]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    desk.page.check(f"input[name=decision][value={decision}]")
    desk.press("form[action$='/preview'] .buttons button", f"before {decision}")
    desk.press("form[action$='/decisions'] .buttons button", f"after {decision}")


def write_to_those_who_have_a_seat(desk: Desk) -> None:
    desk.open("/attendees", "who comes")
    desk.press("main a[href*='/messages/new']", "a message to these")
    desk.page.fill("input[name=subject_ko]", "{이름} 님, 준비물 안내")
    desk.page.fill("textarea[name=words_ko]", "{이름} 님, 명함을 가져오세요.")
    desk.press("main form .save-bar button", "before it goes")
    desk.press("form[action$='/sending'] button", "on its way")

    mail = desk.smtp.wait_for("haneul@example.com", lambda mail: "준비물" in mail["Subject"])
    assert (mail["Subject"], "명함을 가져오세요." in text_of(mail)) == (f"{FIRST} 님, 준비물 안내", True)


def take_a_list_away(desk: Desk) -> None:
    file = export(desk.page, desk.url, "xlsx")

    heading, *rows = (
        calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
        .get_sheet_by_index(0)
        .to_python()
    )
    names = [row[heading.index("이름")] for row in rows]
    assert sorted(names) == sorted([FIRST, SECOND, TWICE, TWICE])


def print_badges(desk: Desk) -> None:
    desk.open("/badges", "badges to print")
    desk.page.fill("form[action$='/prints'] input[name=reason]", "명찰 인쇄")
    with desk.page.context.expect_page():
        desk.page.click("form[action$='/prints'] button[name=which][value=new]")
    desk.open("/badges", "badges that are printed")
    path = desk.page.get_attribute("[aria-labelledby=prints] a[href*='/prints/']", "href")
    file = desk.page.request.get(urljoin(desk.url, path))

    text = "\n".join(paper.pages(file.body()))
    assert all(name in text for name in (FIRST, SECOND, TWICE))
    assert desk.page.locator("button[name=which][value=new]").count() == 0


def join_the_one_who_is_here_twice(desk: Desk) -> None:
    desk.open("/attendees?q=bada", "both of them")
    desk.page.locator("#attendees tbody a", has_text=TWICE).first.click()
    desk.press("main a[href$='/joining']", "who is the same person")
    desk.page.fill("input[name=q]", TWICE)
    desk.press("form[role=search] button", "the other one is found")
    desk.press("#found a[href*='other=']", "are these two one")
    desk.page.fill("input[name=reason]", "전화로 두 주소를 확인함")
    desk.press("main form .button--danger", "they are one")

    end_reading()
    assert db.session.query(Person).filter_by(name=TWICE).count() == 1
    assert sorted(desk.standings()[TWICE]) == [Status.CONFIRMED, Status.DECLINED]
