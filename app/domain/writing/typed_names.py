"""A person's name as somebody else types it."""

from __future__ import annotations

from app.domain.errors import DomainError
from app.domain.writing.names import clean_name
from app.domain.writing.resident_numbers import holds_resident_number

LONGEST = 200


def read_name(text: str) -> str:
    """Tidied. Refused where nothing of a name is in it, or what can't be kept as one."""
    name = clean_name(text)
    if not name:
        raise DomainError("unnamed")
    if len(name) > LONGEST:
        raise DomainError("name_too_long", limit=LONGEST)
    if holds_resident_number(name):
        raise DomainError("resident_number_typed")
    return name
