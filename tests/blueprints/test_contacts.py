"""An attendee's phone and address are corrected where they are looked at, at the desk and on one's own page."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import db, transaction
from app.models import (
    AuditEntry,
    Meetup,
    OutboxMail,
    PersonAddress,
    PersonPhone,
    Program,
    Registration,
    Role,
    RosterEntry,
    RosterUpload,
    Source,
)
from app.services.organizing import attendee
from app.services.personal import personal_links
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser

OLD, NEW = "010-1111-2222", "010-3333-4444"


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def program(app: Flask, client: Browser) -> Program:
    program = make_program()
    sign_in(client, make_member(program))
    return program


@pytest.fixture
def hana(program: Program) -> Registration:
    cohort = make_cohort(program, 1)
    person = make_alumnus(cohort, "김하나", "hana@example.com")
    meetup = make_meetup(program, cohorts=[cohort], asks_phone=True)
    return make_registration(meetup, person, cohort=cohort, phone=OLD)


def page_of(registration: Registration) -> str:
    meetup = db.session.get_one(Meetup, registration.meetup_id)
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{registration.reference}"


def own_page_of(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def now_of(registration: Registration) -> Registration:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Registration, registration.id)


def correct(client: Browser, registration: Registration, **typed: str) -> TestResponse:
    now = now_of(registration)
    shown = {"was_phone": now.phone or "", "was_address": now.address}
    form = shown | {"phone": now.phone or "", "address": now.address} | typed
    return client.post(f"{page_of(registration)}/contact", data=form)


def kinds(registration: Registration) -> list[str]:
    about = select(OutboxMail.kind).where(OutboxMail.registration_id == registration.id)
    return list(db.session.scalars(about))


def listed_phone(registration: Registration, number: str) -> None:
    """The roster has this phone of the person."""
    person_id = now_of(registration).person_id
    with transaction() as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.person_id == person_id)).one()
        entry.phone = number
        digits = number.replace("-", "")
        session.add(PersonPhone(person_id=person_id, number=number, digits=digits, last_four=digits[-4:]))


@pytest.mark.parametrize("written", ["01033334444", "010-1111-2222 / 02-333-4444"])
def test_who_corrects_the_address_alone_leaves_the_phone_as_a_list_wrote_it(
    client: Browser, hana: Registration, written: str
) -> None:
    with transaction() as session:
        session.get_one(Registration, hana.id).phone = written

    assert correct(client, hana, address="hana.kim@example.com").status_code == 303

    now = now_of(hana)
    assert (now.address, now.phone) == ("hana.kim@example.com", written)
    assert "Phone:" not in client.get(page_of(hana)).text.partition("Contact details corrected")[2][:400]


def test_a_phone_is_corrected_in_the_list_on_the_page_and_in_the_history(
    client: Browser, hana: Registration
) -> None:
    assert correct(client, hana, phone="01033334444", reason="전화로 알려 줌").status_code == 303

    here = page_of(hana)
    assert now_of(hana).phone == NEW
    assert NEW in client.get(here.rpartition("/")[0]).text
    page = client.get(here).text
    assert "Contact details corrected" in page
    assert f"Phone: {OLD} → {NEW}" in page
    assert "전화로 알려 줌" in page
    assert kinds(hana) == []


def test_the_roster_stays_and_the_page_says_that_it_differs(client: Browser, hana: Registration) -> None:
    listed_phone(hana, OLD)
    here = page_of(hana)
    assert "The roster of" not in client.get(here).text

    correct(client, hana, phone=NEW)

    assert db.session.scalars(select(RosterEntry.phone)).one() == OLD
    page = client.get(here).text
    assert "The roster of" in page
    assert OLD in page


def test_a_new_address_gets_the_mail_with_a_new_link_and_the_old_one_is_void(
    client: Browser, hana: Registration
) -> None:
    old_link = own_page_of(hana)

    assert correct(client, hana, address="Hana.New@Example.com").status_code == 303

    row = now_of(hana)
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.registration_id == row.id)).one()
    assert (mail.kind, mail.address) == ("registration_confirmed", row.address)
    assert row.address.casefold() == "hana.new@example.com"
    assert client.get(old_link).status_code == 404
    theirs = select(PersonAddress.address_key).where(PersonAddress.person_id == row.person_id)
    assert set(db.session.scalars(theirs)) == {"hana@example.com", "hana.new@example.com"}


def test_a_guest_without_mail_gets_an_address_and_the_ticket(client: Browser, program: Program) -> None:
    guest = make_registration(
        make_meetup(program), make_person(program, "손손님"), source=Source.ADDED, address=""
    )

    assert correct(client, guest, address="guest@example.com", phone="+1 202 555 0133").status_code == 303

    assert (now_of(guest).address, now_of(guest).phone) == ("guest@example.com", "+1 202 555 0133")
    assert kinds(guest) == ["registration_confirmed"]


def test_the_address_of_somebody_else_is_refused_and_so_is_what_is_none(
    client: Browser, program: Program, hana: Registration
) -> None:
    make_alumnus(program.cohorts[0], "박두리", "duri@example.com")

    for typed in ({"address": "duri@example.com"}, {"address": "hana@"}, {"address": ""}, {"phone": "12"}):
        assert correct(client, hana, **typed).status_code == 422
    assert correct(client, hana, phone="900101-1234567").status_code == 422

    assert (now_of(hana).address, now_of(hana).phone) == ("hana@example.com", OLD)
    assert kinds(hana) == []


def test_what_somebody_else_has_just_corrected_is_not_undone(client: Browser, hana: Registration) -> None:
    here = f"{page_of(hana)}/contact"
    stale = {"was_phone": "010-9999-9999", "was_address": "hana@example.com"}

    answer = client.post(here, data=stale | {"phone": NEW, "address": "hana@example.com"})

    assert answer.status_code == 422
    assert "Somebody has just changed this here." in answer.text
    assert f'name="was_phone" value="{OLD}"' in answer.text
    assert now_of(hana).phone == OLD


def test_a_phone_that_is_taken_away_is_none(client: Browser, hana: Registration) -> None:
    assert correct(client, hana, phone="").status_code == 303

    assert now_of(hana).phone is None


def test_nothing_typed_changes_nothing_and_is_no_act(client: Browser, hana: Registration) -> None:
    assert correct(client, hana).status_code == 303

    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert "registration.contact_corrected" not in acts
    assert db.session.scalars(select(RosterUpload)).all() == []


def test_a_correction_has_the_way_back_of_an_edited_list(client: Browser, hana: Registration) -> None:
    there = correct(client, hana, address="stranger@example.com", phone=NEW).headers["Location"]
    way = db.session.scalars(select(RosterUpload)).one()
    assert f"/edited-list/{way.reference}" in client.get(there).text

    preview = client.get(f"{page_of(hana).partition('/attendees/')[0]}/edited-list/{way.reference}").text
    seen = preview.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    back = f"{page_of(hana).partition('/attendees/')[0]}/edited-list/{way.reference}/application"
    client.post(back, data={"seen": seen, "reason": "잘못 고쳤어요"})

    row = now_of(hana)
    assert (row.address, row.phone) == ("hana@example.com", OLD)
    theirs = select(PersonAddress.address_key).where(PersonAddress.person_id == row.person_id)
    assert list(db.session.scalars(theirs)) == ["hana@example.com"]


def test_whoever_organizes_one_meetup_alone_corrects_the_phone_and_no_address(
    client: Browser, app: Flask, hana: Registration
) -> None:
    helper = app.test_client()
    sign_in(helper, make_helper(db.session.get_one(Meetup, hana.meetup_id)))
    here = page_of(hana)

    page = helper.get(here).text
    helper.post(
        f"{here}/contact",
        data={"was_phone": OLD, "phone": NEW, "was_address": "hana@example.com", "address": "x@example.com"},
    )

    assert 'name="address"' not in page
    assert (now_of(hana).address, now_of(hana).phone) == ("hana@example.com", NEW)
    assert db.session.scalars(select(RosterUpload)).all() == []


def test_viewers_and_door_staff_correct_nothing(app: Flask, hana: Registration) -> None:
    meetup = db.session.get_one(Meetup, hana.meetup_id)
    for account in (make_member(meetup.program, Role.VIEWER), make_member(meetup.program, Role.DOOR)):
        browser = app.test_client()
        sign_in(browser, account)
        data = {"was_phone": OLD, "phone": NEW}
        assert browser.post(f"{page_of(hana)}/contact", data=data).status_code == 403
    assert now_of(hana).phone == OLD


def test_one_changes_ones_own_phone_at_the_personal_link(client: Browser, hana: Registration) -> None:
    mine = own_page_of(hana)
    assert "/phone" in client.get(mine).text

    assert client.post(f"{mine}/phone", data={"phone": "12"}).status_code == 422
    assert client.post(f"{mine}/phone", data={"phone": "010 3333 4444"}).status_code == 303

    row = now_of(hana)
    assert (row.phone, row.address) == (NEW, "hana@example.com")
    assert client.get(mine).status_code == 200
    moment = attendee.history(row.id)[0]
    assert (moment.act, moment.actor, list(moment.told)) == (
        "contact_corrected",
        "person",
        [("phone", OLD, NEW)],
    )


def test_a_meetup_that_asks_for_no_phone_gets_none_from_the_page(client: Browser, program: Program) -> None:
    cohort = make_cohort(program, 2)
    row = make_registration(
        make_meetup(program, cohorts=[cohort], asks_phone=False), make_alumnus(cohort), cohort=cohort
    )
    mine = own_page_of(row)

    assert "/phone" not in client.get(mine).text
    assert client.post(f"{mine}/phone", data={"phone": NEW}).status_code == 422
    assert now_of(row).phone is None
