"""Adding one person at the desk, as an organizer does it and as that person then finds it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.models import AuditEntry, Meetup, MeetupState, Registration, Role, Status
from app.services.personal import personal_links
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements

pytestmark = pytest.mark.one_database
GUEST = {"name": "한별", "address": "byeol@example.com"}


def at_the_desk(client: Browser, meetup: Meetup, role: Role = Role.ORGANIZER) -> str:
    sign_in(client, make_member(meetup.program, role))
    client.set_cookie("lang", "en")
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees"


def ticked(page: str) -> list[str]:
    boxes = re.findall(r"<input[^>]+>", page)
    return [re.findall(r'value="([^"]+)"', box)[0] for box in boxes if " checked" in box]


def newest() -> Registration:
    end_reading()
    return db.session.scalars(select(Registration).order_by(Registration.id.desc()).limit(1)).one()


def test_the_list_leads_to_a_search_and_that_to_somebody_of_the_programme(app: Flask, client: Browser):
    meetup = make_meetup(cohorts=[cohort := make_cohort(ordinal=3)], capacity=5)
    person = make_alumnus(cohort, "선우하람", "haram@example.com")
    page = at_the_desk(client, meetup)

    assert client.get(page).text.count("Add a person") == 2, "above the table, and where nobody is in it"
    found = client.get(f"{page}/new?q=선우하람").text
    assert "h***@example.com" in found
    assert "haram@example.com" not in found
    assert f"person={person.id}" in found
    added = submit(client, f"{page}/new?person={person.id}", {"kinds": ["speaker"]}, follow_redirects=True)

    assert "They are added and have a seat." in added.text
    assert "Added by an organizer, with a seat" in added.text
    assert newest().person_id == person.id
    assert "To the page of 선우하람" in client.get(f"{page}/new?q=선우하람").text
    looks = select(AuditEntry).where(
        AuditEntry.act == "person.viewed", AuditEntry.subject == f"person:{person.id}"
    )
    assert db.session.scalars(looks).first() is not None


def test_a_refusal_at_a_full_meetup_keeps_what_was_typed_and_offers_both_ways(app: Flask, client: Browser):
    meetup = make_meetup(capacity=1)
    make_registration(meetup)
    page = at_the_desk(client, meetup)
    typed = GUEST | {
        "phone": "010-1234-5678",
        "companions": "1",
        "kinds": ["staff"],
        "reason": "phoned",
        "tells": None,
    }

    refused = submit(client, f"{page}/new?guest=yes", typed | {"language": "en"})

    assert refused.status_code == 422
    assert "Seats needed: 2, free: 0" in refused.text
    for kept in ('value="한별"', 'value="byeol@example.com"', 'value="010-1234-5678"', 'value="phoned"'):
        assert kept in refused.text
    assert ticked(refused.text) == ["staff", "en"]
    assert "Let them wait" in refused.text
    assert "Change the number of seats" in refused.text
    submit(client, f"{page}/new?guest=yes", typed | {"full": "wait"}, follow_redirects=True)
    assert newest().status is Status.WAITLISTED


def test_an_address_of_somebody_known_leads_to_them_and_a_second_press_to_the_page(
    app: Flask, client: Browser
):
    meetup = make_meetup(cohorts=[cohort := make_cohort()], capacity=5)
    person = make_alumnus(cohort, "선우하람", "haram@example.com")
    page = at_the_desk(client, meetup)

    known = submit(client, f"{page}/new?guest=yes", GUEST | {"address": "haram@example.com"})
    first = submit(client, f"{page}/new?guest=yes", GUEST | {"token": "same"})
    again = submit(client, f"{page}/new?guest=yes", GUEST | {"token": "same"}, follow_redirects=True)

    assert known.status_code == 422
    assert f"person={person.id}" in known.text
    assert "선우하람" in known.text
    assert urlsplit(first.location).path == again.request.path
    assert "They have a place already" in again.text


def test_a_draft_says_before_anybody_types_that_it_has_to_be_published(app: Flask, client: Browser):
    page = at_the_desk(client, make_meetup(state=MeetupState.DRAFT))

    shown = [client.get(f"{page}/new{query}").text for query in ("", "?guest=yes")]

    assert all("Publish it first" in each and 'name="name"' not in each for each in shown)


def test_a_name_is_owed_and_an_address_has_to_be_one(app: Flask, client: Browser):
    page = at_the_desk(client, make_meetup(capacity=5))

    unnamed = submit(client, f"{page}/new?guest=yes", {"name": " "})
    wrong = submit(client, f"{page}/new?guest=yes", GUEST | {"address": "byeol@"})

    assert (unnamed.status_code, wrong.status_code) == (422, 422)
    assert "Name: Write the name." in unnamed.text
    assert 'value="byeol@"' in wrong.text


def test_who_was_added_consents_at_the_personal_link_and_nobody_did_before(app: Flask, client: Browser):
    meetup = make_meetup(capacity=5)
    make_notice(meetup, consents=(make_consent(),))
    page = at_the_desk(client, meetup)
    shown = submit(client, f"{page}/new?guest=yes", GUEST, follow_redirects=True).text

    row = newest()
    own = f"/r/{row.reference}/{personal_links.secret_of(row)}"

    assert "nobody has read the notice or consented" in shown
    assert "Not asked" in shown
    assert client.get(own).status_code == 200
    assert client.get(f"{own}/consents").status_code == 200
    assert client.get(f"{own}/ticket.png").status_code == 200


def test_the_meetups_own_word_for_a_kind_is_used_in_whichever_language(app: Flask, client: Browser):
    meetup = make_meetup(capacity=5)
    page = at_the_desk(client, meetup)
    client.set_cookie("lang", "ko")
    submit(client, f"{page}/new?guest=yes", {"name": "한별", "kinds": ["speaker"]})
    client.set_cookie("lang", "en")

    added = submit(
        client, f"{page}/new?guest=yes", {"name": "두별", "kinds": ["speaker"]}, follow_redirects=True
    )

    assert "연사" in added.text


def test_a_search_asks_as_much_of_the_database_for_many_as_for_one(app: Flask, client: Browser):
    meetup = make_meetup(cohorts=[cohort := make_cohort(ordinal=3)], capacity=5)
    people = [make_alumnus(cohort, f"김하나{n}") for n in range(10, 18)]
    page = at_the_desk(client, meetup)
    client.get(f"{page}/new")

    with statements() as for_one:
        client.get(f"{page}/new?q=김하나17")
    with statements() as for_all:
        client.get(f"{page}/new?q=김하나")

    assert len(for_all) == len(for_one)
    looks = select(AuditEntry.subject).where(AuditEntry.act == "person.viewed")
    assert set(db.session.scalars(looks)) == {f"person:{each.id}" for each in people}
