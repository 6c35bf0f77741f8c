"""The host's list in the browser: a file or a paste, both sides, noted, compared anew, and taken back."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import db, end_reading
from app.domain.hosting.matching import HostListed
from app.models import AuditEntry, Meetup, Person, Program, Registration, Role, RosterUpload
from app.services.alumni import roster_uploads
from app.services.registering import registrations
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit

LIST = "이름,이메일\n김하나,HANA@example.com\n박두리,another@example.com\n모르는이,stranger@example.com\n"
OURS = {"김하나": "hana@example.com", "박두리": "duri@example.com", "이세나": "sena@example.com"}
THEIRS = "stranger@example.com"


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program()
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program, cohorts=[cohort], host_event_ko="큰 학회", host_event_en="A conference")
    for name, address in OURS.items():
        make_registration(meetup, make_alumnus(cohort, name, address), cohort=cohort)
    sign_in(client, make_member(program, Role.ORGANIZER))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return meetup


def here(meetup: Meetup) -> str:
    slug = db.session.get_one(Program, meetup.program_id).slug
    end_reading()
    return f"/desk/{slug}/meetups/{meetup.slug}/host-list"


def upload(client: Browser, meetup: Meetup, text: str = LIST) -> TestResponse:
    fields = {"file": (io.BytesIO(text.encode()), "theirs.csv")}
    return submit(client, here(meetup), fields, content_type="multipart/form-data")


def note(client: Browser, page: str, **fields: list[str] | str) -> TestResponse:
    return submit(client, page, fields, action=f"{page}/application")


def known(meetup: Meetup) -> dict[str, HostListed | None]:
    end_reading()
    query = select(Person.name, Registration.host_listed)
    query = query.join(Registration, Registration.person_id == Person.id)
    return dict(db.session.execute(query.where(Registration.meetup_id == meetup.id)).all())


def reference_of(name: str) -> str:
    end_reading()
    query = select(Registration.reference).join(Person, Person.id == Registration.person_id)
    return db.session.scalars(query.where(Person.name == name)).one()


def uploads() -> int:
    end_reading()
    return len(db.session.scalars(select(RosterUpload)).all())


def test_a_file_is_looked_at_and_then_noted(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup).location
    preview = client.get(page).text
    before = known(meetup)
    done = note(client, page)
    after = client.get(done.location).text

    assert set(before.values()) == {None}
    for told in ("이세나", THEIRS, "On their list: 박두리, another@example.com", "Cohort 3"):
        assert told in preview
    assert done.status_code == 303
    assert known(meetup) == {
        "김하나": HostListed.LISTED,
        "박두리": HostListed.UNSURE,
        "이세나": HostListed.NOT_LISTED,
    }
    assert uploads() == 0
    assert "이세나" in after
    assert THEIRS not in after
    assert client.get(page).status_code == 303


def test_addresses_are_pasted_and_the_answer_stands_with_the_attendee(
    client: Browser, meetup: Meetup
) -> None:
    done = submit(client, here(meetup), {"paste": "hana@example.com\nstranger@example.com\n"})
    note(client, done.location)

    assert known(meetup)["김하나"] is HostListed.LISTED
    attendees = here(meetup).replace("host-list", "attendees")
    theirs = client.get(f"{attendees}/{reference_of('박두리')}").text
    assert HostListed.NOT_LISTED is known(meetup)["박두리"]
    assert "Not on the host" in theirs
    assert here(meetup) in client.get(attendees).text


def test_who_is_ticked_counts_as_listed_and_stays_ticked_the_next_time(
    client: Browser, meetup: Meetup
) -> None:
    note(client, upload(client, meetup).location, confirmed=[reference_of("박두리")])
    assert known(meetup)["박두리"] is HostListed.LISTED

    again = client.get(upload(client, meetup).location).text

    box = again.split(f'value="{reference_of("박두리")}"')[1].split(">")[0]
    assert "checked" in box


def test_a_new_list_replaces_the_last_one_and_pressing_twice_takes_one_back(
    client: Browser, meetup: Meetup
) -> None:
    note(client, upload(client, meetup).location)
    note(client, upload(client, meetup, "이름,이메일\n이세나,sena@example.com\n").location)
    assert known(meetup)["이세나"] is HostListed.LISTED
    page, action = here(meetup), f"{here(meetup)}/undo"
    number = client.get(page).text.split('name="comparison" value="')[1].split('"')[0]

    submit(client, page, {}, action=action)
    assert known(meetup)["이세나"] is HostListed.NOT_LISTED
    submit(client, page, {"comparison": number}, action=action)
    told = client.get(page).text

    assert known(meetup)["이세나"] is HostListed.NOT_LISTED
    assert "There is no comparison to take back." in told
    submit(client, page, {}, action=action)
    assert set(known(meetup).values()) == {None}


def test_a_second_press_while_it_is_noted_notes_nothing(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup).location
    client.get(page)
    end_reading()
    with roster_uploads.busy(db.session.scalars(select(RosterUpload.id)).one()):
        refused = note(client, page)

    assert "is being brought in at this moment" in client.get(refused.location).text
    assert (set(known(meetup).values()), uploads()) == ({None}, 1)
    assert note(client, page).status_code == 303
    assert (known(meetup)["이세나"], uploads()) == (HostListed.NOT_LISTED, 0)


def test_one_side_is_a_workbook_with_a_reason(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup).location
    refused = submit(client, page, {"group": "theirs", "reason": ""}, action=f"{page}/file")
    file = submit(client, page, {"group": "theirs", "reason": "호스트에게 묻기"}, action=f"{page}/file")

    assert refused.status_code == 422
    assert "Write what the file is for." in refused.text
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
    assert sheet
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [None, None, None, "모르는이", THEIRS]
    ]
    end_reading()
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "host_list.exported")).all()
    assert (entry.reason, entry.details["group"], entry.details["rows"]) == ("호스트에게 묻기", "theirs", 1)


def test_what_is_no_list_is_refused_with_what_was_typed(client: Browser, meetup: Meetup) -> None:
    empty = submit(client, here(meetup), {})
    pdf = upload(client, meetup, "%PDF-1.7")
    page = upload(client, meetup, "하나,둘\n셋,넷\n").location

    assert (empty.status_code, pdf.status_code) == (422, 422)
    assert "Which column holds the addresses" in client.get(page).text
    assert set(known(meetup).values()) == {None}


def test_columns_that_it_did_not_know_are_chosen(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup, "가,나\n김하나,hana@example.com\n").location
    asked = client.get(page).text
    basis = asked.split('name="basis" value="')[1].split('"')[0]
    query = f"basis={basis}&sheet=0&header_row=1&delimiter=,&col_name=0&col_address=1"

    chosen = f"{page}?{query}"
    submit(client, chosen, {}, action=f"{page}/application")

    assert known(meetup)["김하나"] is HostListed.LISTED


def test_the_file_is_destroyed_when_somebody_says_so(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup).location
    submit(client, page, {}, action=f"{page}/removal")

    assert uploads() == 0
    assert set(known(meetup).values()) == {None}


def test_who_registered_since_is_told_apart_and_who_left_is_not_listed(
    client: Browser, meetup: Meetup
) -> None:
    note(client, upload(client, meetup).location)
    gone = db.session.scalars(select(Registration).where(Registration.reference == reference_of("이세나")))
    registrations.cancel(gone.one().id)
    make_registration(meetup, make_alumnus(meetup.cohorts[0], "나중에"))

    page = client.get(here(meetup)).text

    assert "Registered since, not compared yet" in page
    assert "나중에" in page
    assert "이세나" not in page


def test_the_pages_are_in_korean_too(client: Browser, meetup: Meetup) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko"
    start, page = client.get(here(meetup)).text, upload(client, meetup).location
    preview = client.get(page).text
    note(client, page)

    assert "명단 대조하기" in start
    assert "같은 사람인가요?" in preview
    assert "큰 행사 명단에 없음" in client.get(here(meetup)).text


@pytest.mark.parametrize("who", ["viewer", "staff", "organizer of this meetup alone"])
def test_nobody_but_an_organizer_of_the_programme_comes_near(
    client: Browser, meetup: Meetup, who: str
) -> None:
    page = upload(client, meetup).location
    note(client, page)
    program = db.session.get_one(Program, meetup.program_id)
    made = {
        "viewer": lambda: make_member(program, Role.VIEWER),
        "staff": lambda: make_member(program, Role.DOOR),
        "organizer of this meetup alone": lambda: make_helper(meetup, Role.ORGANIZER),
    }
    sign_in(client, made[who]())

    for answer in (client.get(here(meetup)), client.get(page), client.post(f"{here(meetup)}/undo")):
        assert answer.status_code in {400, 403}
        assert "이세나" not in answer.text
    assert known(meetup)["이세나"] is HostListed.NOT_LISTED
    assert here(meetup) not in client.get(here(meetup).replace("host-list", "attendees")).text


def test_an_upload_is_its_owners_alone(client: Browser, meetup: Meetup) -> None:
    page = upload(client, meetup).location
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id), Role.ORGANIZER))
    assert client.get(page).status_code == 404
    sign_in(client, make_account())
    assert client.get(here(meetup)).status_code == 404
