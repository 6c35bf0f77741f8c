"""Invitations for those whom mail doesn't reach: a text to copy, and phones and texts for the office's SMS service."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import ColumnElement, select, update

from app import reading, ready_texts
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.writing.messages import size
from app.models import (
    AuditEntry,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Person,
    PersonAddress,
    PersonPhone,
    Role,
)
from app.models.mail import MailState
from app.services.inviting import answers, invitation_texts, meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.mails import opt_outs
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_program, sign_in
from tests.support.client import Browser, submit
from tests.support.counting import statements

pytestmark = pytest.mark.one_database


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    program = make_program(name_ko="부트캠프")
    sign_in(client, make_member(program, Role.ORGANIZER))
    return make_meetup(program, cohorts=[make_cohort(program, 1)])


def desk(meetup: Meetup, rest: str) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/{rest}"


def invited(meetup: Meetup, name: str, state: MailState, phone: str = "") -> Person:
    """Somebody whose invitation came to this."""
    person = make_alumnus(meetup.cohorts[0], name)
    end_reading()
    choice = Choice(frozenset(), frozenset({person.id}))
    meetup_invitations.invite(meetup.id, choice, "", "account:1")
    with transaction() as session:
        mail = update(OutboxMail).where(OutboxMail.address == person.addresses[0].address)
        session.execute(mail.values(state=state))
        if state is MailState.FAILED:
            session.execute(update(PersonAddress).where(of(person)).values(dead_since=now()))
        if phone:
            digits = phone.replace("-", "")
            session.add(PersonPhone(person_id=person.id, number=phone, digits=digits, last_four=digits[-4:]))
    return person


def of(person: Person) -> ColumnElement[bool]:
    return PersonAddress.person_id == person.id


def links(person: Person) -> tuple[str, str]:
    end_reading()
    uid = db.session.scalars(
        select(MeetupInvitation.uid).where(MeetupInvitation.person_id == person.id)
    ).one()
    return meetup_invitations.link_of(uid), meetup_invitations.link_of(uid, "rsvp.declining")


def rows(data: bytes) -> list[Any]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_the_message_to_copy_has_the_link_that_helps_this_person(client: Browser, meetup: Meetup) -> None:
    """The code of an invitation's link goes to the address that is dead: there the public page is the way."""
    bounced = invited(meetup, "반송이", MailState.FAILED)
    silent = invited(meetup, "조용이", MailState.SENT)
    own, decline = links(bounced)
    of_silent, _ = links(silent)

    page = client.get(desk(meetup, "invitations?fate=unreached")).text
    others = client.get(desk(meetup, "invitations?fate=silent")).text

    assert "반송이 님," in page
    assert f"여기에서 메일을 받을 수 있는 주소로 신청해 주세요: http://localhost:8000/m/{meetup.slug}" in page
    assert decline in page
    assert f"{own}\n" not in page
    assert of_silent in others


def test_there_is_no_message_to_copy_for_whoever_opted_out(client: Browser, meetup: Meetup) -> None:
    invited(meetup, "거절이", MailState.SENT)
    mail = db.session.scalars(select(OutboxMail)).one()
    link = opt_outs.link_of(mail)
    assert link
    opt_outs.opt_out(meetup.program_id, link.split("/")[-2])
    end_reading()

    page = client.get(desk(meetup, "invitations")).text

    assert "거절이" in page
    assert "거절이 님," not in page


