"""Looking for somebody in every column of every table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.db import db, end_reading


def traces_of(words: Iterable[str]) -> list[str]:
    """Where any of these words stands, as "table.column: word", whatever the column's type is."""
    end_reading()
    wanted = sorted(words)
    found = []
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        for column in table.columns:
            found += [
                f"{table.name}.{column.name}: {word}" for word in wanted if _holds(rows, column.name, word)
            ]
    end_reading()
    return found


def _holds(rows: Sequence[Any], column: str, word: str) -> bool:
    return any(word.lower() in _text(row._mapping[column]) for row in rows)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").lower()
    return json.dumps(value, ensure_ascii=False, default=str).lower()
