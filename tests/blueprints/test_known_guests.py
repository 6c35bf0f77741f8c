"""Guests who walked in, on their page: an organizer knows them, and puts their name right."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import AuditEntry, Meetup, Person, Registration, Source
from app.services.alumni import people_search
from app.services.door import walk_ins
from app.services.organizing import certificates
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_person,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit

DAY = dt.timedelta(days=1)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort(ordinal=3)])


def walked_in(meetup: Meetup, cohort: str | None = None) -> Registration:
    told = {"id": str(uuid.uuid4()), "name": "김히늘", "cohort": cohort, "over": True}
    person = walk_ins.admit_at_desk(meetup.id, make_account().id, told).outcome.person
    assert person
    end_reading()
    return db.session.scalars(select(Registration).where(Registration.reference == person.reference)).one()


def page_of(client: Browser, row: Registration) -> str:
    meetup = db.session.get_one(Meetup, row.meetup_id)
    sign_in(client, make_member(meetup.program))
    client.set_cookie("lang", "en")
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{row.reference}"


def is_over(meetup: Meetup) -> None:
    with transaction() as session:
        held = session.get_one(Meetup, meetup.id)
        held.starts_at, held.ends_at = now() - 2 * DAY, now() - DAY


def stands(row: Registration) -> bool:
    end_reading()
    return certificates.stands(db.session.get_one(Registration, row.id))


def test_a_walk_in_guest_gets_a_certificate_once_an_organizer_knows_them_and_not_before(
    client: Browser, meetup: Meetup
) -> None:
    row = walked_in(meetup)
    is_over(meetup)
    page = page_of(client, row)
    assert not stands(row), "their word alone prints none"

    confirmed = submit(client, page, {}, f"{page}/confirmation", follow_redirects=True)

    assert "An organizer knows who they are" in confirmed.text
    assert stands(row)
    again = submit(client, page, {}, f"{page}/confirmation", follow_redirects=True)
    assert "No longer confirmed by an organizer" in again.text
    assert not stands(row)
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("guest."))).all()
    assert sorted(acts) == ["guest.confirmation_taken_back", "guest.confirmed"]


def test_who_said_a_cohort_is_looked_for_on_the_roster_and_not_confirmed(
    client: Browser, meetup: Meetup
) -> None:
    row = walked_in(meetup, "3")
    page = page_of(client, row)
    shown = client.get(page).text

    answer = client.post(
        f"{page}/confirmation", data={"csrf_token": shown.split('csrf_token" value="')[1].split('"')[0]}
    )

    assert "I know who they are" not in shown
    assert answer.status_code == 303
    end_reading()
    assert not db.session.get_one(Registration, row.id).is_verified


@pytest.mark.parametrize("source", [Source.WALK_IN, Source.ADDED])
def test_a_mistyped_name_is_corrected_found_and_told_without_the_words(
    client: Browser, meetup: Meetup, source: Source
) -> None:
    row = make_registration(meetup, make_person(meetup.program, "김히늘"), source=source)
    page = page_of(client, row)

    wrong = submit(client, page, {"name": " "}, f"{page}/name")
    right = submit(client, page, {"name": "김하늘"}, f"{page}/name", follow_redirects=True)

    assert wrong.status_code == 422
    assert "Write the name." in wrong.text
    assert "Name corrected" in right.text
    assert "김히늘" in right.text, "as it was"
    end_reading()
    assert db.session.get_one(Person, row.person_id).name == "김하늘"
    found = people_search.matching("ㄱㅎㄴ", Person.id)
    assert found is not None
    assert db.session.scalars(select(Person.id).where(found)).all() == [row.person_id]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "guest.renamed")).one()
    assert "김" not in f"{entry.reason}{entry.details}"


def test_whom_a_roster_has_is_corrected_there(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    row = make_registration(meetup, person, source=Source.ADDED)

    assert "guest-name" not in client.get(page_of(client, row)).text


@pytest.mark.parametrize("source", [Source.PERSON, Source.ADDED])
def test_a_helper_of_one_meetup_does_not_rename_whom_another_has(
    client: Browser, meetup: Meetup, source: Source
) -> None:
    person = make_person(meetup.program, "김하늘")
    make_registration(make_meetup(meetup.program), person, source=source)
    row = make_registration(meetup, person, source=Source.ADDED)
    page = page_of(client, row)
    assert ("guest-name" in client.get(page).text) is (source is Source.ADDED), "who runs the programme"
    sign_in(client, make_helper(meetup))
    shown = client.get(page).text
    token = shown.split('csrf_token" value="')[1].split('"')[0]

    refused = client.post(f"{page}/name", data={"csrf_token": token, "name": "딴이름"})

    assert "guest-name" not in shown
    assert refused.status_code == 422
    end_reading()
    assert db.session.get_one(Person, person.id).name == "김하늘"
