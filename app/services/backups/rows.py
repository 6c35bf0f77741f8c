"""Rows as text, the same for both databases: a backup of one can be put back into the other."""

from __future__ import annotations

import base64
import datetime as dt
import enum
import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, select
from sqlalchemy.sql import Select

from app.db import Model, UtcDateTime, db

LIVES_HERE = ("throttle",)
"""Counters of this very hour; nothing of them is worth keeping."""


def table_of(model: type[Model]) -> Table:
    """A model's table, for statements that touch no objects."""
    return db.metadata.tables[model.__tablename__]


def tables() -> list[Table]:
    """What a backup holds, each after those that it refers to."""
    return [table for table in db.metadata.sorted_tables if table.name not in LIVES_HERE]


def in_order(table: Table) -> Select[Any]:
    """All rows, each after those of the same table that it refers to."""
    return select(table).order_by(*table.primary_key.columns)


def line(row: Sequence[Any]) -> bytes:
    return json.dumps([_plain(each) for each in row], ensure_ascii=False).encode() + b"\n"


def reader(table: Table, names: Sequence[str]) -> Callable[[bytes], dict[str, Any]]:
    """How to read a line of that table again. Raises `KeyError` for a column that we don't have."""
    read = [(name, _reading(table.columns[name])) for name in names]

    def row(text: bytes) -> dict[str, Any]:
        found = json.loads(text)
        return {name: to(value) for (name, to), value in zip(read, found, strict=True)}

    return row


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value.value if isinstance(value, enum.Enum) else value


def _reading(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, UtcDateTime):
        return lambda value: None if value is None else dt.datetime.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value)
    return lambda value: value
