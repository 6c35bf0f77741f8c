"""The attendee list and its export at the desk."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

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
from tests.support.client import Browser, form_of, submit

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


def test_a_workbook_by_cohort_is_told_from_a_plain_one_by_its_name(client: Browser, meetup: Meetup) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko"
    chosen = {"kind": "xlsx", "reason": "명찰", "sheets": "cohorts"}

    answer = submit(client, desk(meetup, "export"), chosen)

    assert unquote(answer.headers["Content-Disposition"]).endswith("동문의 밤 참석자 명단(기수별).xlsx")


def test_a_viewer_gets_no_list_and_no_file(client: Browser, meetup: Meetup, app: Flask) -> None:
    viewer = app.test_client()
    sign_in(viewer, make_member(db.session.get_one(Program, meetup.program_id), Role.VIEWER))

    answers = [viewer.get(desk(meetup, page)) for page in ("attendees", "export")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "김하나" not in answers[0].text


def kept_as(client: Browser, meetup: Meetup, fields: dict[str, Any]) -> TestResponse:
    """The export's form, sent by its other button."""
    _, form = form_of(client, desk(meetup, "export"), None)
    return client.post(desk(meetup, "export/sets"), data={**form.fields, **fields})


def test_kept_columns_are_there_for_the_next_export_of_the_programme(client: Browser, meetup: Meetup) -> None:
    kept = kept_as(client, meetup, {"columns": ["name", "tags"], "set_name": "명찰"})
    other = make_meetup(db.session.get_one(Program, meetup.program_id))

    assert kept.status_code == 303
    page = client.get(desk(other, "export")).text
    assert "명찰" in page
    answer = submit(client, kept.location, {"kind": "csv", "reason": "명찰"})
    assert answer.data.decode("utf-8-sig").splitlines()[0] == "Registration number,Name,Tags"


def test_the_default_columns_are_ticked_until_they_are_no_default_or_gone(
    client: Browser, meetup: Meetup
) -> None:
    kept = kept_as(client, meetup, {"columns": ["tags"], "set_name": "태그"}).location
    one = desk(meetup, f"export/sets/{kept.rpartition('=')[2]}")

    submit(client, kept, {}, action=f"{one}/default")
    answer = submit(client, desk(meetup, "export"), {"kind": "csv", "reason": "명찰"})
    assert answer.data.decode("utf-8-sig").splitlines()[0] == "Registration number,Tags"
    assert submit(client, kept, {"set_name": "꼬리표"}, action=f"{one}/name").status_code == 303
    assert "꼬리표" in client.get(desk(meetup, "export?set=none")).text
    assert submit(client, kept, {}, action=f"{one}/removal").status_code == 303
    assert "꼬리표" not in client.get(desk(meetup, "export")).text


def test_columns_without_a_name_are_not_kept_and_stay_ticked(client: Browser, meetup: Meetup) -> None:
    answer = kept_as(client, meetup, {"columns": ["tags"], "set_name": " "})

    assert answer.status_code == 422
    assert "Write a name for these columns." in answer.text
    assert (
        'value="tags" checked' in answer.text
        or 'checked id="columns' in answer.text
        or "checked" in answer.text
    )


@pytest.mark.parametrize("fields", [{"kind": "json"}, {"kind": "xlsx", "sheets": "cohorts"}])
def test_json_and_sheets_for_each_cohort_are_orders_like_others(
    client: Browser, meetup: Meetup, fields: dict[str, str]
) -> None:
    answer = submit(client, desk(meetup, "export"), {"reason": "명찰", "statuses": ["confirmed"], **fields})

    assert answer.status_code == 200
    assert len(answer.data) > 100
