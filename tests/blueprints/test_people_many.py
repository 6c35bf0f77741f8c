"""One act on many people of the table: whom it would touch, the act, and its undo."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain.seating.modes import Mode
from app.models import Meetup, OutboxMail, Program, Registration, Status
from app.services.organizing import bulk, tags
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser
from tests.support.offers import later


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def program(app: Flask, client: Browser) -> Program:
    program = make_program()
    sign_in(client, make_member(program))
    return program


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program)


@pytest.fixture
def people(program: Program, meetup: Meetup) -> list[Registration]:
    """One with a seat, one who is in, one who waits, one who cancelled."""
    named = [make_person(program, name) for name in ("김하나", "이두리", "박세찬", "최네오")]
    states = [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED]
    came = [None, now(), None, None]
    return [
        make_registration(meetup, person, status, admitted_at=at)
        for person, status, at in zip(named, states, came, strict=True)
    ]


@pytest.fixture
def here(program: Program, meetup: Meetup) -> str:
    return f"/desk/{program.slug}/meetups/{meetup.slug}/attendees/many"


def looked(client: Browser, here: str, order: dict[str, Any]) -> dict[str, Any]:
    """The order, as its page sends it."""
    (mark,) = re.findall(r'name="mark" value="([^"]*)"', client.get(here, query_string=order).text)
    return order | {"mark": mark}


def tagged(people: list[Registration]) -> list[list[str]]:
    end_reading()
    found = tags.of_registrations([row.id for row in people])
    return [list(found.get(row.id, [])) for row in people]


def test_the_page_says_whom_it_touches_and_who_is_left_out_and_changes_nothing(
    client: Browser, here: str, people: list[Registration]
) -> None:
    who = "&".join(f"who={row.reference}" for row in people)

    page = client.get(f"{here}?act=cancel&{who}").text

    assert "It concerns 2 people" in page
    assert "김하나" in page
    assert "박세찬" in page
    assert "checked in: undo that first: 1" in page
    assert "already cancelled or expired: 1" in page
    end_reading()
    assert db.session.get_one(Registration, people[0].id).status is Status.CONFIRMED


def test_a_tag_for_all_whom_the_filters_find_is_undone_for_them_alone(
    client: Browser, here: str, meetup: Meetup, people: list[Registration]
) -> None:
    tags.change(meetup.id, [people[0].id], "account:1", add=["연사"])
    order = {"act": "tag", "set_tag": "연사", "everybody": "1", "status": ["confirmed", "waitlisted"]}

    done = client.post(here, data=looked(client, here, order))
    after, told = tagged(people), client.get(done.headers["Location"]).text
    (batch,) = re.findall(r'name="batch" value="([^"]*)"', told)
    back = {"act": "tag", "set_tag": "연사", "batch": batch}
    once, again = (
        client.get(client.post(f"{here}/undo", data=back).headers["Location"]).text for _ in range(2)
    )

    assert done.status_code == 303
    assert after == [["연사"], ["연사"], ["연사"], []]
    assert "2 people got the tag “연사”." in told
    assert "nothing to change: 1" in told
    assert "Undone for 2 people." in once
    assert "Undone for 0 people." in again
    assert tagged(people) == [["연사"], [], [], []]


def test_the_undo_stays_at_this_meetups_table_for_an_hour_or_until_it_is_pressed(
    client: Browser, program: Program, here: str, people: list[Registration]
) -> None:
    other = make_meetup(program)
    table, elsewhere = here.removesuffix("/many"), f"/desk/{program.slug}/meetups/{other.slug}/attendees"
    end_reading()
    order = {"act": "tag", "set_tag": "VIP", "who": [row.reference for row in people[:2]]}

    def offered(page: str) -> list[str]:
        return re.findall(r'name="batch" value="([^"]*)"', client.get(page).text)

    client.post(here, data=looked(client, here, order))
    assert offered(elsewhere) == []
    assert "2 people got the tag “VIP”." in client.get(table).text
    (batch,) = offered(f"{table}?status=confirmed")
    assert "2 people got the tag “VIP”. It can be undone until" in client.get(table).text

    client.post(f"{here}/undo", data={"act": "tag", "set_tag": "VIP", "batch": batch})
    assert offered(table) == []
    assert tagged(people)[:2] == [[], []]

    client.post(here, data=looked(client, here, order))
    assert len(offered(table)) == 1
    with later(dt.timedelta(minutes=59)):
        assert len(offered(table)) == 1
    with later(dt.timedelta(minutes=61)):
        assert offered(table) == []


def test_nobody_undoes_what_somebody_else_did(
    app: Flask, client: Browser, program: Program, here: str, people: list[Registration]
) -> None:
    order = {"act": "tag", "set_tag": "VIP", "who": people[0].reference}
    done = client.post(here, data=looked(client, here, order))
    told = client.get(done.headers["Location"]).text
    (batch,) = re.findall(r'name="batch" value="([^"]*)"', told)
    colleague = app.test_client()
    sign_in(colleague, make_member(program))

    colleague.post(f"{here}/undo", data={"act": "tag", "set_tag": "VIP", "batch": batch})

    assert tagged(people)[0] == ["VIP"]


def test_cancelling_many_tells_each_and_keeps_the_reason(
    client: Browser, here: str, people: list[Registration]
) -> None:
    who = [row.reference for row in people]
    order = looked(client, here, {"act": "cancel", "who": who})

    without_reason = client.post(here, data=order)
    done = client.post(here, data=order | {"reason": "장소가 작아져서"})

    assert (without_reason.status_code, done.status_code) == (422, 303)
    end_reading()
    states = [db.session.get_one(Registration, row.id).status for row in people]
    assert states == [Status.DECLINED, Status.CONFIRMED, Status.DECLINED, Status.CANCELLED]
    mails = db.session.scalars(select(OutboxMail.registration_id).where(OutboxMail.kind.contains("declined")))
    assert sorted(mails) == sorted([people[0].id, people[2].id])


def test_a_list_that_changed_meanwhile_is_looked_at_again(
    client: Browser, here: str, meetup: Meetup, people: list[Registration]
) -> None:
    order = looked(client, here, {"act": "mail", "everybody": "1"})
    make_registration(meetup, status=Status.WAITLISTED)

    answer = client.post(here, data=order)

    assert answer.status_code == 422
    assert "The list has changed meanwhile, and nothing was done." in answer.text
    assert order["mark"] not in answer.text
    assert "It concerns 4 people" in answer.text
    end_reading()
    assert db.session.scalars(select(OutboxMail)).all() == []


def test_more_than_one_at_a_time_can_take_are_refused_before_anything_is_done(
    client: Browser, here: str, people: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_SINGLY", 1)

    answer = client.post(here, data={"act": "mail", "everybody": "1", "mark": ""})

    assert answer.status_code == 422
    assert "more than 1 people at once" in answer.text


def test_strangers_to_the_meetup_are_out_of_reach(
    client: Browser, here: str, program: Program, people: list[Registration]
) -> None:
    other = make_registration(make_meetup(program))

    answer = client.post(here, data={"act": "tag", "set_tag": "x", "who": other.reference, "mark": ""})

    assert answer.status_code == 422
    assert tagged([other]) == [[]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "It concerns 1 person",
                "they take 1 of the 1 that are free",
                "no seat is left for them: they stay where they are: 1",
            ],
        ),
        ("ko", ["1명이 대상이에요", "빈자리 1석 중 1석", "빈자리가 없어 그대로 있음: 1"]),
    ],
)
def test_approving_says_how_far_the_seats_go_and_does_that(
    client: Browser, program: Program, language: str, words: list[str]
) -> None:
    meetup = make_meetup(program, capacity=1, mode=Mode.APPROVAL)
    rows = [make_registration(meetup, status=Status.APPLIED) for _ in range(2)]
    here = f"/desk/{program.slug}/meetups/{meetup.slug}/attendees/many"
    order = {"act": "approve", "everybody": "1"}
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language

    page = client.get(here, query_string=order).text
    done = client.post(here, data=looked(client, here, order))

    assert [each for each in words if each not in page] == []
    assert done.status_code == 303
    end_reading()
    assert [db.session.get_one(Registration, row.id).status for row in rows] == [
        Status.CONFIRMED,
        Status.APPLIED,
    ]
    told = client.get(done.headers["Location"]).text
    assert words[-1] in told
    assert "/undo" not in told


def test_where_everybody_is_left_out_the_page_says_why_and_has_no_button(
    client: Browser, here: str, people: list[Registration]
) -> None:
    page = client.get(here, query_string={"act": "approve", "who": people[0].reference}).text

    assert "It concerns nobody" in page
    assert "already have a seat, or are offered one: 1" in page
    assert "Tick people in the list first" not in page
    assert 'name="mark"' not in page


@pytest.mark.parametrize("act", ["seat", "reissue", "cancel"])
def test_what_people_may_ask_about_later_needs_a_reason(
    client: Browser, here: str, meetup: Meetup, people: list[Registration], act: str
) -> None:
    answer = client.post(here, data=looked(client, here, {"act": act, "everybody": "1"}))

    assert answer.status_code == 422
    assert "Write the reason." in answer.text


def test_the_list_offers_what_somebody_in_it_can_have_done(
    client: Browser, here: str, people: list[Registration]
) -> None:
    page = client.get(here.removesuffix("/many")).text

    (acts,) = re.findall(r'<select[^>]*name="act".*?</select>', page, re.DOTALL)
    assert re.findall(r'value="(\w+)"', acts) == ["tag", "untag", "mail", "seat", "reissue", "cancel"]


def test_cancelled_people_are_brought_back_by_the_undo_which_says_what_it_does(
    client: Browser, here: str, people: list[Registration]
) -> None:
    order = {"act": "cancel", "who": people[2].reference, "reason": "착오"}

    told = client.get(client.post(here, data=looked(client, here, order)).headers["Location"]).text
    (batch,) = re.findall(r'name="batch" value="([^"]*)"', told)
    undone = client.post(f"{here}/undo", data={"act": "cancel", "batch": batch})

    assert "the others in line where they were" in told
    assert "Undone for 1 person." in client.get(undone.headers["Location"]).text
    end_reading()
    assert db.session.get_one(Registration, people[2].id).status is not Status.DECLINED


def test_several_tags_come_with_commas_and_each_keeps_what_they_had_before_when_it_is_undone(
    client: Browser, here: str, meetup: Meetup, people: list[Registration]
) -> None:
    tags.change(meetup.id, [people[0].id], "account:1", add=["스태프"])
    order = {"act": "tag", "set_tag": "스태프, VIP", "who": [row.reference for row in people[:2]]}

    done = client.post(here, data=looked(client, here, order))
    told = client.get(done.headers["Location"]).text

    assert tagged(people)[:2] == [["VIP", "스태프"], ["VIP", "스태프"]]
    assert "2 people got the tag “스태프, VIP”." in told
    (batch,) = re.findall(r'name="batch" value="([^"]*)"', told)
    client.post(f"{here}/undo", data={"act": "tag", "batch": batch})
    assert tagged(people)[:2] == [["스태프"], []]


def test_namesakes_are_told_apart_also_from_those_who_are_not_chosen(
    client: Browser, program: Program
) -> None:
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program, cohorts=[cohort])
    phones = ("010-1111-6666", "010-1111-7777")
    first, _ = (
        make_registration(meetup, make_alumnus(cohort, "장우호"), cohort=cohort, phone=phone)
        for phone in phones
    )
    alone = make_registration(meetup, make_alumnus(cohort, "손영혁"), cohort=cohort, phone="010-1111-8888")
    there = f"/desk/{program.slug}/meetups/{meetup.slug}/attendees/many?act=cancel"

    page = client.get(f"{there}&who={first.reference}&who={alone.reference}").text

    assert "장우호 Cohort 3 ···6666" in page
    assert "손영혁 Cohort 3<" in page
    assert "···7777" not in page
    assert "···8888" not in page


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("mail", "The mail goes to 1 person again."),
        ("reissue", "1 person gets a new ticket."),
        ("cancel", "The registration of 1 person is cancelled."),
    ],
)
def test_what_was_done_is_said(
    client: Browser, here: str, people: list[Registration], act: str, told: str
) -> None:
    order = {"act": act, "reason": "a test", "who": [people[0].reference]}

    done = client.post(here, data=looked(client, here, order))

    assert told in client.get(done.headers["Location"]).text
