"""Signing in, accepting invitations and managing people, as the pages do it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.domain import tokens
from app.keys import keys
from app.models import (
    AccountInvitation,
    AccountSession,
    MeetupMembership,
    Membership,
    OutboxMail,
    Program,
    Role,
    SignInLink,
)
from app.services.staff import invitations, members, sign_in
from tests.factories import make_account, make_helper, make_meetup, make_member, make_program
from tests.factories import sign_in as signed_in
from tests.support.client import Browser, submit


def another(app: Flask) -> Browser:
    browser: Any = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def link_for(address: str) -> str:
    return "/sign-in/" + sign_in.one_time_link(address).rpartition("/")[2]


def invitation_link(program: Program, owner_id: int, address: str = "new@example.com") -> str:
    invitation = invitations.invite(program.id, address, Role.ORGANIZER, by=owner_id, locale="en")
    return f"/invitations/{tokens.invitation_token(keys().link, invitation.uid)}"


def test_known_and_unknown_addresses_get_the_same_answer(client: Browser, app: Flask) -> None:
    make_account("ana@example.com")
    pages = []

    for address in ("ana@example.com", "bob@example.com"):
        browser = another(app)
        response = submit(browser, "/sign-in", {"address": address})
        page = browser.get(response.location).text.replace(address, "ADDRESS")
        pages.append((response.status_code, re.sub(r'value="[\w.-]{60,}"', "", page)))

    assert pages[0] == pages[1]
    assert "Check your mail" in pages[0][1]


def test_a_mistyped_address_is_kept_and_explained(client: Browser) -> None:
    response = submit(client, "/sign-in", {"address": "ana@nowhere"})

    assert response.status_code == 422
    assert 'value="ana@nowhere"' in response.text
    assert "look like an e-mail address" in response.text


def test_looking_at_a_link_fifty_times_uses_nothing_up(client: Browser, app: Flask) -> None:
    make_account("ana@example.com")
    link = link_for("ana@example.com")

    for _ in range(50):
        assert client.get(link).status_code == 200

    end_reading()
    assert db.session.scalars(select(SignInLink)).one().used_at is None
    assert submit(client, link).status_code == 303


def test_signing_in_leads_back_to_the_page_that_asked(client: Browser, app: Flask) -> None:
    program = make_program()
    account = make_member(program, Role.VIEWER)
    asked = client.get(f"/desk/{program.slug}/cohorts")
    submit(client, asked.location, {"address": account.address})
    mail = db.session.scalars(select(OutboxMail)).one()
    token = sign_in.mailed_link(mail)

    response = submit(client, f"/sign-in/{token}?next={mail.params['next']}")

    assert response.location == f"/desk/{program.slug}/cohorts"
    assert client.get(response.location).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_next_stays_on_this_site(client: Browser, app: Flask, target: str) -> None:
    make_account("ana@example.com")

    response = submit(client, f"{link_for('ana@example.com')}?next={target}")

    assert response.location == "/desk"


def test_the_cookie_is_another_after_signing_in(client: Browser, app: Flask) -> None:
    make_account("ana@example.com")
    link = link_for("ana@example.com")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"

    submit(client, link)

    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["account"].startswith("dm_ss_")


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [("unknown", 404, "one of ours"), ("used", 410, "used already"), ("expired", 410, "too old")],
)
def test_a_link_that_is_of_no_use_says_why_and_offers_another(
    client: Browser, app: Flask, state: str, status: int, words: str
) -> None:
    from app.clock import now
    from app.db import transaction

    make_account("ana@example.com")
    link = link_for("ana@example.com")
    with transaction() as session:
        row = session.scalars(select(SignInLink)).one()
        row.used_at = now() if state == "used" else None
        row.expires_at = now() if state == "expired" else row.expires_at

    response = client.get("/sign-in/dm_si_nothing" if state == "unknown" else link)

    assert response.status_code == status
    assert words in response.text
    assert 'href="/sign-in"' in response.text


def test_a_session_is_dead_after_signing_out_even_for_who_copied_the_cookie(
    client: Browser, app: Flask
) -> None:
    signed_in(client, make_account("ana@example.com"))
    thief = another(app)
    with client.session_transaction() as cookie, thief.session_transaction() as copy:
        copy.update(cookie)
    assert thief.get("/desk/account").status_code == 200

    submit(client, "/desk/account", action="/sign-out")

    assert thief.get("/desk/account").status_code == 302


def test_a_demoted_member_is_signed_out_at_once(client: Browser, app: Flask) -> None:
    program = make_program()
    owner, other = make_member(program, Role.OWNER), make_member(program, Role.ORGANIZER)
    signed_in(client, other)
    member = db.session.scalars(select(Membership).where(Membership.account_id == other.id)).one()

    members.change_role(program.id, member.id, Role.VIEWER, by=owner.id)

    assert client.get(f"/desk/{program.slug}").location.startswith("/sign-in")


def test_an_invitation_is_accepted_by_a_button_and_not_by_looking(client: Browser, app: Flask) -> None:
    program = make_program()
    link = invitation_link(program, make_member(program, Role.OWNER).id)

    looked = client.get(link)
    before = db.session.scalars(select(AccountInvitation)).one().accepted_at
    response = submit(client, link)

    assert "new@example.com" in looked.text
    assert before is None
    assert response.location == f"/desk/{program.slug}"
    assert client.get(response.location).status_code == 200


def test_an_accepted_invitation_says_to_sign_in_instead(client: Browser, app: Flask) -> None:
    program = make_program()
    link = invitation_link(program, make_member(program, Role.OWNER).id)
    submit(client, link)

    response = another(app).get(link)

    assert response.status_code == 410
    assert "accepted already" in response.text


def test_an_owner_invites_and_withdraws_on_the_people_page(client: Browser, app: Flask) -> None:
    program = make_program()
    signed_in(client, make_member(program, Role.OWNER))
    page = f"/desk/{program.slug}/people"

    submit(client, page, {"address": "new@example.com", "role": "viewer"}, action=f"{page}/invitations")
    invitation = db.session.scalars(select(AccountInvitation)).one()
    submit(client, page, action=f"{page}/invitations/{invitation.id}/withdrawal")

    end_reading()
    assert invitation.role is Role.VIEWER
    assert db.session.scalars(select(AccountInvitation)).one().withdrawn_at
    assert "new@example.com" not in client.get(page).text


def test_a_refused_invitation_keeps_what_was_typed(client: Browser, app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    signed_in(client, owner)
    page = f"/desk/{program.slug}/people"

    response = submit(
        client, page, {"address": owner.address, "role": "viewer"}, action=f"{page}/invitations"
    )

    assert response.status_code == 422
    assert f'value="{owner.address}"' in response.text
    assert "a member already" in response.text


def test_the_page_offers_the_last_owner_no_way_out(client: Browser, app: Flask) -> None:
    program = make_program()
    signed_in(client, make_member(program, Role.OWNER))

    people = client.get(f"/desk/{program.slug}/people").text
    left = submit(client, "/desk/account", action=f"/desk/{program.slug}/people/leaving")

    assert "last owner" in people
    assert "/removal" not in people
    assert left.status_code == 422
    assert "needs an owner" in left.text


def test_another_browser_is_signed_out_from_the_account_page(client: Browser, app: Flask) -> None:
    account, other = make_account("ana@example.com"), another(app)
    signed_in(client, account)
    signed_in(other, account)
    newest = db.session.scalars(select(AccountSession).order_by(AccountSession.id.desc())).first()
    assert newest

    submit(client, "/desk/account", action=f"/desk/account/sessions/{newest.id}/end")

    assert client.get("/desk/account").status_code == 200
    assert other.get("/desk/account").status_code == 302


def test_name_and_language_of_mails_are_kept(client: Browser, app: Flask) -> None:
    account = make_account("ana@example.com")
    signed_in(client, account)

    submit(client, "/desk/account", {"name": " 김  하늘 ", "locale": "en"}, action="/desk/account")

    end_reading()
    db.session.refresh(account) if account in db.session else None
    page = client.get("/desk/account").text
    assert 'value="김 하늘"' in page


def test_the_command_makes_an_owner_whose_link_works_once(client: Browser, app: Flask) -> None:
    arguments = [
        "owner",
        "create",
        "owner@example.com",
        "--program-slug",
        "bootcamp",
        "--program-name-ko",
        "부트캠프",
    ]

    said = app.test_cli_runner().invoke(args=arguments).output
    link = "/sign-in/" + said.strip().rpartition("/")[2]

    assert submit(client, link).status_code == 303
    assert client.get("/desk").location == "/desk/bootcamp"
    assert another(app).get(link).status_code == 410


def test_the_command_says_what_is_wrong(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["owner", "link", "nobody@example.com"])

    assert result.exit_code == 1
    assert "nobody" not in result.output
    assert result.output.startswith("Error: ")


def test_an_owner_sees_who_was_active_and_signs_a_member_out(client: Browser, app: Flask) -> None:
    program = make_program()
    owner, member = make_member(program, Role.OWNER), make_member(program)
    theirs = another(app)
    signed_in(theirs, member)
    signed_in(client, owner)
    found = db.session.scalars(select(Membership.id).where(Membership.account_id == member.id)).one()
    people = f"/desk/{program.slug}/people"

    before = client.get(people).text
    answer = submit(client, people, {}, action=f"{people}/{found}/sessions/end")

    assert "signed in in 1 browser" in before
    assert answer.status_code == 303
    assert theirs.get(f"/desk/{program.slug}").status_code == 302


def test_an_owner_sees_who_was_active_at_single_meetups_and_signs_them_out(
    client: Browser, app: Flask
) -> None:
    meetup = make_meetup()
    owner, helper = make_member(meetup.program, Role.OWNER), make_helper(meetup, address="helper@example.com")
    theirs = another(app)
    signed_in(theirs, helper)
    signed_in(client, owner)
    found = db.session.scalars(select(MeetupMembership.id)).one()
    people = f"/desk/{meetup.program.slug}/people"

    before = client.get(people).text.partition('id="at-meetups-title"')[2]
    answer = submit(client, people, {}, action=f"{people}/at-meetups/{found}/sessions/end")

    assert "helper@example.com" in before
    assert "signed in in 1 browser" in before
    assert answer.status_code == 303
    assert theirs.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}").status_code == 302


def test_an_owner_sees_open_invitations_to_single_meetups_and_who_sent_them(
    client: Browser, app: Flask
) -> None:
    meetup = make_meetup(title_en="Autumn meetup")
    owner = make_member(meetup.program, Role.OWNER)
    organizer = make_member(meetup.program, Role.ORGANIZER, name="Ora")
    invitations.invite(
        meetup.program_id, "guest@example.com", Role.DOOR, by=organizer.id, locale="en", meetup_id=meetup.id
    )
    signed_in(client, owner)

    listed = client.get(f"/desk/{meetup.program.slug}/people").text.partition("invited-to-meetups-title")[2]

    for each in ("guest@example.com", "Autumn meetup", "Invited by Ora"):
        assert each in listed, each
