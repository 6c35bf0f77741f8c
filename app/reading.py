"""Reading from large tables, where the usual way is slow, or takes much memory."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, bindparam, func, select

from app.db import db, streaming

CHUNK = 1_000


def among(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """`column IN (ids)` as one parameter: with a thousand, writing and reading the statement takes longer than its answer."""
    found: ColumnElement[bool]
    if db.engine.dialect.name == "postgresql":
        found = column == any_(bindparam(None, list(ids), type_=ARRAY(BigInteger), unique=True))
    else:
        each = func.json_each(json.dumps(list(ids))).table_valued("value")
        found = column.in_(select(each.c.value))
    return found


def numbers(query: Select[*tuple[Any, ...]]) -> array[int]:
    """All that it finds, in its order: eight bytes for each. The transaction ends with the reading."""
    with streaming() as connection:
        return array("q", connection.scalars(query.execution_options(yield_per=CHUNK)))


def in_chunks(query: Select[*tuple[Any, ...]]) -> Iterator[array[int]]:
    """All that it finds, a thousand at a time. They are read at once, and what is asked of a thousand as their turn comes:
    no read transaction lasts as long as a file."""
    found = numbers(query)
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


@contextmanager
def planned_anew() -> Iterator[None]:
    """What is read inside is planned for its own values.

    PostgreSQL plans a statement that comes often once for whatever values, and then reads all of a table for a name that few
    have. https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES
    """
    driver: Any = db.session.connection().connection.dbapi_connection
    if not hasattr(driver, "prepare_threshold"):  # SQLite looks at the values when a statement is run
        yield
        return
    usual, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = usual
