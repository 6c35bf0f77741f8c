"""The sheet of badges follows the form as it is changed; the code on a printed badge is read by the scanner."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.blueprints.badges import content
from app.domain.door import tickets
from app.domain.printing.designs import LAYOUTS, Design
from app.models import Meetup
from app.printing.pdf import Pdf
from app.printing.sheets import print_labels
from app.services.printing import badge_designs
from app.services.staff import sign_in
from tests.factories import (
    code_of,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
)
from tests.support import paper
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.reading import reading
from tests.support.server import Server

pytestmark = pytest.mark.one_database
UPRIGHT = "(({naturalHeight: high, naturalWidth: wide}) => high > wide)(document.querySelector('.badge-preview img'))"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program(slug="bootcamp")
    return make_meetup(program, cohorts=[make_cohort(program, 1)], slug="spring")


def test_the_sheet_follows_the_form_and_says_what_cannot_be_printed(
    app: Flask, meetup: Meetup, serve: Callable[..., Server]
) -> None:
    organizer, server = make_member(meetup.program), serve(alone=True)
    desk = f"{server.url}/desk/bootcamp/meetups/spring/badges"
    with launched() as browser:
        page, complaints = strict_page(context_of(browser, "desktop"), server.url)
        page.goto(server.url + urlsplit(sign_in.one_time_link(organizer.address)).path)
        page.click("main form button[type=submit]")
        page.goto(desk)
        until(page, lambda: page.evaluate(UPRIGHT))

        page.check("[name=paper][value=label]")
        until(page, lambda: not page.evaluate(UPRIGHT))
        page.check("[name=paper][value=own]")
        page.fill("[name=width]", "999")
        page.wait_for_selector("[data-badge-refused]:visible")
        page.fill("[name=width]", "90")
        page.wait_for_selector("[data-badge-refused]", state="hidden")

        assert badge_designs.of_meetup(meetup.id) == Design(), "nothing was saved"
        assert [each for each in complaints if "422" not in each] == []


def test_the_scanner_reads_the_code_of_a_printed_badge(app: Flask, meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    row = make_registration(meetup, make_alumnus(cohort, "김하늘"), cohort=cohort)
    text = tickets.payload(app.config["SETTINGS"].base_url, code_of(row))
    sheets = {}
    for chosen, layout in LAYOUTS.items():
        pdf = Pdf(title="Badges", locale="ko")
        print_labels(pdf, layout, content.designs(meetup, Design(paper=chosen), [(row.id, 0)]), 1)
        wide, high = layout.label
        drawn = paper.picture(pdf.finished(), dots=150)
        dots = 150 / 25.4
        box = (layout.left, layout.top + high - layout.face[1], layout.left + wide, layout.top + high)
        sheets[chosen] = paper.as_png(drawn.crop(tuple(round(edge * dots) for edge in box)))

    with launched() as browser, reading(app, browser) as (_page, look):
        found = {chosen: look(picture).texts for chosen, picture in sheets.items()}

    assert found == {chosen: [text] for chosen in LAYOUTS}
