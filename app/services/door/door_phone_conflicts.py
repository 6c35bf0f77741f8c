"""The conflicts that a staff phone is told of: those in which it has a part, and by which somebody may have come in."""

from __future__ import annotations

import time

from flask import current_app

from app.domain.door.conflicts import ConflictKind
from app.services.door import door_conflicts, door_overrides
from app.services.door.door_overrides import Override
from app.services.door.door_sights import Conflict, Sight
from app.services.door.door_standing import OF_A_VALID_TICKET

FRESH_SECONDS = 2.0  # every phone asks every ten
MOST = 50  # told to a phone, the newest
KEPT = 1000  # meetups in memory

Kept = dict[int, tuple[float, tuple[Conflict, ...]]]


def of(meetup_id: int, device_id: int) -> list[Conflict]:
    """The newest first. Read for all phones of a meetup at once, so at most two seconds old."""
    mine = (each for each in _all(meetup_id) if device_id in _devices(each))
    return [each for each, _ in zip(mine, range(MOST), strict=False)]


def _devices(conflict: Conflict) -> set[int | None]:
    return {conflict.again.device_id, conflict.first.device_id if conflict.first else None}


def _all(meetup_id: int) -> tuple[Conflict, ...]:
    kept: Kept = current_app.extensions.setdefault("door_phone_conflicts", {})
    held, at = kept.get(meetup_id), time.monotonic()
    if held and at - held[0] < FRESH_SECONDS:
        return held[1]
    found = [each for each in door_conflicts.of(meetup_id) if each.let_in]
    found += [
        _refused(each) for each in door_overrides.of(meetup_id) if each.verdict not in OF_A_VALID_TICKET
    ]
    told = tuple(sorted(found, key=lambda each: each.again.at, reverse=True))
    if len(kept) >= KEPT:
        kept.clear()
    kept[meetup_id] = (at, told)
    return told


def _refused(override: Override) -> Conflict:
    return Conflict(
        ConflictKind.OVERRIDE,
        override.scan_id,
        override.name,
        override.cohort,
        override.reference,
        None,
        Sight(override.at, override.gate, override.device_id, override.device),
        let_in=True,
        verdict=override.verdict,
    )
