"""The pages of those who have a right at one meetup: what they find, what stays shut, and no way that ends nowhere."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import db, end_reading
from app.models import (
    Account,
    AccountInvitation,
    AuditEntry,
    Device,
    Meetup,
    MeetupMembership,
    OutboxMail,
    Role,
)
from app.services.mails import writing
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.smtp import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    cohort = make_cohort()
    return make_meetup(cohorts=[cohort], title_en="Autumn meetup", title_ko="가을 밋업")


def at(meetup: Meetup, rest: str = "") -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}{rest}"


def signed_in(client: Browser, account: Account) -> Browser:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, account)
    return client


def invite(browser: Browser, meetup: Meetup, address: str, role: str) -> TestResponse:
    people = at(meetup, "/people")
    return submit(browser, people, {"address": address, "role": role}, action=f"{people}/invitations")


def links(text: str) -> set[str]:
    return {each for each in re.findall(r'href="(/desk[^"#?]*)', text) if "/account" not in each}


def test_whoever_has_one_meetup_finds_just_that_and_every_link_leads_somewhere(
    client: Browser, meetup: Meetup
) -> None:
    hidden = make_meetup(meetup.program, title_en="The other meetup", title_ko="다른 밋업")
    browser = signed_in(client, make_helper(meetup))

    front = browser.get("/desk", follow_redirects=True)
    seen, todo = {front.request.path}, links(front.text)
    while todo - seen:
        path = (todo - seen).pop()
        seen.add(path)
        page = browser.get(path, follow_redirects=True)
        assert page.status_code == 200, path
        assert hidden.slug not in page.text, path
        assert "The other meetup" not in page.text, path
        todo |= links(page.text)

    assert at(meetup, "/attendees") in seen
    assert len(seen) > 15


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DOOR])
def test_lesser_helpers_find_no_way_that_ends_nowhere(client: Browser, meetup: Meetup, role: Role) -> None:
    browser = signed_in(client, make_helper(meetup, role))

    pages = [browser.get(path) for path in links(browser.get("/desk", follow_redirects=True).text)]
    pages += [browser.get(path) for path in links(browser.get(at(meetup)).text)]

    assert {page.status_code for page in pages} <= {200, 302}


def test_an_attendee_is_shown_without_what_the_programme_knows_of_them(
    client: Browser, meetup: Meetup
) -> None:
    before = make_meetup(meetup.program, title_en="Spring meetup", title_ko="봄 밋업")
    person = make_alumnus(meetup.cohorts[0])
    registration = make_registration(meetup, person, cohort=meetup.cohorts[0])
    make_registration(before, person, cohort=meetup.cohorts[0])
    browser = signed_in(client, make_helper(meetup))

    page = browser.get(at(meetup, f"/attendees/{registration.reference}")).text

    assert person.name in page
    assert not [each for each in ("/cohorts", "/joining", "/erasure", "Spring meetup") if each in page]


def test_whether_an_address_is_on_the_lists_is_not_told_to_an_organizer_of_one_meetup(
    client: Browser, meetup: Meetup
) -> None:
    person = make_alumnus(meetup.cohorts[0])
    address = person.addresses[0].address
    browser = signed_in(client, make_helper(meetup))

    mails = browser.get(at(meetup, f"/mails?q={address}")).text
    pools = browser.get(at(meetup, f"/pools?q={address}")).text

    assert person.name not in mails + pools
    assert "On no list" not in mails + browser.get(at(meetup, "/mails?q=nobody@example.com")).text


def test_looking_an_address_up_is_a_look_at_its_person(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    browser = signed_in(client, make_member(meetup.program, Role.ORGANIZER))

    for address in (person.addresses[0].address, "nobody@example.com"):
        browser.get(at(meetup, f"/mails?q={address}"))

    end_reading()
    looks = select(AuditEntry.subject).where(AuditEntry.act == "person.viewed")
    assert db.session.scalars(looks).all() == [f"person:{person.id}"]


def test_an_invitation_to_one_meetup_comes_by_mail_and_opens_that_meetup(
    client: Browser, meetup: Meetup
) -> None:
    browser = signed_in(client, make_member(meetup.program, Role.ORGANIZER))

    sent = invite(browser, meetup, "new@example.com", "door")
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "member_invitation")).one()
    data = writing.write([mail]).messages[mail.id]
    written: Any = message_from_bytes(data, policy=policy.default)
    link = re.search(r"/invitations/\S+", text_of(written))

    assert sent.status_code == 303
    assert link
    assert "Autumn meetup" in text_of(written) + str(written["Subject"])
    accepted = submit(browser, link.group(), {})
    assert accepted.location == at(meetup)
    assert "Scan with this phone" in browser.get(at(meetup)).text


def test_door_staff_make_their_phone_a_staff_phone_and_lose_it_with_the_right(
    client: Browser, app: Flask, meetup: Meetup
) -> None:
    helper = make_helper(meetup, Role.DOOR)
    browser = signed_in(client, helper)

    opened = submit(browser, at(meetup), {}, action=at(meetup, "/door/own-phones"))
    joined = submit(browser, opened.location, {"name": "폰"})

    assert "/door/" in joined.location
    assert db.session.scalars(select(Device)).one().role.value == "scan"


def test_a_right_that_is_taken_is_gone_with_the_next_request(
    client: Browser, app: Flask, meetup: Meetup
) -> None:
    helper = make_helper(meetup)
    theirs: Any = signed_in(app.test_client(), helper)  # type: ignore[arg-type]
    browser = signed_in(client, make_member(meetup.program, Role.ORGANIZER))
    right = db.session.scalars(select(MeetupMembership.id)).one()
    assert theirs.get(at(meetup)).status_code == 200

    removed = submit(browser, at(meetup, "/people"), {}, action=at(meetup, f"/people/{right}/removal"))

    assert removed.status_code == 303
    assert theirs.get(at(meetup)).status_code in {302, 404}
    sign_in(theirs, helper)
    assert theirs.get(at(meetup)).status_code == 404


def test_an_organizer_of_one_meetup_sees_who_helps_and_cannot_change_it(
    client: Browser, meetup: Meetup
) -> None:
    other = make_helper(meetup, Role.DOOR)
    browser = signed_in(client, make_helper(meetup))

    page = browser.get(at(meetup, "/people")).text

    assert other.name in page
    assert "<form" not in page.partition('id="members-title"')[2].partition("</main>")[0]


def test_a_role_or_address_that_does_not_do_is_answered_on_the_page(client: Browser, meetup: Meetup) -> None:
    browser = signed_in(client, make_member(meetup.program, Role.ORGANIZER))

    owner = invite(browser, meetup, "new@example.com", "owner")
    nowhere = invite(browser, meetup, "ana@nowhere", "door")

    end_reading()
    assert (owner.status_code, nowhere.status_code) == (422, 422)
    assert 'value="ana@nowhere"' in nowhere.text
    assert db.session.scalars(select(AccountInvitation)).all() == []


def test_leaving_a_meetup_ends_at_ones_account(client: Browser, meetup: Meetup) -> None:
    browser = signed_in(client, make_helper(meetup, Role.VIEWER))

    left = submit(browser, "/desk/account", {}, action=at(meetup, "/people/leaving"))

    assert left.location == "/desk/account"
    assert browser.get(at(meetup)).status_code == 404
