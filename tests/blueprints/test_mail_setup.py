"""An owner sees whether mails get out: the server, a test to chosen addresses, what became of it."""

from __future__ import annotations

import re
from dataclasses import replace

import dns.resolver
import pytest
from flask import Flask

from app.mailer import Mailer, parse
from app.models import Role
from app.services.mails import dns_records
from app.services.running.worker import Worker
from tests.factories import make_member, make_program, sign_in
from tests.support.client import Browser, submit
from tests.support.names_server import names_server
from tests.support.smtp import Sink, text_of


def test_the_server_answers_and_tests_arrive_with_their_fates(
    app: Flask, client: Browser, smtp: Sink
) -> None:
    program = make_program(name_en="Bootcamp")
    sign_in(client, make_member(program, Role.OWNER))
    page, before = f"/desk/{program.slug}/mail-setup", app.config["SETTINGS"]
    try:
        app.config["SETTINGS"] = replace(before, SMTP_URL=None)
        assert "No mail server is set" in client.get(page).text
        app.config["SETTINGS"] = replace(before, SMTP_URL=smtp.url)
        assert "The mail server answers." in submit(client, page, action=f"{page}/server").text
        app.config["SETTINGS"] = replace(before, SMTP_URL="smtp://127.0.0.1:9")
        assert "does not answer" in submit(client, page, action=f"{page}/server").text
    finally:
        app.config["SETTINGS"] = before

    refused = submit(client, page, {"addresses": "nobody"}, action=f"{page}/tests")
    assert refused.status_code == 422
    typed = {"addresses": "one@example.com, two@example.com"}
    assert submit(client, page, typed, action=f"{page}/tests").status_code == 303
    mailer = Mailer(parse(smtp.url))
    Worker(mailer).run_once()
    mailer.close()

    assert "nothing to do" in text_of(smtp.wait_for("two@example.com"))
    shown = client.get(page).text
    assert len(re.findall("badge--ok", shown)) == 2
    assert "Look them up" in shown
    many = {"addresses": " ".join(f"a{n}@example.com" for n in range(5))}
    answers = [submit(client, page, many, action=f"{page}/tests").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 422]


RECORDS = {
    ("meet.school.example", "TXT"): ['"v=spf1 include:mail.example" " ~all"', '"another=one"'],
    ("s1._domainkey.meet.school.example", "TXT"): ['"v=DKIM1; p=MIGf"'],
    ("own._domainkey.meet.school.example", "TXT"): ['"v=DKIM1; p="'],
    ("default._domainkey.meet.school.example", "TXT"): ['"v=DKIM1; p="'],
    ("_dmarc.school.example", "TXT"): ['"v=DMARC1; p=none"'],
    ("meet.school.example", "MX"): ["10 mx.mail.example."],
}


def test_the_records_of_the_senders_domain_are_looked_up_when_asked_for(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make_program()
    sign_in(client, make_member(program, Role.OWNER))
    sender = replace(app.config["SETTINGS"], MAIL_FROM="Desk <desk@meet.school.example>")
    monkeypatch.setitem(app.config, "SETTINGS", sender)
    page = f"/desk/{program.slug}/mail-setup"

    def looked_up(**fields: str) -> str:
        return submit(client, page, fields, action=f"{page}/records").text

    with names_server(RECORDS) as resolver:
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        told, revoked, wrong = looked_up(), looked_up(selector="own"), looked_up(selector="a b")

    assert re.findall(r"badge--(\w+)", told) == ["ok", "ok", "attention", "ok"]
    for shown in (
        "v=spf1 include:mail.example ~all",
        "s1._domainkey.",
        "_dmarc.school.example",
        "mx.mail.example",
    ):
        assert shown in told
    assert re.findall(r"badge--(\w+)", revoked) == ["ok", "refused", "attention", "ok"]
    assert "A selector is a short name" in wrong
    assert 'value="a b"' in wrong
    assert "badge--" not in wrong


def test_what_dns_does_not_answer_is_not_called_missing(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make_program()
    sign_in(client, make_member(program, Role.OWNER))
    sender = replace(app.config["SETTINGS"], MAIL_FROM="desk@meet.school.example")
    monkeypatch.setitem(app.config, "SETTINGS", sender)
    monkeypatch.setattr(dns_records, "SECONDS", 0.5)
    page = f"/desk/{program.slug}/mail-setup"

    with names_server({}, silent="meet.school.example") as resolver:
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        told = submit(client, page, action=f"{page}/records").text

    assert told.count("No answer") == 2
    assert told.count("Missing") == 2
