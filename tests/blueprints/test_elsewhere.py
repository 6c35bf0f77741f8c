"""Bringing in the answers of a form in the browser: upload, columns, preview, bring in, the same file again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.db import db, end_reading, transaction
from app.domain.seating.modes import Mode
from app.models import Meetup, Program, Registration, Role
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_program, sign_in
from tests.support.client import Browser, form_of, submit

SAMPLE = Path(__file__).parent.parent / "data/rosters/earlier-form-answers.csv"


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program()
    cohorts = [make_cohort(program, ordinal) for ordinal in (1, 2, 3)]
    sign_in(client, make_member(program, Role.ORGANIZER))
    make_alumnus(cohorts[1], "유규람", "vrphg8907@example.net")
    return make_meetup(program, 1, cohorts=cohorts)


def upload(client: Browser, meetup: Meetup, data: bytes) -> TestResponse:
    page = f"/desk/{meetup_path(meetup)}/elsewhere"
    return submit(client, page, {"file": (io.BytesIO(data), "a.csv")}, content_type="multipart/form-data")


def meetup_path(meetup: Meetup) -> str:
    return f"{db.session.get_one(Program, meetup.program_id).slug}/meetups/{meetup.slug}"


def stored() -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def test_answers_go_from_upload_over_preview_into_the_line(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup, SAMPLE.read_bytes()).location
    preview = client.get(page).text
    before = stored()
    done = client.get(submit(client, page, {}, action=f"{page}/application").location).text
    again = client.get(page).text

    assert before == 0
    assert "유규람" in preview
    assert "June 2023" in preview
    assert stored() > 40
    assert "/list-checks" in done
    assert page.partition("?")[0] in done
    assert "Everything that can come in from this file is here." in again


def test_where_organizers_choose_the_pages_say_that_they_await_a_decision(
    client: Browser, meetup: Meetup
) -> None:
    with transaction() as session:
        session.get_one(Meetup, meetup.id).mode = Mode.APPROVAL
    page = upload(client, meetup, SAMPLE.read_bytes()).location

    preview = client.get(page).text
    done = client.get(submit(client, page, {}, action=f"{page}/application").location).text

    assert "Applies: you decide who gets a seat" in preview
    assert "Waits, in the order of the times" not in preview
    assert "1 awaits your decision" in done
    assert "then bring them in" not in done
    assert "/applicants" in done


def test_an_import_is_taken_back_where_it_is_told(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup, SAMPLE.read_bytes()).location
    done = submit(client, page, {}, action=f"{page}/application").location.partition("?")[0]

    told = client.get(done).text
    offered = client.get(f"/desk/{meetup_path(meetup)}/elsewhere").text
    back = submit(client, done, {}, action=f"{done}/undoing")
    after = client.get(back.location).text
    with_nothing_left = client.get(done).text

    assert "유규람" in told
    assert "Whom it takes back" in told
    assert done in offered
    assert back.status_code == 303
    assert "registrations were taken back. Nobody of them was mailed." in after
    assert "no longer kept" not in after
    assert done not in after
    assert "This import was taken back." in with_nothing_left
    assert "undoing" not in with_nothing_left
    assert stored() == 0


def test_taking_back_says_of_how_many_it_is_no_longer_kept_that_they_cannot_come(
    client: Browser, meetup: Meetup
) -> None:
    data = "타임스탬프,이름,이메일 주소,참석 여부\n2026-01-01 10:00:00,유규람,vrphg8907@example.net,불참".encode()
    page = upload(client, meetup, data).location
    done = submit(client, page, {}, action=f"{page}/application").location.partition("?")[0]
    offered = client.get(done).text

    target, form = form_of(client, done, f"{done}/undoing")
    told, twice = (client.get(client.post(target, data=form.fields).location).text for _ in range(2))

    assert "Take back who can" in offered
    assert "It is no longer kept of 1 person that they can" in told
    assert "0 registrations" not in told
    assert "Nothing was changed." in twice


def test_the_invitations_page_tells_who_cannot_come_and_was_never_invited(
    client: Browser, meetup: Meetup
) -> None:
    data = "타임스탬프,이름,이메일 주소,참석 여부\n2026-01-01 10:00:00,유규람,vrphg8907@example.net,불참".encode()
    page = upload(client, meetup, data).location
    submit(client, page, {}, action=f"{page}/application")

    everybody = client.get(f"/desk/{meetup_path(meetup)}/invitations").text
    saying_no = client.get(f"/desk/{meetup_path(meetup)}/invitations?fate=declined").text

    assert "1 person said elsewhere that they can" in everybody
    assert "Nobody is invited yet" in everybody
    assert "What was sent when" not in everybody
    assert "유규람" not in everybody
    assert "유규람" in saying_no
    assert "Never invited" in saying_no


def test_a_file_without_times_is_asked_for_the_column(client: Browser, meetup: Meetup) -> None:
    page = upload(
        client, meetup, "이름,이메일,언제\n유규람,vrphg8907@example.net,2026. 1. 1".encode()
    ).location

    asked = client.get(page).text
    basis = asked.split('name="basis" value="')[1].split('"')[0]
    answered = client.get(f"{page}?basis={basis}&sheet=0&header_row=1&delimiter=,&col_name=0&col_time=2").text

    assert "Which column says when each answer was sent?" in asked
    assert "유규람" in answered


def test_a_file_that_is_no_list_is_refused_at_once(client: Browser, meetup: Meetup) -> None:
    refused = upload(client, meetup, b"%PDF-1.7")

    assert refused.status_code == 422
