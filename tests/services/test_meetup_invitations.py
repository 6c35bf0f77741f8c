"""Invitations: each person once, what became of them, the silent reminded, a forwarded link that is nobody's way in."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import mail_words
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.inviting import Fate
from app.models import MailState, Meetup, MeetupInvitation, OutboxMail, Person
from app.services.alumni import people
from app.services.inviting import candidates, invitation_fates, meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.mails import opt_outs, outbox, writing
from app.services.personal import erasure
from app.services.registering import registrations
from tests.factories import make_alumnus, make_cohort, make_entry, make_meetup, make_participant, make_program
from tests.support.client import Browser, submit
from tests.support.registering import all_go_out, owed, register
from tests.support.smtp import html_of, text_of

DAY = dt.timedelta(days=1, minutes=1)
ORGANIZER = "account:1"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program(name_ko="부트캠프", name_en="Bootcamp")
    return make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)])


def alumni(meetup: Meetup, *names: str) -> list[Person]:
    return [make_alumnus(meetup.cohorts[0], name, f"{name}@example.com") for name in names]


def everybody(meetup: Meetup) -> Choice:
    return Choice(frozenset(cohort.id for cohort in meetup.cohorts), frozenset())


def invite(meetup: Meetup, words: str = "") -> int:
    end_reading()
    return meetup_invitations.invite(meetup.id, everybody(meetup), words, ORGANIZER)


def fates(meetup: Meetup) -> dict[str, str]:
    """By name, what became of each invitation."""
    end_reading()
    stands = invitation_fates.of_meetup(db.session(), db.session.get_one(Meetup, meetup.id))
    return {row.name: stand.fate.value for stand, row in invitation_fates.listed(stands, start=0, size=99)}


def path_of(person: Person) -> str:
    uid = db.session.scalars(
        select(MeetupInvitation.uid).where(MeetupInvitation.person_id == person.id)
    ).one()
    return "/" + meetup_invitations.link_of(uid).split("/", 3)[3]


def written(mail: OutboxMail) -> Any:
    outcome = writing.write([mail])
    assert outcome.broken == {}
    return message_from_bytes(outcome.messages[mail.id], policy=policy.default)


def test_each_is_invited_once_and_who_joins_the_roster_later_is_not_invited_yet(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    both = make_alumnus(first, "둘다")
    make_entry(second, both)
    registered, out = alumni(meetup, "registered", "out")
    make_participant(first, "중도")
    register(meetup, registered)
    opt_out(out)

    counted = candidates.by_cohort(candidates.of_meetup(db.session(), meetup))
    assert (counted[first.id].open, dict(counted[first.id].held)) == (1, {"registered": 1, "opted_out": 1})

    assert invite(meetup) == 1
    with pytest.raises(DomainError, match="nobody_to_invite"):
        invite(meetup)
    alumni(meetup, "later")
    assert invite(meetup) == 1
    assert [mail.address for mail in owed("invitation")] == [both.addresses[0].address, "later@example.com"]


def opt_out(person: Person) -> None:
    mail = OutboxMail(kind="invitation", program_id=person.program_id, address=person.addresses[0].address)
    opt_outs.opt_out(person.program_id, (opt_outs.link_of(mail) or "").split("/")[-2])


def test_what_became_of_each_is_told_without_tracking_anybody(client: Browser, meetup: Meetup) -> None:
    names = ["registers", "declines", "silent", "refused", "waits", "opts-out", "cancels"]
    by_name = dict(zip(names, alumni(meetup, *names), strict=True))
    invite(meetup)
    mails = {mail.address.partition("@")[0]: mail for mail in owed("invitation")}
    outbox.settle_failed(mails["refused"], "550 5.1.1 no such user", permanent=True)
    outbox.settle_sent([mail.id for name, mail in mails.items() if name not in {"refused", "waits"}])
    register(meetup, by_name["registers"])
    registrations.cancel(register(meetup, by_name["cancels"]).id)
    link = path_of(by_name["declines"])
    for _ in range(3):
        assert client.get(f"{link}/decline").status_code == 200
    assert fates(meetup)["declines"] == "silent"
    submit(client, f"{link}/decline", action=f"{link}/decline")
    opt_out(by_name["opts-out"])

    assert fates(meetup) == {
        "registers": "registered",
        "declines": "declined",
        "cancels": "declined",
        "silent": "silent",
        "refused": "unreached",
        "waits": "queued",
        "opts-out": "opted_out",
    }
    assert writing.write([mails["waits"]]).messages
    with transaction() as session:
        session.get_one(Meetup, meetup.id).closes_at = now() - dt.timedelta(minutes=1)
    assert writing.write(list(mails.values())).messages == {}


def test_the_silent_are_reminded_once_a_day_at_the_address_that_they_have_by_now(meetup: Meetup) -> None:
    _silent, moved, registered, _dead = alumni(meetup, "silent", "moved", "registered", "dead")
    invite(meetup)
    mails = {mail.address.partition("@")[0]: mail for mail in owed()}
    for name in ("dead", "moved"):
        outbox.settle_failed(mails[name], "550 5.1.1 no such user", permanent=True)
    all_go_out()
    people.add_address(meetup.program_id, moved.id, "new@example.com", ORGANIZER)
    register(meetup, registered)
    with pytest.raises(DomainError, match="nobody_to_remind"):
        meetup_invitations.remind(meetup.id, "", ORGANIZER)

    with time_machine.travel(now() + DAY):
        assert meetup_invitations.remind(meetup.id, "자리가 조금 남았어요.", ORGANIZER) == 2
        with pytest.raises(DomainError, match="nobody_to_remind"):
            meetup_invitations.remind(meetup.id, "", ORGANIZER)
        reminders = owed("invitation_reminder")
        assert [mail.address for mail in reminders] == ["silent@example.com"]
        assert owed("invitation")[-1].address == "new@example.com", "to whom none came it is no reminder"
        assert "자리가 조금 남았어요." in text_of(written(reminders[0]))
        all_go_out()
    assert fates(meetup) == {
        "silent": "silent", "moved": "silent", "registered": "registered", "dead": "unreached",
    }  # fmt: skip
    with time_machine.travel(now() + 2 * DAY):
        assert meetup_invitations.remind(meetup.id, "", ORGANIZER) == 2


def test_who_opts_out_before_their_mail_goes_and_back_in_can_be_asked_after_all(meetup: Meetup) -> None:
    (person,) = alumni(meetup, "haneul")
    invite(meetup)
    opt_out(person)
    outbox.settle_unwanted(writing.write(owed()).unwanted)
    assert fates(meetup) == {"haneul": "opted_out"}

    opt_outs.opt_in(person.program_id, (opt_outs.link_of(owed()[0]) or "").split("/")[-2])

    assert fates(meetup) == {"haneul": "unsent"}
    assert meetup_invitations.remind(meetup.id, "", ORGANIZER) == 1
    assert [mail.kind for mail in owed()] == ["invitation", "invitation"]


def test_they_go_out_at_a_pace_one_batch_after_the_other(app: Flask, meetup: Meetup) -> None:
    alumni(meetup, "a", "b", "c")
    with time_machine.travel(now(), tick=False):
        invite(meetup)
        alumni(meetup, "d")
        invite(meetup)
        begun = now()

    step = dt.timedelta(minutes=1) / app.config["SETTINGS"].INVITATIONS_PER_MINUTE
    assert [mail.due_at - begun for mail in owed("invitation")] == [step * n for n in range(4)]


def test_the_mail_says_what_it_is_about_whose_it_is_and_how_to_say_no(meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0], "하늘", "haneul@example.com")
    invite(meetup, "오랜만에 만나요.\n<b>꼭</b> 오세요.")
    mail = owed("invitation")[0]

    message = written(mail)

    link = meetup_invitations.link_of(db.session.scalars(select(MeetupInvitation.uid)).one())
    assert message["Subject"] == f"[{meetup.title_ko}] 초대해요"
    for part in (text_of(message), html_of(message)):
        assert "하늘 님" in part
        assert "오랜만에 만나요." in part
        assert f"{link}/decline" in part
        assert opt_outs.link_of(mail) in part
    assert "<b>꼭</b>" not in html_of(message)
    assert "List-Unsubscribe" in message
    assert mail.params.keys() == {"invitation", "batch"}
    register(meetup, person)
    assert writing.write([mail]).dropped == [mail.id]


def test_a_forwarded_link_shows_nothing_of_whom_it_invites_and_its_code_goes_to_them_alone(
    client: Browser, meetup: Meetup
) -> None:
    (person,) = alumni(meetup, "haneul")
    invite(meetup)
    all_go_out()
    link = path_of(person)

    page = client.get(link)
    asked = submit(client, link, action=link)
    code = client.get(asked.location)
    cookie = client.get_cookie("dongmun")

    assert page.status_code == 200
    assert meetup.title_en in page.text
    assert "Not you?" in page.text
    assert "Check the mailbox where the invitation came" in code.text
    for text in (page.text, code.text, str(cookie)):
        assert "haneul" not in text
    with client.session_transaction() as kept:
        assert "haneul" not in str(dict(kept))
    assert [(mail.kind, mail.address) for mail in owed()[1:]] == [("proof", "haneul@example.com")]
    register(meetup, person)
    assert client.get(link).text.count("You are invited") == page.text.count("You are invited")
    assert (
        submit(
            client, f"/m/{meetup.slug}/code", {"code": "0000 0000"}, action=f"/m/{meetup.slug}/code"
        ).status_code
        == 422
    )


def test_erasing_somebody_takes_their_invitation_and_voids_its_link(client: Browser, meetup: Meetup) -> None:
    (person,) = alumni(meetup, "haneul")
    invite(meetup)
    link = path_of(person)

    erasure.erase(person.id, "person", Asked.LINK)

    assert db.session.scalars(select(MeetupInvitation)).all() == []
    assert client.get(link).status_code == 404
    assert [mail.state for mail in owed()] == [MailState.DROPPED]


@pytest.mark.parametrize("fate", Fate)
def test_every_fate_has_its_word(fate: Fate) -> None:
    assert mail_words.INVITED[fate]
