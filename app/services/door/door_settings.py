"""The settings of a meetup's door: what the organizer decided, and what phones are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from app.db import db, transaction
from app.domain.door.doors import DoorDraft, DoorRules, rules, whole_pattern
from app.domain.errors import DomainError
from app.models import Device, Meetup
from app.services import audit
from app.services.door import devices
from app.services.races import once_more
from app.services.seating import promotion

_TOLD = select(
    Meetup.door_gates,
    Meetup.door_ticks,
    Meetup.door_host_patterns,
    Meetup.door_tracks_exits,
    Meetup.door_lists_people,
    Meetup.door_takes_walk_ins,
).where(Meetup.id == bindparam("meetup"))


@dataclass(frozen=True, slots=True)
class Told:
    """What a staff phone has to know of its door's settings."""

    gates: list[str]
    ticks: list[str]
    host_patterns: list[str]
    exits: bool
    lists: bool
    walk_ins: bool


def save(meetup_id: int, draft: DoorDraft, actor: str) -> Meetup:
    """Keep the settings; raises `Unusable`. Seats that walk-ins no longer take go to those waiting."""
    found = rules(draft)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        changed = _apply(meetup, found)
        if changed:
            audit.record(
                session, "door.settings_changed", meetup, actor, program_id=meetup.program_id, changed=changed
            )
        if "door_counts_walk_ins" in changed and not found.counts_walk_ins:
            promotion.promote(session, meetup)
        return meetup


def told(meetup_id: int) -> Told:
    """The settings as phones get them, now."""
    row = db.session.execute(_TOLD, {"meetup": meetup_id}).one()
    return Told(
        gates=row.door_gates,
        ticks=row.door_ticks,
        host_patterns=[whole_pattern(line) for line in row.door_host_patterns],
        exits=row.door_tracks_exits,
        lists=row.door_lists_people,
        walk_ins=row.door_takes_walk_ins,
    )


@once_more
def move_phone(hashes: Sequence[str], slug: str, gate: object) -> devices.DoorPass:
    """A phone says at which of the door's gates it stands from now on; None: at no certain one."""
    with transaction() as session:
        door = devices.admitted(session.connection(), hashes, slug)
        if gate is not None and gate not in told(door.meetup_id).gates:
            raise DomainError("no_such_gate")
        session.get_one(Device, door.device_id).gate = gate
        return door


def _apply(meetup: Meetup, found: DoorRules) -> list[str]:
    """The columns that this changed."""
    wanted: dict[str, Any] = {
        "door_gates": found.gates,
        "door_ticks": found.ticks,
        "door_host_patterns": found.host_patterns,
        "door_tracks_exits": found.tracks_exits,
        "door_lists_people": found.lists_people,
        "door_takes_walk_ins": found.takes_walk_ins,
        "door_counts_walk_ins": found.counts_walk_ins,
        "door_verifies_walk_ins": found.verifies_walk_ins,
        "door_releases_after": found.releases_after,
    }
    changed = [name for name, value in wanted.items() if getattr(meetup, name) != value]
    for name in changed:
        setattr(meetup, name, wanted[name])
    return sorted(changed)
