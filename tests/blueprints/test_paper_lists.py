"""Lists on paper: everybody with a seat once, by name, with what each page needs to say; and nobody else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.clock import now
from app.db import db, transaction
from app.domain.registering.registrations import Status
from app.models import AuditEntry, Meetup, PersonPhone, Registration, Role
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support import paper
from tests.support.client import Browser, submit

REASON = {"reason": "The door"}


@pytest.fixture
def meetup(app: object) -> Meetup:
    program = make_program()
    cohorts = [make_cohort(program, ordinal) for ordinal in (1, 2)]
    found = make_meetup(program, cohorts=cohorts, title_en="Spring evening", place_en="Example Hall")
    people = [("하늘", 0), ("가온", 1), ("나래", 0), ("Öztürk-Nguyễn Aleksandra", 1), ("金東文", 0)]
    for number, (name, cohort) in enumerate(people):
        row = {"cohort": cohorts[cohort]}
        if number == 1:
            row |= {"companions": 2, "companion_names": ["다솜"], "admitted_at": now(), "admitted_count": 3}
        make_registration(found, make_alumnus(cohorts[cohort], name), **row)
    make_registration(found, make_alumnus(cohorts[0], "기다림"), Status.WAITLISTED, cohorts[0])
    return found


def form(client: FlaskClient, meetup: Meetup, role: Role = Role.ORGANIZER) -> str:
    sign_in(client, make_member(meetup.program, role))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/paper"


def printed(client: FlaskClient, meetup: Meetup, **chosen: object) -> list[str]:
    """The text of each page."""
    answer = submit(client, form(client, meetup), REASON | chosen)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    return paper.pages(answer.data)


def test_each_kind_of_list_has_a_file_name_of_its_own(client: FlaskClient, meetup: Meetup) -> None:
    page = form(client, meetup)

    files = {
        submit(client, page, REASON | {"kind": kind}).headers["Content-Disposition"]
        for kind in ("tick", "sign", "expenses")
    }

    assert len(files) == 3


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_the_check_in_list_has_everybody_with_a_seat_by_name_and_nobody_else(
    client: Browser, meetup: Meetup
) -> None:
    (page,) = printed(client, meetup, kind="tick")

    assert in_order(page, "Spring evening", "Aleksandra", "金東文", "가온", "나래", "하늘")
    assert in_order(page, "가온", "다솜", "companion")
    assert "Example Hall" in page
    assert "7 people" in page
    assert "1 / 1" in page
    assert "As of" in page
    assert "기다림" not in page


def test_each_cohort_may_begin_on_a_page_of_its_own_and_others_can_be_left_out(
    client: Browser, meetup: Meetup
) -> None:
    first, second = printed(client, meetup, kind="tick", apart="y")
    assert in_order(first, "Cohort 1", "金東文", "나래", "하늘")
    assert in_order(second, "Cohort 2", "Aleksandra", "가온", "2 / 2")

    (only,) = printed(client, meetup, kind="tick", cohorts=["2"])
    assert "가온" in only
    assert "나래" not in only


def test_on_a_signature_sheet_everybody_has_a_line_and_some_are_left_empty(
    client: Browser, meetup: Meetup
) -> None:
    (page,) = printed(client, meetup, kind="sign", spare="3", purpose="Not of this sheet")

    assert in_order(page, "Signature sheet", "No.", "Name", "Cohort", "가온")
    assert in_order(page, "가온", "가온 +1: 다솜", "가온 +2", "나래")
    assert "10" in page.split()
    assert "Not of this sheet" not in page


def test_as_proof_of_expenses_each_page_says_what_is_signed(client: Browser, meetup: Meetup) -> None:
    for _ in range(30):
        make_registration(meetup, make_alumnus(meetup.cohorts[0]), cohort=meetup.cohorts[0])

    pages = printed(client, meetup, kind="expenses", purpose="식비를 받았음을 확인합니다. ⌛")

    assert len(pages) == 3
    assert all("식비를 받았음을 확인합니다." in page and "Affiliation" in page for page in pages)


def test_only_those_who_came_in_where_that_is_wanted(client: Browser, meetup: Meetup) -> None:
    (page,) = printed(client, meetup, kind="sign", came_only="y")

    assert "가온" in page
    assert "나래" not in page
    assert "3 people" in page


@pytest.mark.parametrize("kind", ["tick", "sign"])
def test_of_a_party_that_came_in_part_so_many_lines_stand_there_and_no_name_of_who_did_not(
    client: Browser, meetup: Meetup, kind: str
) -> None:
    with transaction() as session:
        part = update(Registration).where(Registration.companions == 2)
        session.execute(part.values(companion_names=["다솜", "라온"], admitted_count=2))

    (page,) = printed(client, meetup, kind=kind, came_only="y")
    (everybody,) = printed(client, meetup, kind=kind)

    assert "2 people" in page
    assert ("다솜" in page, "라온" in page) == (False, False)
    assert ("companion" if kind == "tick" else "가온 +1") in page
    assert "가온 +2" not in page
    assert in_order(everybody, "다솜", "라온")


def test_nobody_there_is_an_empty_list_and_not_an_error(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])

    (page,) = printed(client, meetup, kind="sign", spare="2")

    assert "0 people" in page


def test_a_print_is_noted_with_its_reason_and_without_one_nothing_leaves(
    client: Browser, meetup: Meetup
) -> None:
    here = form(client, meetup)

    refused = submit(client, here, {"kind": "tick", "reason": " ", "purpose": "Typed"})
    submit(client, here, REASON | {"kind": "tick"})

    assert refused.status_code == 422
    assert "Typed" in refused.text
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "attendees.printed")).all()
    assert [(each.reason, each.details["rows"], each.details["kind"]) for each in noted] == [
        ("The door", 5, "tick")
    ]


@pytest.mark.parametrize("kind", ["tick", "sign", "expenses"])
def test_namesakes_of_one_cohort_are_told_apart_as_at_the_door_and_nobody_else_has_a_number(
    client: Browser, meetup: Meetup, kind: str
) -> None:
    first, second = meetup.cohorts
    for cohort, number in ((first, "010-1234-5678"), (first, "010-8765-4321"), (second, "010-1111-9999")):
        row = {"cohort": cohort, "phone": number, "companions": 1 if number.endswith("5678") else 0}
        make_registration(meetup, make_alumnus(cohort, "김민수"), **row)
    make_registration(meetup, make_alumnus(first, "윤슬"), cohort=first, phone="010-2222-7777")

    text = "".join("".join(page.split()) for page in printed(client, meetup, kind=kind))

    assert "김민수···5678" in text
    assert "김민수···4321" in text
    assert "9999" not in text, "the cohort tells them apart"
    assert "7777" not in text
    assert "1234" not in text, "the end of the number alone"


def test_namesakes_whom_no_phone_tells_apart_have_their_registration_numbers_and_never_an_address(
    client: Browser, meetup: Meetup
) -> None:
    cohort, rows = meetup.cohorts[0], []
    for phone in ("", "010-1234-5678", "010-9999-5678"):
        row = {"cohort": cohort, "address": "minsu@example.com", "phone": phone}
        rows.append(make_registration(meetup, make_alumnus(cohort, "김민수"), **row))

    text = "".join("".join(page.split()) for page in printed(client, meetup, kind="tick"))

    assert [f"김민수{row.reference}" in text for row in rows] == [True, True, True]
    assert "@" not in text
    assert "5678" not in text


def test_a_phone_that_only_a_roster_knows_is_on_no_sheet_that_is_passed_round(
    client: Browser, meetup: Meetup
) -> None:
    cohort, held = meetup.cohorts[0], []
    for number in ("01012345678", "01087654321"):
        person = make_alumnus(cohort, "김민수")
        held.append(make_registration(meetup, person, cohort=cohort))
        with transaction() as session:
            session.add(PersonPhone(person_id=person.id, number=number, digits=number, last_four=number[-4:]))

    of_programme = "".join("".join(printed(client, meetup, kind="tick")).split())
    here = form(client, meetup)
    sign_in(client, make_helper(meetup))
    of_meetup = "".join(paper.pages(submit(client, here, REASON | {"kind": "tick"}).data))

    for text in (of_programme, "".join(of_meetup.split())):
        assert "5678" not in text
        assert all(row.reference in text for row in held)
