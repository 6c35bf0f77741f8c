"""Seats from both sides, on a phone: an offer accepted, one that passed, applications decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.registering.still_coming import SHORTEST_ANSWER_HOURS
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.models import Meetup, OutboxMail, Registration, Role, Status
from app.services.registering import registrations
from tests.e2e.steps import links_in, register, sign_in
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member
from tests.support.browser import context_of, launched, strict_page
from tests.support.offers import offering
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database


def offer_mail(smtp: Sink, address: str) -> str:
    """The personal link in the mail that offers a seat."""
    mail = smtp.wait_for(address, lambda found: "자리가 났어요" in found["Subject"])
    return links_in(text_of(mail), "/r/")[0]


def pass_soon(registration_id: int) -> None:
    """Let the offer's deadline be now."""
    with transaction() as session:
        held = update(Registration).where(Registration.id == registration_id)
        session.execute(held.values(offered_until=now() + dt.timedelta(seconds=1)))
    end_reading()


def test_one_offer_passes_and_the_next_is_accepted_with_one_press(
    app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    _, (seated, silent, glad) = offering(seats=1, waiting=2)
    late, address = silent.address, glad.address
    registrations.cancel(seated.id)
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser), server.url)
        page.goto(offer_mail(smtp, late))
        assert "까지 '참석할게요'를 눌러 주세요" in page.inner_text("main")
        pass_soon(silent.id)
        smtp.wait_for(late, lambda found: "다음 분께 넘어갔어요" in found["Subject"])
        page.reload()
        assert "대기 맨 뒤에 서게 돼요" in page.inner_text("main")
        assert page.locator("form[action$='/acceptance']").count() == 0

        page.goto(offer_mail(smtp, address))
        page.click("form[action$='/acceptance'] button")
        page.wait_for_selector(".ticket")

    assert complaints == []
    mail = smtp.wait_for(address, lambda found: "확정" in found["Subject"])
    assert links_in(text_of(mail), "/T/")
    end_reading()
    states = db.session.scalars(select(Registration.status).order_by(Registration.id)).all()
    assert states == [Status.CANCELLED, Status.EXPIRED, Status.CONFIRMED]


def test_people_apply_and_an_organizer_chooses_on_a_phone(
    app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1, mode=Mode.APPROVAL)
    first, second = make_alumnus(cohort), make_alumnus(cohort)
    addresses = [person.addresses[0].address for person in (first, second)]
    organizer, desk = make_member(meetup.program, Role.ORGANIZER).address, desk_of(meetup)
    server = serve()

    with launched() as browser:
        for address in addresses:
            guest, _ = strict_page(context_of(browser), server.url)
            assert "신청을 받았어요" in register(guest, server.url, meetup.slug, smtp, address)
        page, complaints = strict_page(context_of(browser), server.url)
        sign_in(page, server.url, smtp, organizer)
        page.goto(f"{server.url}{desk}/applicants")
        page.click("[data-all]")
        choose(page, "approve")
        assert "자리보다 사람이 많아요" in page.inner_text("main")
        page.check("input[name=rest][value=waitlist]")
        page.fill("textarea[name=note]", "곧 만나요")
        page.check("input[name=note_in_mail]")
        page.click("form[action$='/decisions'] button[type=submit]")
        page.wait_for_url("**/applicants")

    assert complaints == []
    seat = smtp.wait_for(addresses[0], lambda found: "확정" in found["Subject"])
    place = smtp.wait_for(addresses[1], lambda found: "대기 1번" in found["Subject"])
    assert "곧 만나요" in text_of(seat)
    assert "곧 만나요" in text_of(place)


def choose(page: Page, decision: str) -> None:
    page.check(f"input[name=decision][value={decision}]")
    page.click("form[action$='/preview'] .buttons button[type=submit]")
    page.wait_for_url("**/preview")


def desk_of(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"


def asked_mail(smtp: Sink, address: str) -> str:
    """The personal link in the mail that asks whether they still come."""
    mail = smtp.wait_for(address, lambda found: "올 수 있나요?" in found["Subject"])
    (link,) = set(links_in(text_of(mail), "/r/"))
    return link


def test_asked_whether_they_still_come_one_says_yes_and_one_says_no_on_a_phone(
    app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    meetup, (coming, absent, waiting) = offering(seats=2, waiting=1, freed_seats=FreedSeats.CONFIRM)
    with transaction() as session:
        row = session.get_one(Meetup, meetup.id)
        row.still_coming_hours, row.asks_at = 336, now()
    end_reading()
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser), server.url)
        page.goto(asked_mail(smtp, coming.address))
        page.get_by_role("button", name="네, 갈게요").click()
        assert "올 수 있다고 답하셨어요" in page.inner_text("main")

        page.goto(asked_mail(smtp, absent.address))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="아니요, 못 가요").click()
        page.wait_for_url(lambda url: absent.reference in url)
        assert page.locator("form[action$='/coming']").count() == 0
        smtp.wait_for(waiting.address, lambda found: "자리가 나서" in found["Subject"])

    assert complaints == []


def test_whoever_does_not_answer_loses_the_seat_and_reads_on_a_phone_how_to_come_all_the_same(
    app: Flask, smtp: Sink, serve: Callable[..., Server]
) -> None:
    meetup, (silent, waiting) = offering(seats=1, waiting=1, freed_seats=FreedSeats.CONFIRM)
    with transaction() as session:
        row = session.get_one(Meetup, meetup.id)
        row.still_coming_hours, row.release_hours, row.asks_at = 336, 24, now()
    end_reading()
    server = serve()

    with launched() as browser:
        page, complaints = strict_page(context_of(browser), server.url)
        link = asked_mail(smtp, silent.address)
        page.goto(link)
        assert "까지 답하지 않으면 자리가 취소돼요" in page.inner_text("main")
        with transaction() as session:  # their time to answer passes
            soon = now() + dt.timedelta(seconds=1)
            session.get_one(Registration, silent.id).answer_by = soon
            session.get_one(Meetup, meetup.id).releases_at = soon
            asked = update(OutboxMail).where(OutboxMail.registration_id == silent.id)
            session.execute(asked.values(sent_at=soon - dt.timedelta(hours=SHORTEST_ANSWER_HOURS)))
        end_reading()
        smtp.wait_for(silent.address, lambda found: "자리가 취소됐어요" in found["Subject"])
        smtp.wait_for(waiting.address, lambda found: "자리가 나서" in found["Subject"])

        page.goto(link)
        assert "자리가 취소됐어요" in page.inner_text("h1")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("link", name="다시 신청하기").click()
        page.wait_for_url(f"**/m/{meetup.slug}#register")
        assert "대기" in page.inner_text("#register")

    assert complaints == []
