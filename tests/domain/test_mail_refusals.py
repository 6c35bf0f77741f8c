"""What a mail server's answer means."""

from __future__ import annotations

import pytest

from app.domain.mail_refusals import Why, why


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("550 5.1.1 <h@example.com>: Recipient address rejected: User unknown", Why.NO_MAILBOX),
        ("550 No such user here", Why.NO_MAILBOX),
        ("550 5.2.1 The account is disabled", Why.NO_MAILBOX),
        ("553 5.1.3 bad address syntax", Why.NO_MAILBOX),
        ("550 5.1.2 Host unknown", Why.NO_DOMAIN),
        ("556 5.1.10 Recipient address has null MX", Why.NO_DOMAIN),
        ("552 5.2.2 Mailbox full", Why.FULL),
        ("452 4.2.2 Mailbox full", Why.FULL),
        ("552 5.3.4 Message too big for system", Why.TOO_LARGE),
        ("550 5.7.1 Blocked by policy, see 10.1.1.1", Why.BLOCKED),
        ("554 Rejected", Why.BLOCKED),
        ("451 4.3.0 Try again later", Why.LATER),
        ("450 Greylisted for 300 seconds", Why.LATER),
        ("421 too many connections", Why.LATER),
        ("the mail server takes ASCII addresses only", Why.ASCII_ONLY),
        ("ConnectionRefusedError at mail.example.com", Why.AWAY),
        ("SMTPServerDisconnected", Why.AWAY),
        ("TimeoutError at mail.example.com", Why.AWAY),
        ("KeyError", Why.OTHER),
        ("599 what", Why.OTHER),
        ("", Why.OTHER),
    ],
)
def test_an_answer_is_told_as_what_can_be_done_about_it(said: str, meant: Why) -> None:
    assert why(said) is meant
