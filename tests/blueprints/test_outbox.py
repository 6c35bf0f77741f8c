"""The page of sent mails in debug mode."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask

from app.clock import now
from app.db import transaction
from app.models import MailState, OutboxMail
from tests.support.client import Browser


def copy_of_a_mail() -> str:
    message = EmailMessage()
    message["Subject"] = "Your ticket"
    message.set_content("Open https://example.com/t\n<b>not markup</b>")
    message.add_alternative("<p style='color:teal'>Hello <img src='cid:qr@x'></p>", subtype="html")
    html = message.get_payload()[1]
    html.add_related(b"\x89PNG", "image", "png", cid="<qr@x>")
    return message.as_string()


@pytest.fixture
def mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> OutboxMail:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], DEBUG=True))
    mail = OutboxMail(
        kind="registration_confirmed", message_id="<1@example.com>", address="hana@example.com",
        locale="en", params={}, due_at=now(),
        attempts=1, state=MailState.SENT, sent_at=now(), copy=copy_of_a_mail(),
    )  # fmt: skip
    with transaction() as session:
        session.add(mail)
    return mail


def test_kinds_and_states_are_words(client: Browser, mail: OutboxMail) -> None:
    listed = client.get("/outbox").text

    assert "Seat confirmed" in listed
    assert "Sent</span>" in listed
    assert "registration_confirmed" not in listed


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MailState.QUEUED, "Not sent yet."),
        (MailState.FAILED, "No copy of this mail is kept."),
        (MailState.DROPPED, "No copy of this mail is kept."),
    ],
)
def test_only_a_waiting_mail_is_not_sent_yet(
    client: Browser, mail: OutboxMail, state: MailState, said: str
) -> None:
    with transaction() as session:
        row = session.get_one(OutboxMail, mail.id)
        row.copy, row.state = None, state

    assert said in client.get(f"/outbox/{mail.id}").text


def test_the_text_part_is_text_with_its_links(client: Browser, mail: OutboxMail) -> None:
    page = client.get(f"/outbox/{mail.id}").text

    assert 'href="https://example.com/t"' in page
    assert "&lt;b&gt;not markup" in page
    assert f"/outbox/{mail.id}/html" in page


def test_the_html_part_stands_alone_with_its_pictures_and_can_run_nothing(
    client: Browser, mail: OutboxMail
) -> None:
    answer = client.get(f"/outbox/{mail.id}/html")

    assert "src='data:image/png;base64,iVBORw=='" in answer.text
    assert "cid:" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_nobody_sees_it_outside_debug_mode(client: Browser, mail: OutboxMail, app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], DEBUG=False)

    assert client.get(f"/outbox/{mail.id}/html").status_code == 404
