"""Limits on how often something may happen, counted in the database and thus across processes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, TextClause, bindparam, delete, text, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import UtcDateTime, connection_of, transaction
from app.domain import tokens
from app.keys import keys
from app.models import Throttle
from app.prepared import Prepared

MAIL = "mail"  # that somebody else can cause to an address
Hit = tuple[str, str, dt.timedelta]  # the purpose, by whom, within which window
LONGEST = dt.timedelta(days=2)  # longer than any window


def hit(unit: Session | Connection, purpose: str, whom: str, window: dt.timedelta) -> int:
    """Count one more event of `purpose` by `whom` and return how many there are in this window.

    One statement that adds and answers, so that nothing slips between a check and its use. The row
    holds a keyed hash, so that the counters tell nothing about whom they count.
    """
    return hit_all(unit, [(purpose, whom, window)])[0]


def hit_all(unit: Session | Connection, hits: Sequence[Hit]) -> list[int]:
    """`hit` for several at once, in one statement: their counts, in the order given.

    The rows are taken in the order of their keys, so that no two of these wait for each other.
    """
    connection, at = connection_of(unit), now()
    keys_of = [_key(purpose, whom) for purpose, whom, _ in hits]
    begun = {key: at - window for key, (_, _, window) in zip(keys_of, hits, strict=True)}
    given: dict[str, Any] = {"at": at}
    for number, key in enumerate(sorted(begun)):
        given |= {f"counted{number}": key, f"begun{number}": begun[key]}
    counts = {row.key: row.counted for row in connection.execute(_hitting(len(begun)), given)}
    return [counts[key] for key in keys_of]


def hit_mails(unit: Session | Connection, address_key: str) -> int:
    """Count one more mail that somebody else can cause to this address; how many in this hour, of any kind."""
    return hit(unit, MAIL, address_key, dt.timedelta(hours=1))


def forgive(unit: Session | Connection, purpose: str, whom: str) -> None:
    """Take one event back: it turned out to be none that the limit is for."""
    _FORGIVE.count(connection_of(unit), {"counted": _key(purpose, whom)})


def _key(purpose: str, whom: str) -> str:
    return tokens.keyed_hash(keys().link, "throttle", purpose, whom)


@cache
def _hitting(number: int) -> TextClause:
    """The statement that counts so many events. As text: the toolkit compiles an insert of several rows
    anew each time."""
    rows = ", ".join(f"(:counted{n}, :at, 1)" for n in range(number))
    begun = " ".join(f"WHEN :counted{n} THEN :begun{n}" for n in range(number))
    fresh = f"throttle.since > CASE throttle.key {begun} END"
    instants = ["at", *(f"begun{n}" for n in range(number))]
    return text(  # of names made here
        f"INSERT INTO throttle (key, since, count) VALUES {rows} ON CONFLICT (key) DO UPDATE SET "  # noqa: S608
        f"count = CASE WHEN {fresh} THEN throttle.count + 1 ELSE 1 END, "
        f"since = CASE WHEN {fresh} THEN throttle.since ELSE excluded.since END "
        "RETURNING key, count AS counted"
    ).bindparams(*(bindparam(name, type_=UtcDateTime()) for name in instants))


_throttle = cast("Table", Throttle.__table__)
_FORGIVE = Prepared(
    update(_throttle)
    .where(_throttle.c.key == bindparam("counted"), _throttle.c["count"] > 0)
    .values(count=_throttle.c["count"] - 1)
)


def discard_old() -> int:
    """Delete the counters of windows that are over; how many. For the worker's rounds."""
    with transaction() as session:
        result: Any = session.execute(delete(Throttle).where(Throttle.since < now() - LONGEST))
        return int(result.rowcount)
