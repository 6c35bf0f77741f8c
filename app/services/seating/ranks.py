"""The stored rank, by which everybody without a seat stands in one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.domain.seating.line_order import BEHIND, holds, number_of, rank_of
from app.models import Meetup, Registration
from app.services.alumni import attendance

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


def taken(connection: Connection, meetup: Any, number: int, person_id: int, at: dt.datetime) -> int:
    """The rank of somebody who registered at `at` and got this number. `meetup`: it, or a row of it."""
    if not holds(meetup.no_shows_behind, meetup.mode):
        return number
    missed = attendance.missed_last(meetup.program_id, person_id, at)
    return rank_of(number, behind=bool(connection.execute(select(missed)).scalar_one()))


def lift_cleared(session: Session, meetup: Meetup) -> None:
    """Whoever turned out to have come to the last meetup no longer stands behind: a phone sent its entries late."""
    if meetup.puts_no_shows_behind:
        missed = attendance.missed_last(meetup.program_id, Registration.person_id, Registration.created_at)
        _lift(session, meetup, ~missed)


def lift_all(session: Session, meetup: Meetup) -> None:
    """The rule no longer holds: everybody stands where they registered."""
    _lift(session, meetup)


def _lift(session: Session, meetup: Meetup, *which: ColumnElement[bool]) -> None:
    session.flush()
    behind = select(Registration.id, Registration.rank).where(
        Registration.meetup_id == meetup.id, Registration.rank >= BEHIND, *which
    )
    before = {row.id: row.rank for row in session.execute(behind)}
    if before:
        give(session, before, {row: number_of(rank) for row, rank in before.items()})
        session.expire_all()
