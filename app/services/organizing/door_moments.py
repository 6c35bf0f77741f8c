"""What happened to somebody at the door, as lines of their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from app.domain.door.admission import Verdict
from app.domain.door.moments import ClockFault
from app.models import CheckIn, CheckInKind

DOOR_ACTS = {
    Verdict.OK: "checked_in",
    Verdict.UNDONE: "check_in_undone",
    Verdict.ALREADY_REDEEMED: "shown_again",
    Verdict.LEFT: "left",
    Verdict.NOT_IN: "shown_going_out",
}
_REMARKS = {CheckInKind.LET_IN: "let_in_told", CheckInKind.OVERRIDE: "admitted_by_override"}
_NUMBERS = {CheckInKind.PARTY, CheckInKind.LET_IN}  # rows that say how many people
UNCERTAIN = frozenset({ClockFault.MOVED, ClockFault.IMPOSSIBLE, ClockFault.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the history. `act` is a state, or what happened at the door or to the ticket."""

    at: dt.datetime
    act: str
    actor: str
    reason: str = ""
    is_uncertain: bool = False  # when it was
    parts: tuple[str, ...] = ()  # of what an edited list corrected
    told: Sequence[tuple[str, str, str]] = ()  # what changed, and its words before and after


def at_the_door(registration_id: int) -> list[Moment]:
    rows = db.session.scalars(select(CheckIn).where(CheckIn.registration_id == registration_id)).all()
    exits = {row.id for row in rows if row.kind is CheckInKind.EXIT}
    return [
        Moment(
            row.corrected_at,
            _act(row, of_exit=row.refers_to_id in exits),
            f"account:{row.account_id}" if row.account_id else f"device:{row.device_id}",
            f"{row.admits}" if row.kind in _NUMBERS else row.reason or "",
            is_uncertain=row.clock_fault in UNCERTAIN,
        )
        for row in rows
    ]


def _act(row: CheckIn, *, of_exit: bool) -> str:
    """`of_exit`: the row refers to an exit, to undo it, to correct it or to come back from it."""
    if row.kind is CheckInKind.PARTY:
        return "party_left" if of_exit else "party_corrected"
    if row.kind in _REMARKS:
        return _REMARKS[row.kind]
    if row.kind is CheckInKind.UNDO and of_exit:
        return "exit_undone"
    if row.kind is CheckInKind.EXIT and row.verdict not in DOOR_ACTS:
        return "exit_not_noted"
    if row.verdict is Verdict.OK and of_exit:
        return "came_back"
    return DOOR_ACTS.get(row.verdict, "refused_at_door")
