"""One's own data: behind a fresh code, whole, and nobody else's."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.blueprints.rsvp import own_data_words
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.seating.pools import GuestRole
from app.models import AuditEntry, DeviceRole, Meetup, PersonPhone, Registration, RosterEntry
from app.services.organizing import desk_notes, tags
from app.services.personal import own_data
from app.services.registering import answers
from app.services.seating import reserved_seats
from tests.factories import (
    code_of,
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_question,
    make_questions,
    make_registration,
)
from tests.support.claiming import claim
from tests.support.client import Browser, submit
from tests.support.door import Phone, scan
from tests.support.fresh import path_of, prove_at
from tests.support.registering import register

NAME, ADDRESS = "한빛누리", "bitnuri@example.com"
OTHERS = "김남남"


@pytest.fixture
def held(app: Flask) -> Registration:
    """Somebody of whom every part of the house knows something, beside somebody else of whom it does, too."""
    cohort = make_cohort(None, 3)
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    make_notice(meetup, consents=(make_consent("photos"),))
    make_questions(meetup, make_question("q1"))
    person, other = make_alumnus(cohort, NAME, ADDRESS), make_alumnus(cohort, OTHERS, "others@example.com")
    with transaction() as session:
        session.add(
            PersonPhone(person_id=person.id, number="010-7777-4321", digits="01077774321", last_four="4321")
        )
        entry = session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one()
        entry.note, entry.certificate = "장학생", "A-17"
    reserved_seats.assign(meetup.id, person.id, GuestRole.SPEAKER, "account:1")
    held = register(meetup, person, "photos", q1="갑각류를 못 먹어요")
    register(meetup, other, q1="남의 답변")
    answers.change(
        held.id, {0: {"q1": ["아무거나 먹어요"]}}, shown=1, seen=answers.standing(held, at_desk=False)
    )
    with transaction() as session:
        row = session.get_one(Registration, held.id)
        row.arrival_alert, row.companions, row.companion_names = "VIP: 잘 모실 것", 1, ["김동행"]
    tags.change(meetup.id, [held.id], "account:1", add=["연사"])
    desk_notes.save(held.id, "앞자리로", "account:1")
    came = scan(code=code_of(held))
    Phone(app, meetup, DeviceRole.SUPERVISE, gate="정문").send(came)
    end_reading()
    return db.session.get_one(Registration, held.id)


def files_of(answer: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def taken(client: Browser, held: Registration) -> dict[str, str]:
    page = f"{path_of(held)}/download"
    prove_at(client, page)
    answer = submit(client, page, {}, action=page)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    return files_of(answer)


def test_the_file_holds_everything_of_this_person(client: Browser, held: Registration) -> None:
    data = json.loads(taken(client, held)["my-data.json"])

    assert (data["format"], data["name"]) == (1, NAME)
    assert [each["address"] for each in data["addresses"]] == [ADDRESS]
    assert [each["number"] for each in data["phones"]] == ["010-7777-4321"]
    (entry,) = data["roster_entries"]
    assert (entry["cohort"], entry["completed"], entry["note"], entry["certificate"]) == (
        3,
        True,
        "장학생",
        "A-17",
    )
    assert [each["reserved_as"] for each in data["reserved_seats"]] == ["speaker"]
    (one,) = data["registrations"]
    assert (one["state"], one["number"], one["address"]) == ("confirmed", held.reference, ADDRESS)
    assert [(each["before"], each["after"], each["by"]) for each in one["history"]] == [
        (None, "confirmed", "you")
    ]
    assert (one["tags"], [each["note"] for each in one["notes"]]) == (["연사"], ["앞자리로"])
    given = [each["said"][0]["answer"] for each in one["answers"]]
    assert given == ["갑각류를 못 먹어요", "아무거나 먹어요"]
    (consent,) = one["consents"]
    assert (consent["given"], consent["text_version"]) == (True, 1)
    assert [(each["kind"], each["verdict"], each["gate"]) for each in one["door"]] == [
        ("entry", "ok", "정문")
    ]
    assert [(each["kind"], each["fate"]) for each in one["mails"]] == [
        ("registration_confirmed", "queued"),
        ("fresh_code", "queued"),
    ]


def test_nothing_of_others_and_no_word_that_only_organizers_see(client: Browser, held: Registration) -> None:
    text = "".join(taken(client, held).values())

    assert [word for word in (OTHERS, "others@", "남의 답변", "잘 모실", code_of(held)) if word in text] == []


def test_the_readable_page_says_the_same_in_words(client: Browser, held: Registration) -> None:
    page = f"{path_of(held)}/download"
    prove_at(client, page)

    for text in (client.get(page).text, files_of(submit(client, page, {}, action=page))["my-data.html"]):
        for word in (
            NAME,
            "장학생",
            "갑각류를 못 먹어요",
            "Version of the text",
            "김동행",
            "앞자리로",
            "Seat confirmed",
            "let in",
            "정문",
        ):
            assert word in text, word


def test_the_link_alone_shows_and_gives_nothing(app: Flask, client: Browser, held: Registration) -> None:
    page, other = f"{path_of(held)}/download", app.test_client()
    prove_at(client, page)

    shown = other.get(page)
    submit(other, page, {}, action=f"{page}/codes")
    token = other.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    given = other.post(page, data={"csrf_token": token})

    assert "장학생" not in shown.text
    assert (given.status_code, given.mimetype) == (422, "text/html")


def test_a_code_to_download_does_not_erase(client: Browser, held: Registration) -> None:
    prove_at(client, f"{path_of(held)}/download")

    assert 'name="confirm_name"' not in client.get(f"{path_of(held)}/erasure").text


def test_taking_it_away_leaves_an_entry_in_the_audit_trail(client: Browser, held: Registration) -> None:
    taken(client, held)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "person.downloaded")).one()
    assert (entry.actor, entry.subject, entry.details) == ("person", f"person:{held.person_id}", {})


def test_every_key_has_its_words(app: Flask, held: Registration) -> None:
    """Also those of a list check, a draw and what is handed out, which this person has not."""
    meetup: Meetup = held.meetup
    checked = claim(meetup, "new@example.com", name="이새날", cohort_id=held.cohort_id, note="2팀")

    for person_id in (held.person_id, checked.person_id):
        assert (
            keys_of(own_data.collect(person_id, "ko"))
            <= own_data_words.LABELS.keys() | own_data_words.WITHOUT
        )


def keys_of(found: Any) -> set[str]:
    if isinstance(found, list):
        return set().union(*map(keys_of, found))
    if isinstance(found, dict):
        return set(found).union(*map(keys_of, found.values()))
    return set()


def test_a_link_tells_of_its_own_meetup_and_the_code_of_all_of_them(client: Browser) -> None:
    """A link may have been forwarded."""
    cohort = make_cohort()
    person, day = make_alumnus(cohort), dt.timedelta(days=1)
    missed, came = (
        make_meetup(cohorts=[cohort], starts_at=now() - at * day, ends_at=now() - (at - 1) * day)
        for at in (9, 3)
    )
    make_registration(missed, make_alumnus(cohort), admitted_at=missed.starts_at)
    make_registration(missed, person)
    held = make_registration(came, person, admitted_at=came.starts_at)

    page = client.get(path_of(held)).text
    data = json.loads(taken(client, held)["my-data.json"])

    assert ("Came" in page, "Did not come" in page) == (True, False)
    assert [each["attendance"] for each in data["attended"]] == ["came", "no_show"]
    assert "did not come" in client.get(f"{path_of(held)}/download").text
