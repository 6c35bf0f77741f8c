"""Badges, lists on paper and certificates of those whom the table shows, or who are ticked there."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.models import AuditEntry, Meetup, Message, Registration, Status
from app.services.messaging import chosen
from app.services.organizing import tags
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support import paper
from tests.support.client import Browser, submit
from tests.support.offers import later

pytestmark = pytest.mark.one_database
WHY = {"reason": "입구"}


@pytest.fixture
def meetup(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> Meetup:
    """With 김하나 and 이두리 (who waits), speakers, and 박세찬 and 최네오, who are in."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    program = make_program(slug="bootcamp")
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)], slug="spring")
    hana, _others = (
        place(meetup, "김하나", 0),
        place(meetup, "박세찬", 0, admitted_at=now(), admitted_count=1),
    )
    duri = place(meetup, "이두리", 1, status=Status.WAITLISTED)
    place(meetup, "최네오", 1, admitted_at=now(), admitted_count=1)
    tags.change(meetup.id, [hana.id, duri.id], "account:1", add=["연사"])
    sign_in(client, make_member(program))
    return meetup


def place(meetup: Meetup, name: str, cohort: int, **fields: object) -> Registration:
    of = meetup.cohorts[cohort]
    return make_registration(meetup, make_alumnus(of, name), cohort=of, **fields)


def desk(page: str) -> str:
    return f"/desk/bootcamp/meetups/spring/{page}"


def link(page: str, words: str) -> str:
    """Where the link with these words leads."""
    (href,) = re.findall(
        rf'href="([^"]*[?][^"]*)"[^>]*>(?:<svg(?:(?!</svg>).)*</svg>)?(?:<span>)?{words}<', page
    )
    return unescape(href)


def reference(name: str) -> str:
    end_reading()
    return next(row.reference for row in db.session.scalars(select(Registration)) if row.person.name == name)


def names(text: str) -> list[str]:
    found = "".join(text.split())
    return [name for name in ("김하나", "박세찬", "이두리", "최네오") if name in found]


def printed(client: Browser, there: str, action: str | None = None, **data: object) -> list[str]:
    """Who stands on what the form of this page prints."""
    kept: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.get(there).text):
        kept.setdefault(name, []).append(unescape(value))
    answer = client.post(action or there, data=kept | WHY | data, follow_redirects=True)
    assert answer.mimetype == "application/pdf", answer.text
    return names("".join(paper.pages(answer.data)))


def test_print_above_a_filtered_list_leads_to_badges_of_those_whom_it_shows(
    client: Browser, meetup: Meetup
) -> None:
    choosing = link(client.get(desk("attendees?tag=연사")).text, "Print")
    badges = link(client.get(choosing).text, "Name badges")

    page = client.get(badges).text

    assert "Tagged: 연사" in page
    assert "of them those who have a seat" in page
    assert "Print 1 new badge" in page
    assert printed(client, badges, desk("badges/prints"), which="all") == ["김하나"]


def test_a_restriction_can_be_taken_off_where_one_prints(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk("badges?tag=연사&cohort=1")).text

    (_without_cohort, without_tag) = re.findall(r'class="tag__remove" href="([^"]*)"', page)

    assert unescape(without_tag) == desk("badges?cohort=1")
    assert "Print all 2 badges" in client.get(unescape(without_tag)).text


def test_a_state_that_was_chosen_is_printed_though_it_has_no_seat(client: Browser, meetup: Meetup) -> None:
    there = desk("badges?tag=연사&status=waitlisted&status=confirmed")

    assert printed(client, there, desk("badges/prints"), which="all") == ["김하나", "이두리"]


