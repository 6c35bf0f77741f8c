"""Passkeys: added to one's account, named, deleted; used to sign in, and to prove that it is still the same person.

A challenge is for one browser (its session cookie holds it, here is its hash), for one purpose, once, for five minutes. Who
has a passkey adds another only where one was proved in this browser, so that a mailbox alone opens no account that has one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.writing.names import clean_name
from app.models import Account, AccountSession, Ceremony, Passkey, PasskeyChallenge
from app.services import audit, throttle
from app.services.staff import browser_sessions, passkey_checks

LIFETIME = dt.timedelta(minutes=5)
HOUR = dt.timedelta(hours=1)
MOST = 10
LONGEST_NAME = 100


def of_account(account_id: int) -> Sequence[Passkey]:
    query = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    return db.session.scalars(query).all()


def begin_adding(account_id: int, session_token: str) -> tuple[str, str]:
    """A challenge for this browser to hold, and the options for it, as JSON."""
    held = list(of_account(account_id))
    _require_may_add(held, db.session.scalars(_session(account_id, session_token)).one())
    account = db.session.get_one(Account, account_id)
    token = tokens.mint(tokens.CHALLENGE)
    options = passkey_checks.options_to_add(account, token.encode(), held)
    _keep(token, Ceremony.ADD, account_id)
    return token, options


def add(account_id: int, session_token: str, challenge: str, answer: str, name: str) -> None:
    """Add the key that the browser made; every other browser of the account is signed out."""
    _spend(challenge, Ceremony.ADD, account_id)
    key = passkey_checks.added(answer, challenge.encode())
    with transaction() as session:
        session.get_one(Account, account_id, with_for_update=True)
        here = session.scalars(_session(account_id, session_token)).one()
        held = session.scalars(select(Passkey).where(Passkey.account_id == account_id)).all()
        _require_may_add(held, here)
        if session.scalar(select(Passkey.id).where(Passkey.credential_id == key.credential_id)):
            raise DomainError("passkey_known")
        row = Passkey(
            account_id=account_id,
            credential_id=key.credential_id,
            public_key=key.public_key,
            sign_count=key.sign_count,
            name=_fitting(name),
        )
        session.add(row)
        here.passkey_at = now()
        browser_sessions.end_all_but(session, account_id, session_token)
        _record(session, "passkey.added", row)


def begin_sign_in(client: str) -> tuple[str, str]:
    """For whoever it may be; a client that asks too often is refused."""
    with transaction() as session:
        asks = throttle.hit(session, "passkey-client", client, HOUR)
    if asks > current_app.config["SETTINGS"].ASKS_PER_CLIENT_HOUR:
        raise DomainError("too_many_asks")
    return _begin_proof(Ceremony.SIGN_IN, None, [])


def sign_in(challenge: str, answer: str, *, user_agent: str, ending: str | None) -> str:
    """Sign in whose key it is; returns the session's token."""
    _spend(challenge, Ceremony.SIGN_IN, None)
    with transaction() as session:
        key = _used(session, answer, challenge)
        actor = f"account:{key.account_id}"
        audit.record(session, "account.signed_in", actor, actor, program_id=None, passkey=key.id)
        return browser_sessions.begin(
            session, key.account_id, user_agent, ending=ending, passkey_at=key.last_used_at
        )


def begin_proving(account_id: int) -> tuple[str, str]:
    """For who is signed in and has a key."""
    held = list(of_account(account_id))
    if not held:
        raise DomainError("no_such_passkey")
    return _begin_proof(Ceremony.PROVE, account_id, held)


def prove(account_id: int, session_token: str, challenge: str, answer: str) -> None:
    """From now on this browser's session is one that a passkey has proved."""
    _spend(challenge, Ceremony.PROVE, account_id)
    with transaction() as session:
        key = _used(session, answer, challenge, account_id)
        session.scalars(_session(account_id, session_token)).one().passkey_at = key.last_used_at
        _record(session, "passkey.proved", key)


