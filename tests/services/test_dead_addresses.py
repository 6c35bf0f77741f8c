"""Addresses at which no mail arrives: refused at sending or come back, seen by organizers, and alive again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hmac
import io
import json
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import bounces
from app.domain.bounces import Bounce
from app.models import AuditEntry, MailState, Meetup, OutboxMail, Person, PersonAddress, Role
from app.services.alumni import people
from app.services.inviting import meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.mails import dead_addresses, outbox, writing
from config import Settings
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, sign_in
from tests.support.client import Browser, submit
from tests.support.registering import all_go_out, owed, prove_in, register

ADDRESS, GONE = "haneul@school.example", "550 5.1.1 <haneul@school.example>: user unknown"
DAY = dt.timedelta(days=1, minutes=1)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort()])


@pytest.fixture
def person(meetup: Meetup) -> Person:
    return make_alumnus(meetup.cohorts[0], "김하늘", ADDRESS)


def report(message_id: str, action: str = "failed", said: str = GONE, *, whole: bool = True) -> bytes:
    """What a mail server sends back about the mail of that id, in the shape of RFC 3464."""
    found = MIMEMultipart("report", **{"report-type": "delivery-status"})
    found["From"], found["To"], found["Subject"] = (
        "MAILER-DAEMON@mx.example",
        "dongmun@example.com",
        "Undelivered",
    )
    found.attach(MIMEText("Your mail could not be delivered."))
    status = MIMENonMultipart("message", "delivery-status")
    of_mail, of_recipient = Message(), Message()
    of_mail["Reporting-MTA"] = "dns; mx.example"
    of_recipient["Final-Recipient"], of_recipient["Action"] = f"rfc822; {ADDRESS}", action
    of_recipient["Status"] = said.split()[1]
    of_recipient["Diagnostic-Code"] = f"smtp; {said}"
    status.set_payload([of_mail, of_recipient])
    found.attach(status)
    original = EmailMessage()
    original["Message-ID"], original["Subject"] = message_id, "초대해요"
    original.set_content("…")
    returned = MIMENonMultipart("message", "rfc822") if whole else MIMEText("", "rfc822-headers")
    returned.set_payload([original] if whole else f"Subject: x\nMessage-ID: {message_id}\n")
    found.attach(returned)
    return found.as_bytes()


def mark_of(address: str = ADDRESS) -> str | None:
    end_reading()
    row = db.session.query(PersonAddress).filter_by(address_key=address).one()
    if row.dead_since and row.dead_words is None:
        return "by hand"
    assert (row.dead_since is None) == (row.dead_words is None)
    return row.dead_words


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_is_read_and_nothing_else_is(whole: bool) -> None:
    assert bounces.read(report("<a@b.example>", whole=whole)) == Bounce("<a@b.example>", GONE)
    late = bounces.read(report("<a@b.example>", said="451 4.4.7 expired"))
    assert late
    assert late.said == "451 4.4.7 expired"
    for other in (
        report("<a@b.example>", "delayed"),
        report("no id"),
        b"From: somebody\r\nIn-Reply-To: <a@b.example>\r\n\r\nThanks!",
        b"",
        b"\xff\x00" * 50,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n",
        report("<a@b.example>") + b"x" * bounces.MOST_BYTES,
    ):
        assert bounces.read(other) is None


def test_a_mail_that_comes_back_has_failed_and_its_address_is_marked_once(
    app: Flask, meetup: Meetup, person: Person, tmp_path: Path
) -> None:
    register(meetup, person)
    all_go_out()
    (mail,) = owed()
    file = tmp_path / "bounce.eml"
    file.write_bytes(report(mail.message_id))
    run = app.test_cli_runner().invoke

    assert run(args=["mail", "bounces", str(file)]).output == "noted\n"
    assert run(args=["mail", "bounces"], input=file.read_bytes()).output == "noted\n"
    stranger = run(args=["mail", "bounces"], input=report("<forged@example.com>"))

    assert (stranger.exit_code, stranger.output) == (0, "no report of a mail of ours\n")
    assert (owed()[0].state, owed()[0].last_error, mark_of()) == (MailState.FAILED, GONE, GONE)


def test_a_mail_service_reports_by_a_signed_request_and_nobody_else_does(
    app: Flask,
    client: Browser,
    meetup: Meetup,
    person: Person,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register(meetup, person)
    all_go_out()
    body = json.dumps({"message_id": owed()[0].message_id, "said": GONE}).encode()
    signed = {"X-Signature": "sha256=" + hmac.digest(b"key", body, "sha256").hex()}
    assert client.post("/mail-reports", data=body, headers=signed).status_code == 404, "no key is set"
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(settings, MAIL_REPORT_KEY="key"))

    wrong = [
        client.post("/mail-reports", data=body),
        client.post("/mail-reports", data=body + b" ", headers=signed),
        client.post("/mail-reports", data=body, headers={"X-Signature": "sha256=\xe9"}),
    ]
    assert [each.status_code for each in wrong] == [404, 404, 404]
    assert mark_of() is None
    done = [client.post("/mail-reports", data=body, headers=signed).status_code for _ in range(2)]

    assert done == [204, 204]
    assert (owed()[0].state, mark_of()) == (MailState.FAILED, GONE)


@pytest.mark.parametrize("said", ["552 5.2.2 mailbox full", "554 5.7.1 blocked", "451 4.4.7 expired"])
def test_what_is_not_about_the_address_marks_none(meetup: Meetup, person: Person, said: str) -> None:
    register(meetup, person)
    all_go_out()

    assert dead_addresses.take_back(report(owed()[0].message_id, said=said))

    assert (owed()[0].state, mark_of()) == (MailState.FAILED, None)


def test_what_a_server_refuses_at_sending_marks_the_address_until_somebody_reads_a_code_there(
    client: Browser, meetup: Meetup, person: Person
) -> None:
    register(meetup, person)
    outbox.settle_failed(owed()[0], GONE, permanent=True)
    assert mark_of() == GONE
    assert dead_addresses.revive() == 0

    prove_in(client, meetup, ADDRESS)

    assert (dead_addresses.revive(), mark_of()) == (1, None)


def test_a_mail_that_stays_a_day_clears_the_mark(meetup: Meetup, person: Person) -> None:
    register(meetup, person)
    outbox.settle_failed(owed()[0], GONE, permanent=True)
    with time_machine.travel(now() + DAY, tick=False):
        outbox.requeue_failed()
        all_go_out()
        assert dead_addresses.revive() == 0
    with time_machine.travel(now() + 3 * DAY, tick=False):
        assert (dead_addresses.revive(), mark_of()) == (1, None)


def test_organizers_see_it_and_know_better(client: Browser, meetup: Meetup, person: Person) -> None:
    held = register(meetup, person)
    outbox.settle_failed(owed()[0], GONE, permanent=True)
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    desk = f"/desk/{meetup.program.slug}"
    entry = f"{desk}/cohorts/{meetup.cohorts[0].ordinal}/entries/{person.id}"
    (known,) = person.addresses

    for page in (
        entry,
        f"{desk}/meetups/{meetup.slug}/mails?q={ADDRESS}",
        f"{desk}/meetups/{meetup.slug}/attendees/{held.reference}",
    ):
        assert "No mail arrives" in client.get(page).text
    submit(client, entry, action=f"{entry}/addresses/{known.id}/life")

    assert mark_of() is None
    assert "No mail arrives" not in client.get(entry).text


def test_an_organizer_marks_an_address_by_hand_and_no_silence_clears_it(
    client: Browser, meetup: Meetup, person: Person
) -> None:
    register(meetup, person)
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    entry = f"/desk/{meetup.program.slug}/cohorts/{meetup.cohorts[0].ordinal}/entries/{person.id}"
    (known,) = person.addresses

    submit(client, entry, action=f"{entry}/addresses/{known.id}/no-mail")
    dead_addresses.mark_by_hand(meetup.program_id, person.id, known.id, "account:1")
    told = client.get(entry).text
    all_go_out()
    with time_machine.travel(now() + DAY):
        revived = dead_addresses.revive()

    assert "An organizer noted that mails come back from there." in told
    assert "What the mail server said" not in told
    assert (revived, mark_of()) == (0, "by hand")
    acts = select(func.count()).where(AuditEntry.act == "address.fails")
    assert db.session.scalar(acts) == 1
    submit(client, entry, action=f"{entry}/addresses/{known.id}/life")
    assert mark_of() is None


def test_an_owner_brings_in_mails_that_came_back(client: Browser, meetup: Meetup, person: Person) -> None:
    register(meetup, person)
    (mail,) = owed()
    all_go_out()
    sign_in(client, make_member(meetup.program, Role.OWNER))
    page = f"/desk/{meetup.program.slug}/mail-setup"
    files = [(io.BytesIO(report(mail.message_id)), "a.eml"), (io.BytesIO(b"Hello"), "b.eml")]

    refused = submit(client, page, {}, action=f"{page}/returned", content_type="multipart/form-data")
    done = submit(
        client, page, {"files": files}, action=f"{page}/returned", content_type="multipart/form-data"
    )
    told = client.get(done.location).text

    assert refused.status_code == 422
    assert "Choose one to 20 files" in refused.text
    assert "1 mail of ours came back." in told
    assert "1 file is no report of a mail of ours." in told
    assert mark_of() == GONE
    actor = db.session.scalars(select(AuditEntry.actor).where(AuditEntry.act == "mail.came_back")).one()
    assert actor.startswith("account:")


def test_invitations_go_where_mail_arrives_and_nowhere_else(meetup: Meetup, person: Person) -> None:
    make_alumnus(meetup.cohorts[0], address="dead@school.example")
    people.add_address(meetup.program_id, person.id, "new@example.com", "account:1")
    for address in ("new@example.com", "dead@school.example"):
        mail = OutboxMail(program_id=meetup.program_id, address=address)
        with transaction() as session:
            dead_addresses.mark(session, mail, GONE)

    everybody = Choice(frozenset({meetup.cohorts[0].id}), frozenset())
    assert meetup_invitations.invite(meetup.id, everybody, "", "account:1") == 1

    assert [mail.address for mail in owed("invitation")] == [ADDRESS]
    assert writing.write(owed("invitation")).broken == {}
    assert mark_of("dead@school.example") == GONE
