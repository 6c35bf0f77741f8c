"""Asking for a list check on the pages, and deciding it at the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.seating.modes import Mode
from app.models import AuditEntry, Claim, Meetup, Registration, Role, Status
from app.services.organizing import meetup_states
from app.services.personal import personal_links
from app.services.registering import claim_decisions
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_notice,
    make_program,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.support.claiming import claim, link_of
from tests.support.client import Browser, submit
from tests.support.client import form_of as shown_form


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 3, year=2022)], capacity=2)


def form_of(meetup: Meetup, address: str = "new@example.com") -> str:
    uid, secret = link_of(meetup, address)
    return f"/m/{meetup.slug}/list-checks/{uid}/{secret}"


def claims() -> list[Claim]:
    end_reading()
    return list(db.session.scalars(select(Claim).order_by(Claim.id)))


def desk_of(client: Browser, meetup: Meetup) -> str:
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/list-checks"


def test_a_list_check_is_asked_for_and_followed_on_ones_own_page(client: Browser, meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    said = {
        "name": "김하늘",
        "cohort": str(cohort.id),
        "former_address": "haneul@school.example",
        "more": "2팀",
    }

    asked = submit(client, form_of(meetup), said)
    mine = client.get(asked.location)

    assert asked.status_code == 303
    [found] = claims()
    assert (found.name, found.cohort_id, found.former_address, found.note) == (
        "김하늘",
        cohort.id,
        "haneul@school.example",
        "2팀",
    )
    assert "We're checking the list" in mine.text
    assert "cancel my registration" in mine.text


def test_opening_the_link_asks_for_nothing_and_says_nothing_of_the_list(
    client: Browser, meetup: Meetup
) -> None:
    make_alumnus(meetup.cohorts[0], "김하늘")

    page = client.get(form_of(meetup))

    assert page.status_code == 200
    assert "김하늘" not in page.text
    assert claims() == []


def test_what_was_typed_is_kept_where_something_is_to_be_mended(client: Browser, meetup: Meetup) -> None:
    answer = submit(
        client, form_of(meetup), {"name": "", "former_address": "haneul@@school", "more": "2팀 아무개"}
    )

    assert answer.status_code == 422
    assert 'value="haneul@@school"' in answer.text
    assert "2팀 아무개" in answer.text
    assert "Write your name" in answer.text
    assert claims() == []


def test_the_notice_and_the_questions_are_shown_and_kept(client: Browser, meetup: Meetup) -> None:
    make_notice(meetup)
    make_questions(meetup, make_question("diet", required=True))

    lacking = submit(client, form_of(meetup), {"name": "김하늘"})
    whole = submit(client, form_of(meetup), {"name": "김하늘", "a0-diet": "채식"})

    assert lacking.status_code == 422
    assert whole.status_code == 303
    assert "채식" in client.get(whole.location).text


def test_a_wrong_secret_is_as_good_as_a_missing_proof(client: Browser, meetup: Meetup) -> None:
    path = form_of(meetup)

    assert client.get(f"{path}x").status_code == 404
    assert client.get(f"/m/{meetup.slug}/list-checks/{'0' * 32}/{path.rpartition('/')[2]}").status_code == 404


def test_a_closed_meetup_takes_no_list_checks(client: Browser, meetup: Meetup) -> None:
    path = form_of(meetup)
    meetup_states.close(meetup.id, "account:1")

    assert "<form" not in client.get(path).text.partition("<main")[2].partition("</main")[0]


def test_the_link_opens_nobody_s_ticket_once_it_was_used(client: Browser, meetup: Meetup) -> None:
    path = form_of(meetup)
    target, form = shown_form(client, path)
    sent = form.fields | {"name": "김하늘"}
    asked = client.post(target, data=sent)
    claim_decisions.link(claims()[0].registration_id, make_alumnus(meetup.cohorts[0]).id, "account:1")

    for again in (
        client.get(path),
        client.post(target, data=sent),
        client.post(target, data=sent | {"name": ""}),
    ):
        assert "/r/" not in again.text.partition("<main")[2]
        assert "location" not in again.headers
        assert "You asked already; the way to it is in the mail that we sent you then." in again.text
    assert "/r/" in asked.location


def test_an_organizer_sees_the_likely_and_links_one_with_a_press(client: Browser, meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    make_alumnus(cohort, "김하늘", "haneul@school.example")
    asking = claim(meetup, cohort_id=cohort.id, former="haneul@school.example", note="2팀")
    desk = desk_of(client, meetup)

    listed = client.get(desk)
    page = client.get(f"{desk}/{asking.reference}")
    person = page.text.partition('name="person" value="')[2].partition('"')[0]
    done = submit(
        client, f"{desk}/{asking.reference}", {"person": person}, action=f"{desk}/{asking.reference}/link"
    )

    assert "김하늘" in listed.text
    for said in ("haneul@school.example", "2팀", "Same former address", "Same name", "Same cohort"):
        assert said in page.text
    assert done.status_code == 303
    end_reading()
    assert db.session.get_one(Registration, asking.id).status is Status.CONFIRMED
    assert "the ticket is on its way" in client.get(done.location).text


def test_a_name_twice_on_the_list_is_shown_twice_and_nobody_is_chosen(
    client: Browser, meetup: Meetup
) -> None:
    for _ in range(2):
        make_alumnus(meetup.cohorts[0], "김하늘")
    asking = claim(meetup)

    page = client.get(f"{desk_of(client, meetup)}/{asking.reference}")

    assert page.text.count('name="person"') == 2


def test_who_is_registered_already_cannot_be_chosen(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0], "김하늘")
    make_registration(meetup, person)
    asking = claim(meetup)

    page = client.get(f"{desk_of(client, meetup)}/{asking.reference}")

    assert "Registered for this meetup already" in page.text
    assert 'name="person"' not in page.text


def test_a_search_finds_others_on_the_list_and_none_of_another_programme(
    client: Browser, meetup: Meetup
) -> None:
    make_alumnus(meetup.cohorts[0], "박도윤")
    make_alumnus(None, "박도윤")
    asking = claim(meetup)

    page = client.get(f"{desk_of(client, meetup)}/{asking.reference}?q=ㅂㄷㅇ")

    assert page.text.count('name="person"') == 1


def test_a_refusal_wants_a_reason_and_keeps_it_for_the_person(client: Browser, meetup: Meetup) -> None:
    asking = claim(meetup)
    page = f"{desk_of(client, meetup)}/{asking.reference}"

    lacking = submit(client, page, {"reason": " "}, action=f"{page}/refusal")
    done = submit(client, page, {"reason": "3기에 없어요"}, action=f"{page}/refusal")
    mine = client.get(f"/r/{asking.reference}/{personal_links.secret_of(asking)}")

    assert lacking.status_code == 422
    assert done.status_code == 303
    assert "3기에 없어요" in mine.text
    assert "Register again" in mine.text


def test_adding_to_the_list_keeps_what_was_typed_where_the_cohort_is_missing(
    client: Browser, meetup: Meetup
) -> None:
    asking = claim(meetup)
    page = f"{desk_of(client, meetup)}/{asking.reference}"
    typed = {"name": "김하늘", "cohort": "", "reason": "수료증 확인"}

    lacking = submit(client, page, typed, action=f"{page}/entry")
    done = submit(client, page, typed | {"cohort": str(meetup.cohorts[0].id)}, action=f"{page}/entry")

    assert lacking.status_code == 422
    assert "수료증 확인" in lacking.text
    assert "Choose a cohort." in lacking.text
    assert done.status_code == 303


def test_the_desk_says_that_nothing_waits_and_what_was_decided(client: Browser, meetup: Meetup) -> None:
    desk = desk_of(client, meetup)
    assert "No list check is open" in client.get(desk).text
    asking = claim(meetup)
    claim_decisions.refuse(asking.id, "3기에 없어요", "account:1")

    page = client.get(desk)

    assert "Not found: 3기에 없어요" in page.text
    assert "Take back" in page.text


def test_the_overview_tells_of_open_checks(client: Browser, meetup: Meetup) -> None:
    claim(meetup)
    desk = desk_of(client, meetup)

    overview = client.get(desk.removesuffix("/list-checks"))

    assert "They say that they are on the list under another address." in overview.text


def test_a_decided_check_can_only_be_read(client: Browser, meetup: Meetup) -> None:
    asking = claim(meetup)
    page = f"{desk_of(client, meetup)}/{asking.reference}"
    claim_decisions.refuse(asking.id, "3기에 없어요", "account:1")

    shown = client.get(page)

    assert "This list check has been decided already." in shown.text
    assert 'action="' + page not in shown.text


def test_take_back_returns_to_the_list_checks(client: Browser, meetup: Meetup) -> None:
    asking = claim(meetup)
    claim_decisions.refuse(asking.id, "3기에 없어요", "account:1")
    desk = desk_of(client, meetup)
    action = f"{desk.removesuffix('/list-checks')}/applicants/{asking.reference}/reopening"

    done = submit(client, desk, action=action)

    assert done.location.endswith(desk)


def test_the_people_shown_with_a_check_are_noted_as_looked_at(client: Browser, meetup: Meetup) -> None:
    likely = make_alumnus(meetup.cohorts[0], "김하늘")
    make_alumnus(meetup.cohorts[0], "박도윤")
    asking = claim(meetup)

    client.get(f"{desk_of(client, meetup)}/{asking.reference}")

    end_reading()
    looks = select(AuditEntry.act, AuditEntry.subject).where(AuditEntry.act.endswith(".viewed"))
    assert {tuple(row) for row in db.session.execute(looks)} == {
        ("attendee.viewed", f"registration:{asking.id}"),
        ("person.viewed", f"person:{likely.id}"),
    }


def test_an_attendee_s_page_leads_to_the_open_check_and_offers_no_cancelling(
    client: Browser, meetup: Meetup
) -> None:
    asking = claim(meetup, cohort_id=meetup.cohorts[0].id)
    desk = desk_of(client, meetup)

    page = client.get(f"{desk.removesuffix('/list-checks')}/attendees/{asking.reference}")

    assert f'href="{desk}/{asking.reference}"' in page.text
    assert "List check opened" in page.text
    for absent in ("Cancel this registration", "Walk-in, not verified", "This person on the roster"):
        assert absent not in page.text


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "you get a seat, or your place on the waitlist, at once"),
        ({"mode": Mode.APPROVAL}, "you are among the applicants"),
        ({"mode": Mode.DRAW, "draw_until": now() + dt.timedelta(days=1)}, "while people can enter the draw"),
    ],
)
def test_an_open_check_promises_what_the_meetup_gives(
    client: Browser, meetup: Meetup, fields: dict[str, Any], expected: str
) -> None:
    asking = claim(meetup)
    with transaction() as session:
        for name, value in fields.items():
            setattr(session.get_one(Meetup, meetup.id), name, value)
    mine = f"/r/{asking.reference}/{personal_links.secret_of(asking)}"

    page = client.get(mine)
    meetup_states.close(meetup.id, "account:1")
    closed = client.get(mine)

    assert expected in page.text
    assert "you can ask again" in page.text
    assert "you can ask again" not in closed.text
