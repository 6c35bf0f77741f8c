"""Signing in by a mailed one-time link."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading
from app.domain.errors import DomainError
from app.models import Account, AccountSession, MailState, OutboxMail, SignInLink
from app.services.mails import outbox, writing
from app.services.registering import proofs
from app.services.staff import browser_sessions, sign_in
from config import Settings
from tests.factories import make_account, make_cohort, make_meetup
from tests.support.counting import statements
from tests.support.smtp import text_of


def ask(address: str, client: str = "192.0.2.1", next_path: str | None = None) -> None:
    sign_in.ask(address, locale="en", client=client, next_path=next_path)


def mailed() -> list[str]:
    """The texts of all mails that are owed, as the worker writes them now."""
    mails = list(db.session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.QUEUED)))
    messages = writing.write(mails).messages
    end_reading()
    return [text_of(read(messages[mail.id])) for mail in mails if mail.id in messages]


def read(message: bytes) -> EmailMessage:
    return message_from_bytes(message, policy=policy.default)  # type: ignore[return-value]


def token_in(text: str) -> str:
    link = next(line for line in text.splitlines() if "/sign-in/" in line)
    return urlsplit(link).path.rpartition("/")[2]


def refusal(token: str) -> str:
    with pytest.raises(DomainError) as refused:
        sign_in.redeem(token, user_agent="", ending=None)
    return refused.value.code


def test_the_mailed_link_signs_in_once(app: Flask) -> None:
    account = make_account("ana@example.com")
    ask("Ana@Example.com ")
    token = token_in(mailed()[0])

    session = sign_in.redeem(token, user_agent="Firefox", ending=None)

    held = db.session.scalars(select(AccountSession)).one()
    assert (held.account_id, held.user_agent) == (account.id, "Firefox")
    assert session not in held.token_hash
    assert refusal(token) == "sign_in_link_used"


def test_a_mail_that_is_tried_again_carries_the_same_link(app: Flask) -> None:
    make_account("ana@example.com")
    ask("ana@example.com")

    first, second = mailed(), mailed()

    assert token_in(first[0]) == token_in(second[0])
    assert db.session.scalar(select(func.count()).select_from(SignInLink)) == 1


def test_the_link_expires_fifteen_minutes_after_it_was_sent(app: Flask) -> None:
    make_account("ana@example.com")
    ask("ana@example.com")
    token = token_in(mailed()[0])

    with time_machine.travel(now() + dt.timedelta(minutes=16), tick=False):
        assert refusal(token) == "sign_in_link_expired"


def test_an_address_without_an_account_is_told_so_by_mail_and_gets_no_link(app: Flask) -> None:
    ask("stranger@example.com")

    text = mailed()[0]

    assert "no account" in text
    assert "/sign-in/" not in text


def test_asking_takes_the_same_statements_for_known_and_unknown_addresses(app: Flask) -> None:
    make_account("ana@example.com")

    with statements() as known:
        ask("ana@example.com")
    with statements() as unknown:
        ask("stranger@example.com")

    assert known == unknown


def test_no_more_mails_an_hour_than_allowed_and_nobody_can_tell(app: Flask, settings: Settings) -> None:
    for n in range(settings.MAILS_PER_ADDRESS_HOUR + 3):
        ask("ana@example.com", client=f"192.0.2.{n}")

    assert len(mailed()) == settings.MAILS_PER_ADDRESS_HOUR


def test_mails_of_all_kinds_to_one_address_count_together(app: Flask, settings: Settings) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    for n in range(settings.MAILS_PER_ADDRESS_HOUR):
        ask("ana@example.com", client=f"192.0.2.{n}")
        proofs.ask(meetup.id, "ana@example.com", locale="ko", client=f"192.0.2.{n}")

    assert db.session.scalar(select(func.count(OutboxMail.id))) == settings.MAILS_PER_ADDRESS_HOUR


def test_a_client_that_asks_for_many_addresses_is_refused(app: Flask, settings: Settings) -> None:
    for n in range(settings.ASKS_PER_CLIENT_HOUR):
        ask(f"person{n}@example.com")

    with pytest.raises(DomainError, match="too_many_asks"):
        ask("one-more@example.com")


def test_the_outbox_holds_no_secret(app: Flask) -> None:
    make_account("ana@example.com")
    ask("ana@example.com", next_path="/desk/bootcamp")
    text = mailed()[0]

    row = db.session.scalars(select(OutboxMail)).one()

    assert row.params == {"next": "/desk/bootcamp"}
    assert token_in(text) not in row.message_id
    assert "next=/desk/bootcamp" in text


def test_signing_in_ends_the_session_that_the_browser_held(app: Flask) -> None:
    make_account("ana@example.com")
    tokens = [sign_in.one_time_link("ana@example.com").rpartition("/")[2] for _ in range(2)]
    first = sign_in.redeem(tokens[0], user_agent="", ending=None)

    sign_in.redeem(tokens[1], user_agent="", ending=first)

    ended = [row.ended_at is not None for row in db.session.scalars(select(AccountSession).order_by("id"))]
    assert ended == [True, False]


def test_a_one_time_link_begins_with_the_configured_address(app: Flask, settings: Settings) -> None:
    make_account("ana@example.com")

    assert sign_in.one_time_link("ana@example.com").startswith(f"{settings.base_url}/sign-in/dm_si_")


def test_signing_out_twice_is_harmless(app: Flask) -> None:
    make_account("ana@example.com")
    token = sign_in.one_time_link("ana@example.com").rpartition("/")[2]
    session = sign_in.redeem(token, user_agent="", ending=None)

    browser_sessions.sign_out(session)
    browser_sessions.sign_out(session)

    assert db.session.scalars(select(AccountSession)).one().ended_at


def test_the_sessions_of_a_deleted_account_are_gone(app: Flask) -> None:
    from app.db import transaction

    account = make_account("ana@example.com")
    token = sign_in.one_time_link("ana@example.com").rpartition("/")[2]
    sign_in.redeem(token, user_agent="", ending=None)

    with transaction() as session:
        session.delete(session.get_one(Account, account.id))

    assert db.session.scalar(select(func.count()).select_from(AccountSession)) == 0


def test_a_claimed_sign_in_mail_is_written_by_the_worker(app: Flask) -> None:
    make_account("ana@example.com")
    ask("ana@example.com")

    claimed = outbox.claim("worker", 10)

    assert list(writing.write(claimed).messages) == [claimed[0].id]
