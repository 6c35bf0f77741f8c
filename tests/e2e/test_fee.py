"""A fee on phones: an alumna reads where to and by whose name, an organizer pastes the bank's list, both read what came in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domain.fees.terms import Terms
from app.services.fees import terms
from app.services.personal import personal_links
from tests.e2e.steps import sign_in
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_notice, make_program
from tests.support.browser import context_of, launched, strict_page
from tests.support.everybody import Screens
from tests.support.registering import register
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database
LOOKS = {"sqlite": ("ko-KR", "dark"), "postgresql": ("en-GB", "light")}
PAYS = "haneul@example.com"


def test_a_fee_from_both_sides(database: str, app: Flask, smtp: Sink, serve: Callable[..., Server]) -> None:
    program = make_program(name_ko="부트캠프", name_en="Bootcamp")
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program, cohorts=[cohort], capacity=5)
    make_notice(meetup)
    fee = Terms(
        amount=30_000, bank="예시은행", account="110-123-456789", holder="동문회", days=3, passes_on=True
    )
    terms.save(meetup.id, fee, "account:1")
    pays = register(meetup, make_alumnus(cohort, "김하늘", PAYS))
    namesake = register(meetup, make_alumnus(cohort, "김하늘", "other@example.com"))
    links = [personal_links.url_of(row) for row in (pays, namesake)]
    address = make_member(program).address
    server = serve()

    with launched() as browser:
        theirs, complaints = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        seen = Screens(theirs, least=None)
        mail = text_of(smtp.wait_for(PAYS))
        theirs.goto(links[0].replace(app.config["SETTINGS"].base_url, server.url))
        seen.look("what is to be paid")
        senders = [code.inner_text() for code in theirs.locator("#fee code").all()]
        assert all(sender in mail for sender in senders)
        assert theirs.locator("#fee [data-copy]").count() == 2
        theirs.fill("input[name=depositor]", "바다엄마")
        theirs.click("form[action$='/depositor'] button")
        theirs.wait_for_load_state()
        assert theirs.input_value("input[name=depositor]") == "바다엄마"

        desk, more = strict_page(context_of(browser, "phone", *LOOKS[database]), server.url)
        complaints += more
        shown = Screens(desk, least=None)
        sign_in(desk, server.url, smtp, address)
        desk.goto(f"{server.url}/desk/{program.slug}/meetups/{meetup.slug}/fee")
        shown.look("who has not paid")
        desk.fill(
            "textarea[name=paste]",
            "거래일시\t보낸분\t입금액\n2026.11.03 14:05\t바다 엄마\t30,000\n2026.11.03 15:00\t모르는사람\t30,000",
        )
        desk.click("form[action$='/transfers'] button[type=submit]")
        desk.wait_for_selector("#lines")
        shown.look("whose they are")
        assert desk.locator("input[name=line]").count() == 1
        desk.click("form[action$='/bookings'] button[type=submit]")
        desk.wait_for_selector("form[action$='/undo']")
        shown.look("booked")

        theirs.reload()
        seen.look("it came in")
        assert theirs.locator("#fee form").count() == 0
        desk.click("form[action$='/undo'] button")
        desk.wait_for_load_state()
        theirs.reload()
        assert theirs.locator("#fee form").count() == 1

    assert complaints + seen.found + shown.found == []
