"""How many people came in at each gate.

Everybody is credited to the gate of the entry by which they first came in: of a party of three of whom two came at
one gate and one at another, two here and one there. Whoever leaves, and comes back at another gate, stays where they
first came; an entry that is undone brought nobody. So the gates' numbers come to all who came, each of them once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import bindparam, func, literal_column, select

from app.db import db
from app.models import CheckIn, CheckInKind, Registration
from app.services.door import door_counts, door_rows, door_standing


@dataclass(frozen=True, slots=True)
class GateCount:
    """How many came in at a gate; `gate` is None for those who came in at none in particular."""

    gate: str | None
    inside: int


_ALL = (
    select(CheckIn.gate, func.sum(door_counts.CAME))
    .join_from(Registration, CheckIn, CheckIn.id == Registration.admitted_by_id)
    .where(Registration.meetup_id == bindparam("meetup"))
    .group_by(CheckIn.gate)
)
# Parties whose people were seen at more than one gate: few, and the rest came where their first one did.
_SPLIT = (
    select(CheckIn.registration_id)
    .join_from(Registration, CheckIn, CheckIn.registration_id == Registration.id)
    .where(
        Registration.meetup_id == bindparam("meetup"),
        Registration.companions > literal_column("0"),  # as the index says it
        Registration.admitted_at.is_not(None),
        CheckIn.kind == CheckInKind.ENTRY,
    )
    .group_by(CheckIn.registration_id)
    .having(func.count(func.coalesce(CheckIn.gate, "").distinct()) > 1)
)
_THEIRS = door_rows.HISTORIES.where(CheckIn.registration_id.in_(_SPLIT)).order_by(CheckIn.registration_id)


def counts(meetup_id: int, gates: Iterable[str]) -> list[GateCount]:
    """Those who came in, by gate, in two statements; the door's own `gates` first."""
    connection, here = db.session.connection(), {"meetup": meetup_id}
    moved = _moved(connection.execute(_THEIRS, here))  # asked first: by then the others know of these
    found = Counter({gate: int(came) for gate, came in connection.execute(_ALL, here)})
    found.update(moved)
    own = [GateCount(gate, found.pop(gate, 0)) for gate in gates]
    others = sorted(found.items(), key=lambda each: (each[0] is None, each[0] or ""))
    return own + [GateCount(gate, came) for gate, came in others if came > 0]


def _moved(rows: Iterable[door_rows.AnyRow]) -> Counter[str | None]:
    """What is added to the gates, and taken away, when of these people each is credited to their own."""
    moved: Counter[str | None] = Counter()
    for _, of_party in groupby(rows, key=lambda row: row.registration_id):
        held = door_standing.of_rows(list(of_party))
        stands = held.standing
        if stands.admitting:
            moved[held.rows[stands.admitting.scan_id].gate] -= stands.came
        for scan_id, people in stands.brought.items():
            moved[held.rows[scan_id].gate] += people
    return moved
