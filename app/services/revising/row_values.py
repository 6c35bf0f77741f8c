"""What an attendee has of all that an edited list may change; the same for the file that goes out and for its return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.registering.tags import written
from app.domain.revising.parts import Part, Values, marks
from app.keys import keys
from app.services.alumni.phones import Phones
from app.services.organizing.exports import ByRegistration, Lookup


def values_of(row: Any, phone: str | None, called: Sequence[str], note: str) -> Values:
    """Of a row with the columns of `attendees.chunks`. `phone`: as `Phones` says it."""
    return {
        Part.STATUS: row.status.value,
        Part.NAME: row.name,
        Part.COHORT: "" if row.ordinal is None else str(row.ordinal),
        Part.CERTIFICATE: row.certificate or "",
        Part.ADDRESS: row.address,
        Part.PHONE: phone or "",
        Part.TAGS: written(called),
        Part.NOTE: note,
    }


def secret() -> bytes:
    return keys().link + b"|edited-list"


class Marks:
    """The column by which a file remembers what it said, from the look-ups of the columns that say it."""

    def __init__(self, phones: Phones, called: ByRegistration[list[str]], noted: ByRegistration[str]) -> None:
        self._phones, self._called, self._noted, self._secret = phones, called, noted, secret()
        self.of_these: tuple[Lookup, ...] = phones, called, noted

    def of(self, row: Any) -> str:
        values = values_of(row, self._phones.of(row), self._called.of(row) or (), self._noted.of(row) or "")
        return marks(self._secret, row.reference, values)
