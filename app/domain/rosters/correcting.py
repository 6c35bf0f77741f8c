"""What an organizer corrects of a roster entry, by the rules of a roster's rows."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.rosters.fields import MAX_LENGTH, Field
from app.domain.writing.kept_texts import one_line
from app.domain.writing.names import clean_name
from app.domain.writing.resident_numbers import holds_resident_number

CORRECTED = (Field.NAME, Field.OTHER_NAME, Field.PHONE, Field.CERTIFICATE, Field.COMPLETED)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Facts:
    """What a roster says of somebody; "" for what it doesn't. Named like the fields of a roster."""

    name: str
    other_name: str = ""
    phone: str = ""
    certificate: str = ""
    completed: bool = False

    def told(self, field: Field) -> str:
        value = getattr(self, field.value)
        return value if isinstance(value, str) else YES if value else NO

    def differing(self, other: Facts) -> list[Field]:
        """What the two say differently once tidied: lists hold what a form sends back otherwise spaced or composed."""
        return [
            field
            for field in CORRECTED
            if tidied(field, self.told(field)) != tidied(field, other.told(field))
        ]


def tidied(field: Field, text: str) -> str:
    is_name = field in {Field.NAME, Field.OTHER_NAME}
    return clean_name(text) if is_name else one_line(text)


def read_fact(field: Field, text: str) -> str:
    """As typed, tidied. Refused where it can't be kept, or a name is missing."""
    if holds_resident_number(text):
        raise DomainError("resident_number_typed")
    value = tidied(field, text)
    if not value and field is Field.NAME:
        raise DomainError("unnamed")
    if len(value) > MAX_LENGTH[field]:
        raise DomainError("too_long", limit=MAX_LENGTH[field])
    return value
