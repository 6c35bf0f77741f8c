"""Whether somebody signed in just now: for what a browser that was left open may not do."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from app.clock import now
from app.db import db
from app.domain import tokens
from app.models import AccountSession

LASTS = dt.timedelta(minutes=15)


def is_fresh(token: str) -> bool:
    """Whether the session of this token began so lately that its account's mailbox was at hand."""
    query = select(AccountSession.id).where(
        AccountSession.token_hash == tokens.hashed(token),
        AccountSession.ended_at.is_(None),
        AccountSession.created_at > now() - LASTS,
    )
    return db.session.scalars(query).one_or_none() is not None
