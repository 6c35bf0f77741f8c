"""Limits on how often something may happen, counted in the database and thus across processes."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.clock import now
from app.db import connection_of, transaction
from app.domain import tokens
from app.keys import keys
from app.models import Throttle

LONGEST = dt.timedelta(days=2)  # longer than any window


def hit(unit: Session | Connection, purpose: str, whom: str, window: dt.timedelta) -> int:
    """Count one more event of `purpose` by `whom` and return how many there are in this window.

    One statement that adds and answers, so that nothing slips between a check and its use. The row
    holds a keyed hash, so that the counters tell nothing about whom they count.
    """
    connection, at = connection_of(unit), now()
    given = {"counted": _key(purpose, whom), "at": at, "begun": at - window}
    count: int = connection.execute(_HIT[connection.dialect.name], given).scalar_one()
    return count


def hit_mails(unit: Session | Connection, address_key: str) -> int:
    """Count one more mail that somebody else can cause to this address; how many in this hour, of any kind."""
    return hit(unit, "mail", address_key, dt.timedelta(hours=1))


def forgive(unit: Session | Connection, purpose: str, whom: str) -> None:
    """Take one event back: it turned out to be none that the limit is for."""
    connection_of(unit).execute(_FORGIVE, {"counted": _key(purpose, whom)})


def _key(purpose: str, whom: str) -> str:
    return tokens.keyed_hash(keys().link, "throttle", purpose, whom)


def _counting(insert: Any) -> Any:
    """Made once for each database: every asking for a mail counts three times."""
    fresh = _throttle.c.since > bindparam("begun", type_=_throttle.c.since.type)
    statement = insert(_throttle).values(key=bindparam("counted"), since=bindparam("at"), count=1)
    return statement.on_conflict_do_update(
        index_elements=[_throttle.c.key],
        set_={
            "count": case((fresh, _throttle.c["count"] + 1), else_=1),
            "since": case((fresh, _throttle.c.since), else_=statement.excluded.since),
        },
    ).returning(_throttle.c["count"])


_throttle = cast("Table", Throttle.__table__)
_HIT = {"postgresql": _counting(postgresql.insert), "sqlite": _counting(sqlite.insert)}
_FORGIVE = (
    update(_throttle)
    .where(_throttle.c.key == bindparam("counted"), _throttle.c["count"] > 0)
    .values(count=_throttle.c["count"] - 1)
)


def discard_old() -> int:
    """Delete the counters of windows that are over; how many. For the worker's rounds."""
    with transaction() as session:
        result: Any = session.execute(delete(Throttle).where(Throttle.since < now() - LONGEST))
        return int(result.rowcount)