def test_who_is_not_reached_gets_a_text_without_anybodys_own_link(client: Browser, meetup: Meetup) -> None:
    bounced = invited(meetup, "반송이", MailState.FAILED, "010-1234-0000")
    no = invited(meetup, "못와요", MailState.FAILED, "010-1234-0001")
    invited(meetup, "전화없음", MailState.FAILED)
    invited(meetup, "조용이", MailState.SENT, "010-1234-0002")
    end_reading()
    ids = {row.person_id: row.id for row in db.session.scalars(select(MeetupInvitation))}
    answers.decline(ids[no.id])
    here = desk(meetup, "not-registered/texts?invited=unreached")

    look = client.get(here).text
    refused = submit(client, here, {"reason": ""})
    (row,) = rows(submit(client, here, {"reason": "문자 발송"}).data)

    assert '<td class="num">1</td></tr>' in look
    assert "reach=no_phone" not in look, "the list has those, too, who are left out of the count"
    assert refused.status_code == 422
    assert row[:2] == ("반송이", "010-1234-0000")
    assert f"/m/{meetup.slug}" in row[2]
    assert not any(link in row[2] for link in links(bounced))
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.reason, entry.details) == ("unregistered.phones_taken", "문자 발송", {"rows": 1})


def test_those_who_were_never_invited_get_texts_too(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0], "새사람")
    with transaction() as session:
        session.add(
            PersonPhone(person_id=person.id, number="01011112222", digits="01011112222", last_four="2222")
        )

    (row,) = rows(submit(client, desk(meetup, "not-registered/texts"), {"reason": "문자"}).data)

    assert row[:2] == ("새사람", "01011112222")
    assert f"여기에서 신청해 주세요: http://localhost:8000/m/{meetup.slug}" in row[2]
    assert "부트캠프" in row[2]


def test_one_text_is_written_for_all_who_read_the_same_but_their_name(
    client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[str, bool]] = []
    write = ready_texts.inviting

    def noted(meetup: Meetup, name: str, locale: str, *, reached: bool) -> str:
        written.append((locale, reached))
        return write(meetup, name, locale, reached=reached)

    monkeypatch.setattr(ready_texts, "inviting", noted)
    names = [f"김{sign}" for sign in "가나다라마"] + ["Ann %s {name}", "쀍😀"]
    for number, name in enumerate(names):
        person, phone = make_alumnus(meetup.cohorts[0], name), f"0101111000{number}"
        with transaction() as session:
            session.add(PersonPhone(person_id=person.id, number=phone, digits=phone, last_four=phone[-4:]))
            if name == "김마":
                session.execute(update(PersonAddress).where(of(person)).values(dead_since=now()))

    look = client.get(desk(meetup, "not-registered/texts")).text

    assert (len(written), set(written)) == (2, {("ko", True), ("ko", False)})
    assert f'<td class="num">{len(names)}</td>' in look
    written.clear()
    found = rows(submit(client, desk(meetup, "not-registered/texts"), {"reason": "문자"}).data)
    assert len(written) == 2 + 2, "for the form that it was sent from, and for the file"
    assert sorted(row[0] for row in found) == sorted(names)
    end_reading()
    again = db.session.get_one(Meetup, meetup.id)
    for name, _phone, text, number, _size in found:
        assert text == write(again, name, "ko", reached=name != "김마")
        assert number == size(text)[0]


def test_a_look_asks_as_much_for_many_as_for_one(
    client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHUNK", 2)
    here = desk(meetup, "not-registered/texts")
    invited(meetup, "한사람", MailState.SENT, "010-1234-0000")
    client.get(here)
    with statements() as for_one:
        client.get(here)
    for number in range(1, 8):
        invited(meetup, f"사람{number}", MailState.SENT, f"010-1234-000{number}")

    with statements() as for_many:
        look = client.get(here).text

    assert len(for_many) == len(for_one)
    assert '<td class="num">8</td>' in look
    assert "there are more" not in look


def test_of_very_many_some_are_counted_and_all_are_in_the_workbook(
    client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitation_texts, "COUNTED", 2)
    for number in range(3):
        invited(meetup, f"사람{number}", MailState.SENT, f"010-1234-000{number}")
    client.set_cookie("lang", "en")
    here = desk(meetup, "not-registered/texts")

    look = client.get(here).text

    assert "Counted are 2 people, and there are more. The workbook has them all." in look
    assert '<td class="num">2</td>' in look
    assert len(rows(submit(client, here, {"reason": "문자"}).data)) == 3
