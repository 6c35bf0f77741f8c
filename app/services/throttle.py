"""Limits on how often something may happen, counted in the database and thus across processes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.clock import now
from app.domain import tokens
from app.keys import keys
from app.models import Throttle


def hit(session: Session, purpose: str, whom: str, window: dt.timedelta) -> int:
    """Count one more event of `purpose` by `whom` and return how many there are in this window.

    One statement that adds and answers, so that nothing slips between a check and its use. The row
    holds a keyed hash, so that the counters tell nothing about whom they count.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if on_postgresql else sqlite.insert
    at = now()
    fresh = Throttle.since > at - window
    statement = insert(Throttle).values(
        key=tokens.keyed_hash(keys().link, "throttle", purpose, whom), since=at, count=1
    )
    statement = statement.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "count": case((fresh, Throttle.count + 1), else_=1),
            "since": case((fresh, Throttle.since), else_=at),
        },
    ).returning(Throttle.count)
    count: int = session.execute(statement).scalar_one()
    return count
