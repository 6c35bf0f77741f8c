"""Invitations at the desk, and their pages on the other side."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.db import db, end_reading, transaction
from app.domain.seating.modes import Mode
from app.models import AuditEntry, Meetup, MeetupInvitation, MeetupState, OutboxMail, PersonAddress, Role
from app.services.inviting import meetup_invitations
from app.services.mails import writing
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_program, sign_in
from tests.support.client import Browser, Page, submit
from tests.support.counting import statements
from tests.support.registering import all_go_out, owed, prove_in, register
from tests.support.smtp import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program()
    found = make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)])
    make_alumnus(found.cohorts[0], "김하늘", "haneul@example.com")
    sign_in(client, make_member(program, Role.ORGANIZER))
    return found


def page_of(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/invitations"


def link() -> str:
    end_reading()
    uid = db.session.scalars(select(MeetupInvitation.uid).order_by(MeetupInvitation.id.desc())).first()
    return "/" + meetup_invitations.link_of(str(uid)).split("/", 3)[3]


def written(mail: OutboxMail) -> Any:
    outcome = writing.write([mail])
    assert outcome.broken == {}
    return message_from_bytes(outcome.messages[mail.id], policy=policy.default)


def test_an_organizer_looks_at_the_mail_in_both_languages_before_it_goes(
    client: Browser, meetup: Meetup
) -> None:
    page, cohort = page_of(meetup), meetup.cohorts[0].id
    assert "Nobody is invited yet" in client.get(page).text

    nobody = submit(client, page, action=f"{page}/preview")
    look = submit(client, page, {"cohort": cohort}, action=f"{page}/preview")
    token = look.text.split('name="csrf_token" value="')[1].split('"')[0]
    given = {"csrf_token": token, "cohort": cohort, "words": "오랜만이에요 <3"}
    with_words = client.post(f"{page}/preview", data=given)
    too_long = client.post(page, data=given | {"words": "가" * 501})
    assert owed("invitation") == []
    sent = client.post(page, data=given)
    again = client.post(page, data=given)

    assert (nobody.status_code, too_long.status_code, again.status_code) == (422, 422, 422)
    assert "Tick a cohort" in nobody.text
    assert "Invite 1 person?" in look.text
    assert f"[{meetup.title_ko}] 초대해요" in look.text
    assert f"[{meetup.title_en}] You are invited" in look.text
    assert with_words.text.count("오랜만이에요 &lt;3") == 3
    assert sent.status_code == 303
    assert "Nobody of those is left" in again.text
    shown = client.get(page).text
    assert "haneul@example.com" in shown
    assert "Being sent" in shown
    assert [mail.address for mail in owed("invitation")] == ["haneul@example.com"]
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-1] == "invitations.sent"


def test_single_people_are_found_and_invited(client: Browser, meetup: Meetup) -> None:
    page = f"{page_of(meetup)}?q=ㄱㅎㄴ"
    person = make_alumnus(meetup.cohorts[1], "강하나", "hana@example.com")
    make_alumnus(make_cohort(meetup.program, 3), "강하니")

    shown = client.get(page).text
    submit(client, page_of(meetup), {"who": person.id}, action=f"{page_of(meetup)}/preview")
    meetup_invitations.invite(
        meetup.id, meetup_invitations.Choice(frozenset(), frozenset({person.id})), "", "account:1"
    )

    assert "강하나" in shown
    assert "김하늘" in shown
    assert "강하니" not in shown, "this meetup is not for their cohort"
    assert [mail.address for mail in owed("invitation")] == ["hana@example.com"]
    assert "invited already" in client.get(page).text
    assert "Nobody who may come is found" in client.get(f"{page_of(meetup)}?q=없는사람").text


def test_the_page_asks_as_much_for_five_people_as_for_fifty(client: Browser, meetup: Meetup) -> None:
    page = page_of(meetup)

    def asked() -> int:
        end_reading()
        with statements() as found:
            assert client.get(page).status_code == 200
        return len([each for each in found if each.startswith("SELECT")])

    def invite_more(number: int) -> None:
        for _ in range(number):
            make_alumnus(meetup.cohorts[0])
        choice = meetup_invitations.Choice(frozenset({meetup.cohorts[0].id}), frozenset())
        meetup_invitations.invite(meetup.id, choice, "", "account:1")

    invite_more(4)
    client.get(page)
    few = asked()
    invite_more(45)

    assert asked() == few


def test_the_desk_lets_in_without_a_mail_and_takes_back_and_shows_what_was_sent(
    client: Browser, meetup: Meetup
) -> None:
    page = page_of(meetup)
    mute = make_alumnus(meetup.cohorts[0], "무주소", "mute@example.com")
    with transaction() as session:
        session.get_one(Meetup, meetup.id).mode = Mode.INVITATION
        session.execute(delete(PersonAddress).where(PersonAddress.person_id == mute.id))
    meetup_invitations.invite(
        meetup.id,
        meetup_invitations.Choice(frozenset({meetup.cohorts[0].id}), frozenset()),
        "꼭 오세요",
        "account:1",
    )

    token = {"csrf_token": Page(client.get(f"{page}?q=무주소").text).forms[-1].fields["csrf_token"]}
    refused = client.post(f"{page}/without-mail", data=token)
    let_in = client.post(f"{page}/without-mail", data=token | {"who": mute.id}, follow_redirects=True)
    end_reading()
    ids = {row.person_id: row.id for row in db.session.scalars(select(MeetupInvitation))}
    taken = submit(client, page, action=f"{page}/{ids[mute.id]}/withdrawal", follow_redirects=True)
    again = client.post(f"{page}/{ids[mute.id]}/withdrawal", data=token)

    assert (refused.status_code, again.status_code) == (422, 410)
    assert "Nobody of those needs it" in refused.text
    assert "1 person may register now. Tell them yourself" in let_in.text
    assert "No mail sent" in let_in.text
    assert "꼭 오세요" in let_in.text
    assert "The invitation is taken back" in taken.text
    assert "무주소" not in taken.text
    assert "was taken back already" in again.text
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert [act for act in acts if "invitation" in act] == [
        "invitations.sent",
        "invitations.let_in",
        "invitation.withdrawn",
    ]


def test_nobody_is_invited_to_what_nobody_can_register_for(client: Browser, meetup: Meetup) -> None:
    with transaction() as session:
        session.get_one(Meetup, meetup.id).state = MeetupState.CLOSED

    assert "Nobody can be invited at the moment" in client.get(page_of(meetup)).text


def test_an_invited_person_registers_with_a_code_and_a_no_is_taken_back(
    app: Flask, client: Browser, meetup: Meetup
) -> None:
    choice = meetup_invitations.Choice(frozenset({meetup.cohorts[0].id}), frozenset())
    meetup_invitations.invite(meetup.id, choice, "", "account:1")
    all_go_out()
    person = app.test_client()
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    here = link()

    no = submit(person, f"{here}/decline", action=f"{here}/decline", follow_redirects=True)
    stranger = app.test_client()
    stranger.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    seen_by_others = stranger.get(f"{here}/decline")
    assert "Thank you for telling us" in no.text
    assert "Can you come?" in seen_by_others.text
    assert "Thank you" not in seen_by_others.text
    assert seen_by_others.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in stranger.get(f"/m/{meetup.slug}").headers
    (noted,) = owed("invitation_declined")
    assert (noted.address, noted.locale) == ("haneul@example.com", "ko"), (
        "in their language, not the presser's"
    )
    assert f"{here}/decline" in text_of(written(noted))
    assert "badge--over" in client.get(page_of(meetup)).text
    back = submit(person, f"{here}/decline", action=f"{here}/decline/undo")
    assert back.location == here
    submit(person, f"{here}/decline", action=f"{here}/decline")
    submit(person, f"{here}/decline", action=f"{here}/decline/undo")
    assert len(owed("invitation_declined")) == 1, "who presses back and forth fills nobody's mailbox"
    asked = submit(person, here, action=here)
    again = submit(person, asked.location, action=here)

    assert (asked.status_code, again.status_code) == (303, 303)
    assert len(owed("proof")) == 2
    done = prove_in(person, meetup, "haneul@example.com")
    assert "김하늘" in person.get(done.location).text
    assert person.get(here[:-3] + "xxx").status_code == 404


def test_changing_to_invitations_alone_says_whom_it_affects_and_the_public_page_tells_everybody(
    client: Browser, meetup: Meetup
) -> None:
    cohort = meetup.cohorts[0]
    register(meetup, make_alumnus(cohort))
    for _ in range(2):
        make_alumnus(cohort)
    rules = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/seats"

    warned = submit(client, rules, {"mode": "invitation"})
    form = next(form for form in Page(warned.text).forms if "understood" in form.fields)
    saved = client.post(rules, data=form.fields)
    overview = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}").text

    assert "3 more people of these cohorts can't register" in warned.text
    assert "1 person registered without an invitation keeps their place" in warned.text
    assert saved.status_code == 303
    assert "Nobody is invited yet" in overview
    assert "This meetup is by invitation." in client.get(f"/m/{meetup.slug}").text
    end_reading()
    meetup_invitations.invite(
        meetup.id, meetup_invitations.Choice(frozenset({cohort.id}), frozenset()), "", "account:1"
    )
    back = submit(client, rules, {"mode": "first_come"})
    assert "For nobody anything changes at this moment." in back.text, "all of them are invited already"
    assert "0 more people" not in back.text
