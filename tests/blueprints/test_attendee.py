"""One attendee's page at the desk, and one person's on a roster."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app import i18n
from app.clock import now
from app.db import db, transaction
from app.models import (
    AuditEntry,
    Cohort,
    Meetup,
    OutboxMail,
    PersonAddress,
    Program,
    Registration,
    Status,
    Ticket,
)
from app.services.registering import registrations
from tests.factories import (
    code_of,
    make_alumnus,
    make_cohort,
    make_entry,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def program(app: Flask, client: Browser) -> Program:
    program = make_program()
    sign_in(client, make_member(program))
    return program


@pytest.fixture
def cohort(program: Program) -> Cohort:
    return make_cohort(program, 1)


@pytest.fixture
def seated(cohort: Cohort) -> Registration:
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    return make_registration(meetup, make_alumnus(cohort, "김하나", "hana@example.com"), cohort=cohort)


def page_of(program: Program, registration: Registration) -> str:
    slug = db.session.get_one(Meetup, registration.meetup_id).slug
    return f"/desk/{program.slug}/meetups/{slug}/attendees/{registration.reference}"


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def kinds(registration: Registration) -> list[str]:
    about = select(OutboxMail.kind).where(OutboxMail.registration_id == registration.id)
    return list(db.session.scalars(about))


def test_the_list_leads_to_the_page_and_looks_are_logged(
    client: Browser, program: Program, seated: Registration
) -> None:
    here = page_of(program, seated)
    lists = [client.get(here.rpartition("/")[0]).text for _ in range(2)]

    assert all(here in page for page in lists)
    assert "hana@example.com" in client.get(here).text
    assert acts() == ["attendees.listed", "attendee.viewed"]


def test_looks_at_a_roster_are_logged_once_an_hour(client: Browser, program: Program, cohort: Cohort) -> None:
    make_alumnus(cohort, "김하나", "hana@example.com")
    make_cohort(program, 2)
    here = f"/desk/{program.slug}/cohorts"

    pages = [client.get(f"{here}/{path}").text for path in ("1", "1?q=hana", "1?page=2", "2", "1")]

    assert "hana@example.com" in pages[0]
    assert acts() == ["roster.listed"] * 2


@pytest.mark.parametrize(("hours", "main"), [(24 * 14, False), (30, False), (5, True), (-1, True)])
def test_checking_in_is_a_second_step_until_the_day_of_the_meetup(
    client: Browser, program: Program, seated: Registration, hours: int, main: bool
) -> None:
    with transaction() as session:
        meetup = session.get_one(Meetup, seated.meetup_id)
        meetup.starts_at, meetup.ends_at = (now() + dt.timedelta(hours=each) for each in (hours, hours + 3))
        day = meetup.local(meetup.starts_at)
    here, ticket = page_of(program, seated), f"/T/{code_of(seated)}"

    for path in (here, ticket):
        page = client.get(path).text
        before, _, form = page.partition('/check-ins"')
        assert form, path
        with force_locale("en"):
            asked = f"The meetup is on {i18n.day(day)}. Check in now?"
        assert (asked in before) is not main
        assert (before.rfind("<details") > before.rfind("</details>")) is not main, "folded away"
        assert ("button--secondary" not in form.partition("</form>")[0]) is main


def test_checking_in_and_undoing_stand_in_the_history(
    client: Browser, program: Program, seated: Registration
) -> None:
    here = page_of(program, seated)
    door = here.partition("/attendees/")[0] + "/check-ins"
    told = {"reference": seated.reference, "next": here}

    assert client.post(door, data=told).headers["Location"] == here
    client.post(f"{door}/undo", data=told | {"reason": "wrong one"})

    page = client.get(here).text
    assert "Check-in undone" in page
    assert "wrong one" in page


def test_cancelling_wants_a_reason_tells_the_person_and_moves_the_next_up(
    client: Browser, program: Program, cohort: Cohort, seated: Registration
) -> None:
    meetup = db.session.get_one(Meetup, seated.meetup_id)
    waiting = make_registration(meetup, make_alumnus(cohort), Status.WAITLISTED, cohort=cohort)
    here = page_of(program, seated)

    assert client.post(f"{here}/cancellation", data={"reason": " "}).status_code == 422
    assert client.post(f"{here}/cancellation", data={"reason": "asked by phone"}).status_code == 303

    db.session.expire_all()
    assert db.session.get_one(Registration, seated.id).status is Status.DECLINED
    assert db.session.get_one(Registration, waiting.id).status is Status.CONFIRMED
    assert kinds(seated) == ["registration_declined"]
    assert "asked by phone" in client.get(here).text


def test_a_reason_is_kept_composed_and_without_what_nobody_sees(
    client: Browser, program: Program, seated: Registration
) -> None:
    here = page_of(program, seated)

    client.post(f"{here}/tickets", data={"reason": unicodedata.normalize("NFD", "사진이\x07 찍힘")})

    assert "사진이 찍힘" in client.get(here).text


def test_badge_history_list_and_mail_name_a_cancellation_by_the_organizer_alike(
    client: Browser, program: Program, seated: Registration
) -> None:
    registrations.decline(seated.id, "command", "asked by phone")
    here = page_of(program, seated)

    for language, words in (("en", "Cancelled by the organizer"), ("ko", "운영진이 취소함")):
        client.set_cookie("lang", language)
        assert client.get(here).text.count(words) == 3
        assert words in client.get(f"{here.rpartition('/')[0]}?status=declined").text


def test_each_act_stands_with_who_did_it_and_why(
    client: Browser, program: Program, seated: Registration
) -> None:
    registrations.decline(seated.id, "command", "asked by phone")

    acts_of = client.get(page_of(program, seated)).text.partition('class="moments"')[2].partition("</ol>")[0]
    latest = acts_of.partition("</li>")[0]

    assert "asked by phone" in latest
    assert "By a command on the server" in latest


def test_a_reissued_ticket_goes_out_and_the_old_one_is_void(
    client: Browser, program: Program, seated: Registration
) -> None:
    here = page_of(program, seated)
    client.post(f"{here}/tickets", data={"reason": "shown in a chat"})

    issued = db.session.scalars(select(Ticket).order_by(Ticket.revision)).all()
    assert [ticket.revoked_at is None for ticket in issued] == [False, True]
    assert kinds(seated) == ["registration_confirmed"]
    assert "shown in a chat" in client.get(here).text


def test_a_mail_is_sent_again_once_while_it_waits(
    client: Browser, program: Program, seated: Registration
) -> None:
    for _ in range(2):
        client.post(f"{page_of(program, seated)}/mails")

    assert kinds(seated) == ["registration_confirmed"]


def test_the_page_of_someone_cancelled_offers_nothing_to_do(
    client: Browser, program: Program, seated: Registration
) -> None:
    registrations.cancel(seated.id)

    page = client.get(page_of(program, seated)).text

    assert "/cancellation" not in page
    assert "/check-ins" not in page
    assert "<aside" not in page


def test_a_person_gets_a_second_address_and_loses_it(
    client: Browser, program: Program, cohort: Cohort
) -> None:
    person, other = make_alumnus(cohort, "김하나"), make_alumnus(cohort, "박두리", "doori@example.com")
    here = f"/desk/{program.slug}/cohorts/1/entries/{person.id}"

    assert client.post(f"{here}/addresses", data={"address": "Hana2@example.com"}).status_code == 303
    second = db.session.scalars(
        select(PersonAddress).where(PersonAddress.address_key == "hana2@example.com")
    ).one()
    assert second.person_id == person.id
    taken = client.post(f"{here}/addresses", data={"address": "DOORI@example.com"})
    assert taken.status_code == 422
    assert "belongs to somebody else" in taken.text
    assert client.post(f"{here}/addresses", data={"address": "nothing"}).status_code == 422

    foreign = f"{here}/addresses/{other.addresses[0].id}/removal"
    assert client.post(foreign).status_code == 404
    client.post(f"{here}/addresses/{second.id}/removal")
    client.post(f"{here}/addresses/{person.addresses[0].id}/removal")
    left = db.session.scalars(select(PersonAddress.id).where(PersonAddress.person_id == person.id)).all()
    assert left == [person.addresses[0].id]


def test_a_person_s_page_shows_what_the_roster_says_of_them(
    client: Browser, program: Program, cohort: Cohort
) -> None:
    person = make_person(program, "김하나", "hana@example.com")
    entry = make_entry(cohort, person)
    with transaction() as session:
        session.add(entry)
        entry.other_name, entry.certificate = "Hana Kim", "2020-017"

    page = client.get(f"/desk/{program.slug}/cohorts/1/entries/{person.id}").text

    assert "Hana Kim" in page
    assert "2020-017" in page


def test_an_address_that_a_roster_lists_stays(client: Browser, program: Program, cohort: Cohort) -> None:
    person = make_alumnus(cohort)
    here = f"/desk/{program.slug}/cohorts/1/entries/{person.id}/addresses"
    client.post(here, data={"address": "second@example.com"})

    answer = client.post(f"{here}/{person.addresses[0].id}/removal", follow_redirects=True)

    assert "so it stays" in answer.text


@pytest.mark.parametrize(
    ("act", "name"), [("cancellation", "reason"), ("tickets", "reason"), ("arrival-alert", "alert")]
)
def test_a_note_about_somebody_keeps_no_resident_number(
    client: Browser, program: Program, seated: Registration, act: str, name: str
) -> None:
    answer = client.post(f"{page_of(program, seated)}/{act}", data={name: "본인 확인 900101-1234567"})

    assert answer.status_code == 422
    assert "resident registration number" in answer.text
