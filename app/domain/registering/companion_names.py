"""The names of those who come along, where a meetup asks for them."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.names import clean_name
from app.domain.writing.resident_numbers import holds_resident_number

LONGEST = 100


class CompanionNames(enum.StrEnum):
    """Whether a meetup asks for them."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


def read_names(typed: Sequence[str], number: int, wanted: CompanionNames) -> list[str]:
    """The names of so many companions, "" for one who is not named; empty where none is. Raises `Unusable`, with the
    places as "name-1"."""
    if wanted is CompanionNames.NONE:
        return []
    names = [clean_name(name) for name in typed[:number]]
    names += [""] * (number - len(names))
    refused = {f"name-{n}": why for n, name in enumerate(names, 1) if (why := _problem(name, wanted))}
    if refused:
        raise Unusable(refused)
    return names if any(names) else []


def unnamed(names: Sequence[str], number: int, wanted: CompanionNames) -> bool:
    """Whether a name is still owed."""
    return wanted is CompanionNames.REQUIRED and sum(map(bool, names)) < number


def _problem(name: str, wanted: CompanionNames) -> DomainError | None:
    if not name:
        return DomainError("companion_unnamed") if wanted is CompanionNames.REQUIRED else None
    if len(name) > LONGEST:
        return DomainError("companion_name_too_long", limit=LONGEST)
    return DomainError("resident_number_typed") if holds_resident_number(name) else None
