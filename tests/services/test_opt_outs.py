"""Opting out of what nobody asked for: by the page or by the mail program, held to at the last moment, and for good."""

from __future__ import annotations

import dataclasses
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.mailer import Mailer, parse
from app.models import AuditEntry, MailState, OutboxMail, Person, Program
from app.services.alumni import people
from app.services.mails import opt_outs, outbox, writing
from app.services.mails.letters import Kind, Letter
from app.services.personal import erasure
from app.services.running.worker import Worker
from config import Settings
from tests.factories import make_alumnus, make_cohort
from tests.support.client import Browser, submit
from tests.support.registering import owed
from tests.support.smtp import Sink, html_of, text_of

ADDRESS, ONE_CLICK = "haneul@example.com", {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def _thanks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails of thanks say what the shortest mail about a meetup says."""
    values = {"title": "밋업", "program": "부트캠프", "audience": "1기", "page": "/m/x", "contact": None}
    monkeypatch.setitem(writing.KINDS, "thanks", Kind(lambda *_: Letter("proof_not_eligible", values)))


@pytest.fixture
def person(app: Flask) -> Person:
    return make_alumnus(make_cohort(), "김하늘", ADDRESS)


def owe(person: Person, address: str = ADDRESS, kind: str = "thanks") -> OutboxMail:
    with transaction() as session:
        outbox.enqueue(session, kind, address, "ko", program_id=person.program_id)
    return owed()[-1]


def path_of(mail: OutboxMail) -> str:
    """The link, without the host."""
    return "/" + (opt_outs.link_of(mail) or "").split("/", 3)[3]


def state_of(mail: OutboxMail) -> MailState:
    end_reading()
    return db.session.get_one(OutboxMail, mail.id, populate_existing=True).state


def test_one_press_in_the_mail_program_and_what_was_owed_already_is_held_back(
    client: Browser, smtp: Sink, person: Person
) -> None:
    first, second = owe(person), owe(person)
    others = owe(make_alumnus(make_cohort(), address="other@example.com"), "other@example.com")
    page = path_of(first)
    for _ in range(3):
        assert client.get(page).status_code == client.head(page).status_code == 200

    done = client.post(page, data=ONE_CLICK)
    again = client.post(page, data=ONE_CLICK)
    mailer = Mailer(parse(smtp.url))
    Worker(mailer).run_once()
    mailer.close()

    assert (done.status_code, again.status_code) == (200, 200)
    assert "You get no more of these" in done.text
    assert [state_of(mail) for mail in (first, second, others)] == [
        MailState.UNWANTED, MailState.UNWANTED, MailState.SENT,
    ]  # fmt: skip
    assert [str(mail["To"]) for mail in smtp.messages] == ["other@example.com"]
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.program_id == person.program_id))
    assert acts.all() == ["opt_out.made"]


def test_the_page_leads_back_and_says_nothing_of_whose_address_it_is(client: Browser, person: Person) -> None:
    known, unknown = path_of(owe(person)), path_of(owe(person, "nobody@example.com"))

    pages = [client.get(each).text for each in (known, unknown)]
    submit(client, known, action=known)
    out = client.get(known).text
    back = submit(client, known, action=f"{known}/return")

    assert ADDRESS not in pages[0]
    assert "김하늘" not in pages[0]
    assert len(pages[0]) == len(pages[1])
    assert "I want them again" in out
    assert "You get them again" in back.text
    assert writing.write([owe(person)]).unwanted == []


def test_it_holds_for_all_of_a_persons_addresses_for_this_programme_only_and_for_what_was_asked_for_not_at_all(
    client: Browser, person: Person
) -> None:
    people.add_address(person.program_id, person.id, "new@example.com", "account:1")
    elsewhere = make_alumnus(make_cohort(), address=ADDRESS)
    client.post(path_of(owe(person)), data=ONE_CLICK)

    mails = [owe(person, "NEW@example.com"), owe(elsewhere), owe(person, kind="registration_confirmed")]

    assert writing.write(mails).unwanted == [mails[0].id]
    assert opt_outs.people(person.program_id) == {person.id}
    assert opt_outs.link_of(mails[2]) is None


def test_it_outlives_an_erasure_and_an_address_that_is_taken_away(client: Browser, person: Person) -> None:
    people.add_address(person.program_id, person.id, "new@example.com", "account:1")
    link = path_of(owe(person, "new@example.com"))
    client.post(link, data=ONE_CLICK)
    end_reading()
    added = next(each for each in db.session.get_one(Person, person.id).addresses if each.address != ADDRESS)

    people.remove_address(person.program_id, person.id, added.id, "account:1")
    assert writing.write([owe(person)]).unwanted
    erasure.erase(person.id, "person", Asked.LINK)
    end_reading()
    cohort = make_cohort(db.session.get_one(Program, person.program_id))

    assert writing.write([owe(make_alumnus(cohort, address=ADDRESS))]).unwanted
    assert "You get no more of these" in client.get(link).text


def test_the_mail_says_how_in_its_foot_and_to_the_mail_program(
    app: Flask, person: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = dataclasses.replace(settings, BASE_URL="https://meet.example.org")
    mail = owe(person)
    plain = written(mail)
    monkeypatch.setitem(app.config, "SETTINGS", secure)

    message = written(mail)

    link = opt_outs.link_of(mail)
    assert link
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in text_of(message)
    assert link in html_of(message)
    assert plain["List-Unsubscribe"].startswith("<http://")
    assert plain["List-Unsubscribe-Post"] is None


def written(mail: OutboxMail) -> Any:
    (data,) = writing.write([mail]).messages.values()
    return message_from_bytes(data, policy=policy.default)
