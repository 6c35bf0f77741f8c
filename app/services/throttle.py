"""Limits on how often something may happen, counted in the database and thus across processes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain import tokens
from app.keys import keys
from app.models import Throttle

LONGEST = dt.timedelta(days=2)  # longer than any window


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


def forgive(session: Session, purpose: str, whom: str) -> None:
    """Take one event back: it turned out to be none that the limit is for."""
    key = tokens.keyed_hash(keys().link, "throttle", purpose, whom)
    session.execute(
        update(Throttle)
        .where(Throttle.key == key, Throttle.count > 0)
        .values(count=Throttle.count - 1)
        .execution_options(synchronize_session=False)
    )


def discard_old() -> int:
    """Delete the counters of windows that are over; how many. For the worker's rounds."""
    with transaction() as session:
        result: Any = session.execute(delete(Throttle).where(Throttle.since < now() - LONGEST))
        return int(result.rowcount)