def test_a_signature_sheet_has_those_alone_whom_the_list_shows_and_the_records_say_by_what(
    client: Browser, meetup: Meetup
) -> None:
    assert printed(client, desk("paper?tag=연사"), kind="sign") == ["김하나"]
    assert printed(client, desk("paper?cohort=2&arrived=yes"), kind="sign") == ["최네오"]

    end_reading()
    acts = select(AuditEntry.details).where(AuditEntry.act == "attendees.printed").order_by(AuditEntry.id)
    assert [each["restricted_by"] for each in db.session.scalars(acts)] == [["tags"], ["arrived"]]


def test_certificates_are_of_those_whom_the_list_shows(client: Browser, meetup: Meetup) -> None:
    there = desk("certificates?q=최네오")

    with later(dt.timedelta(days=60)):
        sign_in(client, make_member(meetup.program))
        assert "1 person has earned one." in client.get(there).text
        assert printed(client, there, desk("certificates/prints"), locale="ko") == ["최네오"]


def test_a_filter_that_finds_nobody_with_a_seat_prints_nobody(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk("badges?tag=nobody")).text

    assert "None of them has a badge to print." in page


def test_ticked_people_alone_are_exported_printed_and_written_to(client: Browser, meetup: Meetup) -> None:
    who = "&".join(f"who={reference(name)}" for name in ("이두리", "최네오"))
    exporting, printing, writing = (
        client.get(desk(f"attendees/many?cohort=1&{who}&to={to}")).location
        for to in ("export", "print", "write")
    )

    submit(client, writing, {"subject_ko": "안녕", "words_ko": "반가워요", "kind": "about"})

    file = submit(client, exporting, {"kind": "csv", "columns": ["name"]} | WHY).data.decode("utf-8-sig")
    assert names(file) == ["이두리", "최네오"]
    page = client.get(printing).text
    assert "Ticked in the list: 2 people" in page
    badges = link(page, "Name badges")
    assert printed(client, badges, desk("badges/prints"), which="all") == ["이두리", "최네오"]
    end_reading()
    message = db.session.scalars(select(Message)).one()
    audience = chosen.audience(db.session(), meetup, chosen.choice_of(message))
    assert sorted(each.name for each in audience.first) == ["이두리", "최네오"]
    assert "Ticked in the list: 2 people" in client.get(desk(f"messages/{message.id}")).text


def test_all_whom_the_filters_find_are_taken_along_by_their_filters(client: Browser, meetup: Meetup) -> None:
    printing = client.get(desk("attendees/many?tag=연사&everybody=1&to=print")).location

    assert printing == desk("attendees/print?tag=%EC%97%B0%EC%82%AC")


def test_nobody_ticked_leads_back_to_the_list(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk("attendees/many?to=print"), follow_redirects=True).text

    assert "Tick people in the list first" in page


def test_a_search_goes_along_to_a_message(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk("attendees/many?q=김&everybody=1&to=write"), follow_redirects=True).text

    assert "Search: 김" in page


def test_a_message_to_all_whom_the_list_shows_goes_to_who_waits_too(client: Browser, meetup: Meetup) -> None:
    for asked in ("", "&sort=-name"):
        page = client.get(desk(f"attendees/many?everybody=1&to=write{asked}"), follow_redirects=True).text

        ticked = re.findall(r'name="status" value="(\w+)"[^>]* checked', page)
        assert {"confirmed", "waitlisted"} <= set(ticked)
        assert "cancelled" not in ticked


def test_who_cancelled_is_not_counted_among_those_who_are_printed(client: Browser, meetup: Meetup) -> None:
    place(meetup, "김고운", 0, status=Status.CANCELLED)

    alone = client.get(desk("attendees/print?status=cancelled")).text
    with_others = client.get(desk("attendees/print?status=cancelled&status=waitlisted")).text
    refused = client.post(desk("paper"), data={"status": "cancelled", "kind": "sign"} | WHY)

    assert "For 0 people" in alone
    assert "For 1 person" in with_others
    assert "Nobody whose registration ended is printed." in with_others
    assert refused.status_code == 422
    assert "Take a filter off." in refused.text
