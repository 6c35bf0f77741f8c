"""How mails go out, set at the desk: tried before it is kept, sealed, followed by the worker, and back."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.keys import Keys
from app.mailer import Server, try_out
from app.models import Account, AccountSession, MailServer
from app.services.mails import mail_server, outbox
from app.services.mails.mail_server import Typed
from app.services.running.worker import Worker
from tests.factories import make_account, sign_in
from tests.support.client import csrf, submit
from tests.support.smtp import Sink

PAGE = "/installation/mail"
SENDER = "ML Bootcamp <meetup@example.com>"


def typed(smtp: Sink, **changes: str) -> Typed:
    host, _, port = smtp.url.removeprefix("smtp://").partition(":")
    return Typed(
        **(
            {"scheme": "smtp", "host": host, "port": port, "user": "", "password": "", "sender": SENDER}
            | changes
        )
    )


@pytest.fixture
def founder(client: FlaskClient) -> Account:
    account = make_account(is_founder=True)
    sign_in(client, account)
    return account


def test_what_is_set_at_the_desk_holds_and_the_environment_s_holds_again(app: Flask, smtp: Sink) -> None:
    before = mail_server.current()

    mail_server.save(typed(smtp), "account:1")
    end_reading()
    during = mail_server.current()
    mail_server.clear("account:1")
    mail_server.clear("account:1")
    end_reading()

    assert (during.url, during.sender, during.is_own) == (smtp.url, SENDER, True)
    assert mail_server.current() == before


def test_what_does_not_work_is_not_kept(app: Flask, smtp: Sink) -> None:
    wrong = {
        "mail_host_unusable": [typed(smtp, host="a b"), typed(smtp, port="99999"), typed(smtp, host="x/y")],
        "mail_sender_unusable": [typed(smtp, sender="nobody"), typed(smtp, sender="a\n<a@example.com>")],
        "mail_server_refused": [typed(smtp, port="1"), typed(smtp, scheme="smtp+starttls")],
    }
    for code, tries in wrong.items():
        for each in tries:
            with pytest.raises(DomainError, match=code):
                mail_server.save(each, "account:1")

    assert db.session.scalars(select(MailServer)).all() == []


def test_the_password_is_not_in_the_database_and_another_key_does_not_open_it(
    app: Flask, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "try_out", lambda _: "")
    mail_server.save(typed(smtp, user="desk", password="pa/ss@w%rd:"), "account:1")
    end_reading()

    server = mail_server.current().server
    row = db.session.scalars(select(MailServer)).one()
    own: Keys = app.extensions["keys"]
    other = Keys(own.session, own.session_fallbacks, own.ticket, b"another", own.audit)
    monkeypatch.setitem(app.extensions, "keys", other)

    assert server
    assert (server.user, server.password) == ("desk", "pa/ss@w%rd:")
    assert "desk" not in row.sealed
    assert mail_server.current() == mail_server.of_environment()


def test_an_empty_password_keeps_the_one_that_is_there_but_not_for_another_server(
    app: Flask, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "try_out", lambda _: "")
    mail_server.save(typed(smtp, user="desk", password="secret"), "account:1")
    end_reading()
    mail_server.save(typed(smtp, user="desk", sender="other@example.com"), "account:1")
    end_reading()
    kept = mail_server.current().server
    mail_server.save(typed(smtp, user="desk", host="elsewhere.example"), "account:1")
    end_reading()
    elsewhere = mail_server.current().server

    assert kept
    assert elsewhere
    assert (kept.password, elsewhere.password) == ("secret", "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "secret"),
        ({"host": "MAIL.example", "port": "587"}, "secret"),
        ({"scheme": "smtp", "port": "587"}, ""),
        ({"scheme": "smtps", "port": "587"}, ""),
        ({"port": "2525"}, ""),
        ({"user": "another"}, ""),
    ],
)
def test_the_kept_password_goes_only_the_way_it_went(
    app: Flask, smtp: Sink, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], told: str
) -> None:
    kept = {"scheme": "smtp+starttls", "host": "mail.example", "port": "", "user": "desk"}
    tried: list[Server] = []
    monkeypatch.setattr(mail_server, "try_out", lambda server: str(tried.append(server) or ""))
    mail_server.save(typed(smtp, **kept, password="secret"), "account:1")
    end_reading()

    mail_server.save(typed(smtp, **kept | changes), "account:1")

    assert tried[-1].password == told


def test_who_signed_in_long_ago_does_not_set_the_mail_server_back(
    client: FlaskClient, founder: Account, smtp: Sink
) -> None:
    mail_server.save(typed(smtp), "account:1")
    token = csrf(client, PAGE)
    with transaction() as session:
        session.execute(update(AccountSession).values(created_at=now() - dt.timedelta(hours=1)))

    refused = client.post(f"{PAGE}/environment", data={"csrf_token": token})

    assert refused.status_code == 422
    assert "Sign in again first" in refused.text
    end_reading()
    assert mail_server.current().is_own


def test_a_running_worker_follows(app: Flask, smtp: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.running.worker.SETTINGS_SECONDS", 0.0)
    stop = threading.Event()
    worker = Worker(None, stop)
    mail_server.save(typed(smtp), "account:1")
    with transaction() as session:
        outbox.enqueue(session, "sign_in", "somebody@example.com", "en", next=None)
    threading.Thread(target=_stop_when_sent, args=(smtp, stop)).start()

    worker.run()

    assert smtp.messages[0]["From"] == SENDER


def _stop_when_sent(smtp: Sink, stop: threading.Event) -> None:
    until = time.monotonic() + 60
    while not smtp.messages and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()


def test_at_the_desk_the_password_is_never_shown_and_what_was_typed_stays(
    client: FlaskClient, founder: Account, smtp: Sink
) -> None:
    good = typed(smtp)
    fields = {"host": good.host, "port": good.port, "scheme": "smtp", "sender": SENDER}

    refused = submit(client, PAGE, fields | {"port": "1", "password": "hush"}, action=PAGE)
    saved = submit(client, PAGE, fields, action=PAGE)
    page = client.get(PAGE)
    back = submit(client, PAGE, {}, action=f"{PAGE}/environment")

    assert (refused.status_code, saved.status_code, back.status_code) == (422, 303, 303)
    assert good.host in refused.text
    assert "hush" not in refused.text
    assert "Here, at the desk" in page.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host": "smtp..example.com"}, "mail_host_unusable"),
        ({"host": f"{'a' * 64}.example.com"}, "mail_host_unusable"),
        ({"user": "me", "password": "비밀번호"}, "mail_password_unusable"),
    ],
)
def test_what_no_server_can_be_told_is_refused_with_a_sentence(
    app: Flask, smtp: Sink, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        mail_server.save(typed(smtp, **changes), "account:1")


def test_a_name_that_cannot_be_asked_for_is_what_the_try_says() -> None:
    assert try_out(Server("smtp", "smtp..example.com", 25, "", ""))
