"""A large XLSX at the desk: made by the worker, followed on a page, taken by whoever asked."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.db import db, end_reading
from app.models import ExportJob, Meetup, Program, Role
from app.services.organizing import export_jobs, export_making
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_registration, sign_in
from tests.support.client import Browser, submit

pytestmark = pytest.mark.one_database


@pytest.fixture
def meetup(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> Meetup:
    monkeypatch.setattr(export_jobs, "LARGE", 1)
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    for name in ("김하나", "박두리"):
        make_registration(meetup, make_alumnus(cohort, name), cohort=cohort)
    program = db.session.get_one(Program, meetup.program_id)
    sign_in(client, make_member(program, Role.ORGANIZER))
    return meetup


def export(meetup: Meetup) -> str:
    program = db.session.get_one(Program, meetup.program_id)
    return f"/desk/{program.slug}/meetups/{meetup.slug}/export"


def asked(client: Browser, meetup: Meetup, kind: str = "xlsx") -> str:
    answer = submit(client, export(meetup), {"kind": kind, "reason": "명찰"})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_large_workbook_is_followed_on_its_page_and_downloaded_there(
    client: Browser, meetup: Meetup
) -> None:
    page = asked(client, meetup)
    before = client.get(page).text
    export_making.make_next("worker")
    end_reading()
    after = client.get(f"{page}/progress").text

    answer = submit(client, page, action=f"{page}/download")

    assert "waiting for its turn" in before
    assert "The file is ready: 2 rows." in after
    assert len(list(load_workbook(BytesIO(answer.data)).active.iter_rows())) == 3
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_export_page_has_ones_own_files(client: Browser, meetup: Meetup) -> None:
    page = asked(client, meetup)

    assert page in client.get(export(meetup)).text


def test_a_large_csv_comes_at_once(client: Browser, meetup: Meetup) -> None:
    answer = submit(client, export(meetup), {"kind": "csv", "reason": "명찰"})

    assert answer.status_code == 200
    assert db.session.scalars(select(ExportJob)).all() == []


def test_another_organizer_has_neither_page_nor_file(app: Flask, client: Browser, meetup: Meetup) -> None:
    page = asked(client, meetup)
    export_making.make_next("worker")
    other = app.test_client()
    sign_in(other, make_member(db.session.get_one(Program, meetup.program_id), Role.OWNER))

    answers = [other.get(page), other.get(f"{page}/progress")]

    assert [each.status_code for each in answers] == [404, 404]
    assert page not in other.get(export(meetup)).text


def test_a_file_can_be_stopped_and_then_is_not_listed(client: Browser, meetup: Meetup) -> None:
    page = asked(client, meetup)

    answer = submit(client, page, action=f"{page}/cancellation")

    assert answer.status_code == 303
    assert page not in client.get(export(meetup)).text
    assert not export_making.make_next("worker")
