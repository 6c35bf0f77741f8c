"""What a supervisor says about somebody who comes without a registration."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.door.scans import GATE_KEPT, body_hash, clean, read_id
from app.domain.errors import DomainError
from app.domain.writing.typed_names import read_name

WALK_IN_UNDONE = "walk-in undone"  # why a registration ended, in its history
_NAME_READ = 1000  # characters of what was typed, before it is tidied
_ORDINAL_DIGITS = 4


class Check(enum.StrEnum):
    """Whether somebody stands behind a walk-in's word on who they are."""

    NOT_ASKED = "not_asked"  # a guest, or the meetup verifies none
    OPEN = "open"
    FOUND = "found"  # on the roster
    NOT_LISTED = "not_listed"


def check_of(*, says_cohort: bool, verifies: bool, decided: bool, found: bool) -> Check:
    """How a walk-in stands; what was decided holds, whatever the meetup's setting is by now."""
    if decided:
        return Check.FOUND if found else Check.NOT_LISTED
    return Check.OPEN if says_cohort and verifies else Check.NOT_ASKED


@dataclass(frozen=True, slots=True)
class WalkIn:
    """One walk-in as told: `cohort` is None for a guest; `over`: also where all seats are taken."""

    id: str
    name: str
    cohort: int | None
    over: bool
    gate: str | None
    body_hash: bytes


def read_walk_in(body: Mapping[str, Any]) -> WalkIn:
    """The walk-in that a phone or the desk tells of; refused where it has no id, name or readable cohort.

    `over` and `gate` are no part of what makes two tellings the same: the second try after a warning is one.
    """
    key, typed = read_id(body.get("id")), body.get("name")
    if key is None:
        raise DomainError("malformed")
    name = read_name(typed[:_NAME_READ] if isinstance(typed, str) else "")
    cohort = _ordinal(body.get("cohort"))
    return WalkIn(
        id=key,
        name=name,
        cohort=cohort,
        over=body.get("over") is True,
        gate=clean(body.get("gate"), GATE_KEPT),
        body_hash=body_hash({"walk_in": key, "name": name, "cohort": cohort}),
    )


def _ordinal(key: object) -> int | None:
    """A cohort as the counts name it; None, "" and "none" for a guest."""
    if key is None or key in ("", "none"):
        return None
    if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= _ORDINAL_DIGITS:
        return int(key)
    raise DomainError("walk_in_cohort_unknown")
