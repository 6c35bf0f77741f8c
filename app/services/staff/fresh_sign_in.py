"""Whether somebody showed just now who they are: for what a browser that was left open may not do.

By the mailbox, or by a passkey where the account has one. A passkey that was added in a browser left open proves nothing about
who sits there, so in a session that is not young itself only one from before that session counts.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, select

from app.clock import now
from app.db import db
from app.domain import tokens
from app.models import AccountSession, Passkey

LASTS = dt.timedelta(minutes=15)


def is_fresh(token: str) -> bool:
    """Whether the session of this token began so lately and, where its account has passkeys, showed one so lately."""
    held = _session(token)
    if held is None:
        return False
    since = now() - LASTS
    is_young = held.created_at > since
    if not _exists(_keys(held)):
        return is_young
    if held.passkey_at is None or held.passkey_at <= since:
        return False
    return is_young or _exists(_older_keys(held).where(Passkey.last_used_at == held.passkey_at))


def by_passkey(token: str) -> bool:
    """Whether showing a passkey makes this session fresh again; else it takes a new sign-in."""
    held = _session(token)
    return held is not None and _exists(_older_keys(held))


def _session(token: str) -> AccountSession | None:
    query = select(AccountSession).where(
        AccountSession.token_hash == tokens.hashed(token), AccountSession.ended_at.is_(None)
    )
    return db.session.scalars(query).one_or_none()


def _keys(held: AccountSession) -> Select[int]:
    return select(Passkey.id).where(Passkey.account_id == held.account_id)


def _older_keys(held: AccountSession) -> Select[int]:
    return _keys(held).where(Passkey.created_at < held.created_at)


def _exists(query: Select[int]) -> bool:
    return db.session.scalar(query.limit(1)) is not None
