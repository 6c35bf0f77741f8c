"""The attendee list and its export at the desk."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from flask import Flask

from app.db import db
from app.domain.registering.registrations import Status
from app.models import Meetup, Program, Role
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program()
    cohort = make_cohort(program, 1)
    meetup = make_meetup(program, title_ko="동문의 밤", title_en="Alumni night")
    for name, status in (("김하나", Status.CONFIRMED), ("박두리", Status.WAITLISTED)):
        make_registration(meetup, make_alumnus(cohort, name), status=status, cohort=cohort)
    sign_in(client, make_member(program, Role.ORGANIZER))
    return meetup


def desk(meetup: Meetup, page: str) -> str:
    program = db.session.get_one(Program, meetup.program_id)
    return f"/desk/{program.slug}/meetups/{meetup.slug}/{page}"


def test_the_list_shows_everyone_current_with_state_and_place(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk(meetup, "attendees")).text

    assert "김하나" in page
    assert "박두리" in page


def test_a_filter_in_the_address_is_the_view(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk(meetup, "attendees?status=waitlisted&q=ㅂㄷㄹ")).text

    assert "박두리" in page
    assert "김하나" not in page


def test_a_search_that_finds_nobody_says_so_and_offers_everyone(client: Browser, meetup: Meetup) -> None:
    page = client.get(desk(meetup, "attendees?q=zzzz")).text

    assert "Nobody fits" in page
    assert "Show everyone" in page


def test_an_export_without_a_reason_is_asked_for_one_and_keeps_the_choices(
    client: Browser, meetup: Meetup
) -> None:
    answer = submit(client, desk(meetup, "export"), {"kind": "csv", "columns": ["name"], "reason": ""})

    assert answer.status_code == 422
    assert "Write what the file is for." in answer.text


@pytest.mark.parametrize(("kind", "media"), [("csv", "text/csv; charset=utf-8"), ("xlsx", XLSX)])
def test_a_file_comes_with_a_korean_name_that_every_browser_takes(
    client: Browser, meetup: Meetup, kind: str, media: str
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko"

    answer = submit(client, desk(meetup, "export"), {"kind": kind, "reason": "명찰"})

    assert answer.content_type == media
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert unquote(answer.headers["Content-Disposition"]).endswith(f"동문의 밤 참석자 명단.{kind}")


def test_a_viewer_gets_no_list_and_no_file(client: Browser, meetup: Meetup, app: Flask) -> None:
    viewer = app.test_client()
    sign_in(viewer, make_member(db.session.get_one(Program, meetup.program_id), Role.VIEWER))

    answers = [viewer.get(desk(meetup, page)) for page in ("attendees", "export")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "김하나" not in answers[0].text