def rename(account_id: int, passkey_id: int, name: str) -> None:
    with transaction() as session:
        key = _own(session, account_id, passkey_id)
        key.name = _fitting(name)
        _record(session, "passkey.renamed", key)


def remove(account_id: int, session_token: str, passkey_id: int) -> None:
    """Delete a key, where one was proved in this browser; every other browser of the account is signed out."""
    with transaction() as session:
        key = _own(session, account_id, passkey_id)
        if session.scalars(_session(account_id, session_token)).one().passkey_at is None:
            raise DomainError("passkey_to_prove")
        browser_sessions.end_all_but(session, account_id, session_token)
        _record(session, "passkey.removed", key)
        session.delete(key)


def drop_all(address_key: str) -> int:
    """For the operator: delete every key of an account whose holder lost them all; how many. It is signed out everywhere."""
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.address_key == address_key)).one_or_none()
        if account is None:
            raise DomainError("no_such_account")
        keys = session.scalars(select(Passkey).where(Passkey.account_id == account.id)).all()
        for key in keys:
            session.delete(key)
        browser_sessions.end_all(session, account.id)
        audit.record(session, "passkey.all_removed", account, audit.COMMAND, program_id=None, count=len(keys))
        return len(keys)


def _begin_proof(ceremony: Ceremony, account_id: int | None, held: list[Passkey]) -> tuple[str, str]:
    token = tokens.mint(tokens.CHALLENGE)
    options = passkey_checks.options_to_prove(token.encode(), held)
    _keep(token, ceremony, account_id)
    return token, options


def _keep(token: str, ceremony: Ceremony, account_id: int | None) -> None:
    """Also forgets those that ran out: nobody answers them any more."""
    with transaction() as session:
        session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now()))
        session.add(
            PasskeyChallenge(
                token_hash=tokens.hashed(token),
                ceremony=ceremony,
                account_id=account_id,
                expires_at=now() + LIFETIME,
            )
        )


def _spend(token: str, ceremony: Ceremony, account_id: int | None) -> None:
    """Use a challenge up, whatever comes of its answer. Raises `DomainError` for one that is no good."""
    with transaction() as session:
        spent = session.execute(
            delete(PasskeyChallenge)
            .where(
                PasskeyChallenge.token_hash == tokens.hashed(token),
                PasskeyChallenge.ceremony == ceremony,
                PasskeyChallenge.account_id == account_id,
                PasskeyChallenge.expires_at > now(),
            )
            .returning(PasskeyChallenge.id)
        ).all()
    if not spent:
        raise DomainError("passkey_too_late")


def _used(session: Session, answer: str, challenge: str, account_id: int | None = None) -> Passkey:
    """The key that answered, its count moved on; of this account where told."""
    query = select(Passkey).where(Passkey.credential_id == passkey_checks.credential_of(answer))
    if account_id is not None:
        query = query.where(Passkey.account_id == account_id)
    key = session.scalars(query.with_for_update()).one_or_none()
    if key is None:
        raise DomainError("passkey_unknown")
    key.sign_count = passkey_checks.proved(answer, challenge.encode(), key)
    key.last_used_at = now()
    return key


def _require_may_add(held: Sequence[Passkey], here: AccountSession) -> None:
    if len(held) >= MOST:
        raise DomainError("too_many_passkeys", limit=MOST)
    if held and here.passkey_at is None:
        raise DomainError("passkey_to_prove")


def _own(session: Session, account_id: int, passkey_id: int) -> Passkey:
    found = session.scalars(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    ).one_or_none()
    if found is None:
        raise DomainError("no_such_passkey")
    return found


def _session(account_id: int, token: str) -> Select[AccountSession]:
    return select(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.token_hash == tokens.hashed(token)
    )


def _record(session: Session, act: str, key: Passkey) -> None:
    actor = f"account:{key.account_id}"
    session.flush()
    audit.record(session, act, actor, actor, program_id=None, passkey=key.id)


def _fitting(name: str) -> str:
    return clean_name(name)[:LONGEST_NAME] or "passkey"
