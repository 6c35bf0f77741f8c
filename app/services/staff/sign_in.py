"""Signing in: a one-time link goes to the address that was typed; having the mail is the proof.

Whether an address has an account is never answered on a page: asking writes one mail that is owed,
whatever was typed, and only the worker looks the account up (services/mails/accounts.py).
"""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.writing.addresses import address_key, clean_address
from app.keys import keys
from app.models import Account, OutboxMail, SignInLink
from app.services import audit, throttle
from app.services.mails import outbox
from app.services.staff import accounts, browser_sessions

LINK_LIFETIME = dt.timedelta(minutes=15)
COMMAND_LINK_LIFETIME = dt.timedelta(hours=24)  # read from a terminal, not from a mailbox
HOUR = dt.timedelta(hours=1)


def ask(address: str, *, locale: str, client: str, next_path: str | None = None) -> None:
    """Owe a mail to what was typed, with the same steps for every address.

    Past the hourly limit of an address nothing more is sent to it, and the answer stays the same; a
    client that asks too often, for whatever addresses, is refused.
    """
    settings = current_app.config["SETTINGS"]
    with transaction() as session:
        asks = throttle.hit(session, "sign-in-client", client, HOUR)
        mails = throttle.hit_mails(session, address_key(address))
        if asks <= settings.ASKS_PER_CLIENT_HOUR and mails <= settings.MAILS_PER_ADDRESS_HOUR:
            outbox.enqueue(session, "sign_in", clean_address(address), locale, next=next_path)
    if asks > settings.ASKS_PER_CLIENT_HOUR:
        raise DomainError("too_many_asks")


def mailed_link(mail: OutboxMail) -> str | None:
    """The token that a sign-in mail carries, or None where its address has no account.

    For the worker. A mail that is tried again carries the same token, and its time starts anew; once
    used, it stays used.
    """
    token = tokens.sign_in_token(keys().link, mail.message_id)
    with transaction() as session:
        account = accounts.named(session, mail.address)
        if account is None:
            return None
        link = session.scalars(
            select(SignInLink).where(SignInLink.token_hash == tokens.hashed(token))
        ).one_or_none()
        if link is None:
            link = _new_link(session, account, token, LINK_LIFETIME)
        link.expires_at = now() + LINK_LIFETIME
        return token


def one_time_link(address: str) -> str:
    """A fresh link, with the configured base URL, that signs the address's account in once.

    For commands: whoever reads the terminal may sign in. Raises `DomainError` without an account.
    """
    token = tokens.mint(tokens.SIGN_IN)
    with transaction() as session:
        account = accounts.named(session, address)
        if account is None:
            raise DomainError("no_such_account")
        link = _new_link(session, account, token, COMMAND_LINK_LIFETIME)
        audit.record(session, "sign_in.link_made", link, audit.COMMAND, program_id=None)
    return f"{current_app.config['SETTINGS'].base_url}/sign-in/{token}"


def holder(token: str) -> Account:
    """Whom the link would sign in; uses nothing up. Raises `DomainError` when it is of no use."""
    return _usable(db.session(), token, lock=False).account


def redeem(token: str, *, user_agent: str, ending: str | None) -> str:
    """Use the link up and begin a session; returns the session's token.

    `ending` is the session that this browser held until now, whoever's it was.
    """
    with transaction() as session:
        link = _usable(session, token, lock=True)
        link.used_at = now()
        actor = f"account:{link.account_id}"
        audit.record(session, "account.signed_in", actor, actor, program_id=None)
        return browser_sessions.begin(session, link.account_id, user_agent, ending=ending)


def _new_link(session: Session, account: Account, token: str, lifetime: dt.timedelta) -> SignInLink:
    link = SignInLink(account_id=account.id, token_hash=tokens.hashed(token), expires_at=now() + lifetime)
    session.add(link)
    return link


def _usable(session: Session, token: str, *, lock: bool) -> SignInLink:
    query = (
        select(SignInLink)
        .options(joinedload(SignInLink.account, innerjoin=True))
        .where(SignInLink.token_hash == tokens.hashed(token))
    )
    link = session.scalars(query.with_for_update(of=SignInLink) if lock else query).one_or_none()
    if link is None:
        raise DomainError("sign_in_link_unknown")
    if link.used_at:
        raise DomainError("sign_in_link_used")
    if link.expires_at <= now():
        raise DomainError("sign_in_link_expired")
    return link
