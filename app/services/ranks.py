"""The stored rank, by which everybody without a seat stands in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from app.models import Registration

_rows = cast("Table", Registration.__table__)
_SET_RANK = update(_rows).where(_rows.c.id == bindparam("row")).values(rank=bindparam("to"))


def give(session: Session, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Let these registrations have other ranks. No two may have one at any moment: those that change step aside
    first. Rows in memory don't know."""
    changed = [row for row, rank in after.items() if before[row] != rank]
    connection = session.connection()
    if changed:
        connection.execute(_SET_RANK, [{"row": row, "to": -before[row]} for row in changed])
        connection.execute(_SET_RANK, [{"row": row, "to": after[row]} for row in changed])
