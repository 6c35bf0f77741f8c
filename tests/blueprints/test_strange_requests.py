"""Requests that no person makes: NUL characters and numbers beyond any database."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DataError

from app.db import db
from app.models import Meetup, Program, Role
from tests.factories import make_cohort, make_meetup, make_member, sign_in
from tests.support.client import csrf

HUGE = "9" * 25


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort(ordinal=1)])


@pytest.fixture
def desk(client: Any, meetup: Meetup) -> str:
    program = db.session.get_one(Program, meetup.program_id)
    sign_in(client, make_member(program, Role.OWNER))
    return f"/desk/{program.slug}"


@pytest.mark.parametrize("path", ["/m/foo%00bar", "/m/foo%00/calendar.ics", "/r/a%00/b", "/T/%00"])
def test_an_address_with_a_nul_is_no_address(client: Any, path: str):
    assert client.get(path).status_code == 404


def test_a_query_or_a_form_with_a_nul_is_refused(client: Any, desk: str, meetup: Meetup):
    token = csrf(client, f"{desk}/settings")
    form = {"csrf_token": token, "name_ko": "부트\0캠프", "slug": "bootcamp", "alumni_term": "동문"}

    assert client.post(f"{desk}/settings", data=form).status_code == 400
    assert client.get(f"{desk}/meetups/{meetup.slug}/attendees?q=%00").status_code == 400


def test_json_loses_its_nul_and_nothing_else(app: Flask):
    assert app.json.loads(rb'{"a": "x\u0000y", "b": "\\u0000", "c": "\\\u0000z"}') == {
        "a": "xy",
        "b": "\\u0000",
        "c": "\\z",
    }


@pytest.mark.parametrize(
    "path",
    [
        f"/imports/{HUGE}",
        f"/cohorts/{HUGE}",
        f"/cohorts/{'9' * 5000}",
    ],
)
def test_an_id_beyond_all_ids_is_not_found(client: Any, desk: str, path: str):
    assert client.get(desk + path).status_code == 404


@pytest.mark.parametrize("path", ["/people/{}/role", "/meetups/{slug}/door/devices/{}/revocation"])
def test_nor_can_anything_be_done_to_it(client: Any, desk: str, meetup: Meetup, path: str):
    token = csrf(client, f"{desk}/settings")

    sent = client.post(desk + path.format(HUGE, slug=meetup.slug), data={"csrf_token": token})

    assert sent.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/meetups/{slug}/attendees?start={n}",
        "/meetups/{slug}/attendees?start=-{n}",
        "/meetups/{slug}/attendees?cohort={n}",
        "/imports?before={n}",
        "/rosters/new?cohort={n}",
        "/cohorts/1?page={n}",
        "/cohorts/1?page=-5",
    ],
)
@pytest.mark.parametrize("number", [HUGE, "9" * 5000, "2147483648", "٣"])
def test_a_number_that_cannot_be_is_as_if_not_given(
    client: Any, desk: str, meetup: Meetup, path: str, number: str
):
    assert client.get(desk + path.format(slug=meetup.slug, n=number)).status_code == 200


def test_what_no_column_holds_is_the_senders_fault(app: Flask):
    """PostgreSQL refuses such a text with this error; SQLite would hold it."""
    refused = DataError("SELECT", {}, ValueError("a NUL"))

    with app.test_request_context("/"):
        answer = app.make_response(app.handle_user_exception(refused))

    assert answer.status_code == 400
