"""Bringing an edited list back, at the desk."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.models import Meetup, Person, Program, Registration, Role, RosterUpload
from app.services.alumni import roster_uploads
from app.services.personal import erasure
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

pytestmark = pytest.mark.one_database


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program()
    cohort = make_cohort(program, 1)
    meetup = make_meetup(program)
    for name in ("김하나", "박두리"):
        make_registration(meetup, make_alumnus(cohort, name), cohort=cohort)
    sign_in(client, make_member(program, Role.ORGANIZER))
    return meetup


def desk(meetup: Meetup, page: str = "edited-list") -> str:
    program = db.session.get_one(Program, meetup.program_id)
    return f"/desk/{program.slug}/meetups/{meetup.slug}/{page}"


def exported(client: Browser, meetup: Meetup) -> str:
    order = {"kind": "csv", "columns": ["name", "status", "note", "mark"], "reason": "고치기"}
    return submit(client, desk(meetup, "export"), order).data.decode("utf-8-sig")


def uploaded(client: Browser, meetup: Meetup, text: str) -> str:
    """The address of the page that shows what would change."""
    file: Any = FileStorage(io.BytesIO(text.encode("utf-8-sig")), "edited.csv")
    answer = submit(client, desk(meetup), {"file": file})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_every_file_carries_the_registration_number(client: Browser, meetup: Meetup) -> None:
    answer = submit(client, desk(meetup, "export"), {"kind": "csv", "columns": ["name"], "reason": "명찰"})

    assert answer.data.decode("utf-8-sig").splitlines()[0] == "Registration number,Name"


def test_an_edit_is_shown_as_old_and_new_and_changes_nothing_yet(client: Browser, meetup: Meetup) -> None:
    text = exported(client, meetup).replace("김하나", "김하니")

    page = client.get(uploaded(client, meetup, text)).text

    assert "김하니" in page
    assert "Change 1 row" in page
    assert db.session.query(Person).filter_by(name="김하니").count() == 0


def test_bringing_it_in_changes_it_and_offers_the_way_back(client: Browser, meetup: Meetup) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))

    answer = submit(client, page, {"reason": "전화로 확인"}, action=f"{page}/application")

    assert answer.status_code == 303
    after = client.get(answer.location).text
    assert "1 row is changed." in after
    assert "Look at what would be taken back" in after
    assert db.session.query(Person).filter_by(name="김하니").count() == 1


def test_without_a_reason_nothing_changes(client: Browser, meetup: Meetup) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))

    answer = submit(client, page, {"reason": " "}, action=f"{page}/application")

    assert answer.status_code == 422
    assert "Write the reason." in answer.text


def test_a_file_without_numbers_is_told_so(client: Browser, meetup: Meetup) -> None:
    page = client.get(uploaded(client, meetup, "이름,이메일\n김하나,hana@example.com\n"))

    assert "Registration number" in page.text
    assert page.status_code == 200


def test_columns_that_are_not_read_are_named(client: Browser, meetup: Meetup) -> None:
    lines = exported(client, meetup).splitlines()
    text = "\n".join([lines[0] + ",My own column", *(f"{line},x" for line in lines[1:])])

    page = client.get(uploaded(client, meetup, text)).text

    assert "Not read: My own column." in page
    assert "Nothing is left to change" in page


def test_a_row_that_cannot_be_brought_in_says_why(client: Browser, meetup: Meetup) -> None:
    text = exported(client, meetup).replace("Confirmed", "Perhaps", 1)

    page = client.get(uploaded(client, meetup, text)).text

    assert "Perhaps" in page
    assert "We know no such status." in page


def test_somebody_elses_upload_is_nobodys(client: Browser, meetup: Meetup, app: Flask) -> None:
    page = uploaded(client, meetup, exported(client, meetup))
    other = app.test_client()
    sign_in(other, make_member(db.session.get_one(Program, meetup.program_id), Role.ORGANIZER))

    assert other.get(page).status_code == 404


def test_a_closed_tab_loses_no_way_back(client: Browser, meetup: Meetup) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))
    submit(client, page, {"reason": "전화로 확인"}, action=f"{page}/application")

    listed = client.get(desk(meetup)).text

    assert "1 row, brought in at" in listed
    (back,) = re.findall(r'href="([^"]*/edited-list/[^"]+)"', listed)
    assert "This is the way back" in client.get(back).text
    submit(client, back, {"reason": "잘못 고침"}, action=f"{back}/application")
    assert db.session.query(Person).filter_by(name="김하나").count() == 1


def test_the_history_says_why_and_what_was_corrected(client: Browser, meetup: Meetup) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))
    submit(client, page, {"reason": "학교에 전화로 확인"}, action=f"{page}/application")
    (row,) = db.session.scalars(select(Registration).join(Person).where(Person.name == "김하니"))

    told = client.get(desk(meetup, f"attendees/{row.reference}")).text

    assert "Corrected by an edited list" in told
    assert "Name: 김하나 → 김하니" in told
    assert "학교에 전화로 확인" in told


def test_what_differs_from_the_preview_is_shown_anew(client: Browser, meetup: Meetup) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))
    _, form = form_of(client, page, f"{page}/application")
    with transaction() as session:
        session.scalars(select(Person).where(Person.name == "김하나")).one().name = "김두나"

    answer = client.post(f"{page}/application", data={**form.fields, "reason": "전화로 확인", "over": "y"})

    assert answer.status_code == 422
    assert "This is what would change now." in answer.text
    assert "김두나" in answer.text
    assert db.session.query(Person).filter_by(name="김하니").count() == 0


def test_a_second_press_meanwhile_changes_nothing(client: Browser, meetup: Meetup) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))
    upload = db.session.scalars(select(RosterUpload.id)).one()

    with roster_uploads.busy(upload):
        answer = submit(client, page, {"reason": "전화로 확인"}, action=f"{page}/application")

    assert answer.status_code == 422
    assert "being brought in at this moment" in answer.text
    assert db.session.query(Person).filter_by(name="김하니").count() == 0


def test_erasing_one_of_them_destroys_the_list_and_its_way_back(
    client: Browser, meetup: Meetup, app: Flask
) -> None:
    page = uploaded(client, meetup, exported(client, meetup).replace("김하나", "김하니"))
    submit(client, page, {"reason": "전화로 확인"}, action=f"{page}/application")
    kept = db.session.scalars(select(RosterUpload.reference)).all()
    assert len(kept) == 2
    person = db.session.scalars(select(Person.id).where(Person.name == "박두리")).one()
    end_reading()

    erasure.erase(person, "account:1", Asked.MAIL)

    folder = app.config["SETTINGS"].DATA_DIR / "incoming"
    assert not any((folder / reference).exists() for reference in kept)
    assert client.get(page).status_code == 404
