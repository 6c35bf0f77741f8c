"""Signed-in browsers: a row each, so that ending it here ends it everywhere, whatever a cookie says."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.models import AccountSession
from app.services import audit

LIFETIME = dt.timedelta(days=14)


def begin(session: Session, account_id: int, user_agent: str, *, ending: str | None) -> str:
    """A new session in the caller's transaction; `ending` is the token that this browser held before."""
    if ending:
        _end(session, AccountSession.token_hash == tokens.hashed(ending))
    token = tokens.mint(tokens.SESSION)
    session.add(
        AccountSession(
            account_id=account_id,
            token_hash=tokens.hashed(token),
            user_agent=user_agent[:255],
            expires_at=now() + LIFETIME,
        )
    )
    return token


def sign_out(token: str) -> None:
    """End the session of this token. Harmless when it has ended already."""
    with transaction() as session:
        _end(session, AccountSession.token_hash == tokens.hashed(token))


def end(account_id: int, session_id: int) -> None:
    """End one of the account's own sessions. Raises `DomainError` where it has no such session."""
    with transaction() as session:
        found = session.scalars(
            select(AccountSession).where(
                AccountSession.id == session_id, AccountSession.account_id == account_id
            )
        ).one_or_none()
        if found is None:
            raise DomainError("no_such_session")
        _end(session, AccountSession.id == session_id)
        audit.record(session, "session.ended", found, f"account:{account_id}", program_id=None)


def end_others(account_id: int, keep: str) -> None:
    """End every session of the account but the one of the token `keep`."""
    with transaction() as session:
        _end(
            session,
            AccountSession.account_id == account_id,
            AccountSession.token_hash != tokens.hashed(keep),
        )
        actor = f"account:{account_id}"
        audit.record(session, "session.others_ended", actor, actor, program_id=None)


def end_all(session: Session, account_id: int) -> None:
    """End every session of the account, in the caller's transaction."""
    _end(session, AccountSession.account_id == account_id)


def _end(session: Session, *which: object) -> None:
    session.execute(
        update(AccountSession)
        .where(*which, AccountSession.ended_at.is_(None))  # type: ignore[arg-type]
        .values(ended_at=now())
    )
