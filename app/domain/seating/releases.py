"""Whose seats go to those who are there: the seats of absent people, some minutes after the start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.door.scans import GATE_KEPT, body_hash, clean, read_id
from app.domain.errors import DomainError

MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Release:
    """Somebody on the waitlist who is to be let in, by their public reference."""

    id: str
    registration: str
    over: bool
    gate: str | None
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who holds a seat and is not there: their place in line, and how many people they would be."""

    id: int
    rank: int
    people: int


def read_release(body: Mapping[str, Any]) -> Release:
    """`over` and `gate` are no part of what makes two tellings the same: the second try after a warning is one."""
    key, registration = read_id(body.get("id")), body.get("registration")
    if key is None or not isinstance(registration, str) or not 0 < len(registration) <= 40:
        raise DomainError("malformed")
    return Release(
        id=key,
        registration=registration,
        over=body.get("over") is True,
        gate=clean(body.get("gate"), GATE_KEPT),
        body_hash=body_hash({"release": key, "registration": registration}),
    )


def release_at(starts_at: dt.datetime, minutes: int | None) -> dt.datetime | None:
    """From when on seats of absent people may be given away; None: they keep them."""
    return None if minutes is None else starts_at + dt.timedelta(minutes=minutes)


def whose(absent: Sequence[Absent], needed: int) -> list[int] | None:
    """Whose seats to take so that `needed` people fit, None if all together are too few.

    The smallest parties first, so that few lose a seat; among them whoever came last in line.
    """
    chosen: list[int] = []
    for each in sorted(absent, key=lambda one: (one.people, -one.rank)):
        if needed <= 0:
            break
        chosen.append(each.id)
        needed -= each.people
    return chosen if needed <= 0 else None
