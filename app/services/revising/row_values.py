"""What an attendee has of all that an edited list may change; the same for the file that goes out and for its return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.registering.tags import written
from app.domain.revising.parts import Part, Values, marks
from app.keys import keys
from app.services.alumni.phones import Phones
from app.services.organizing import desk_notes, tags


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
    """The column by which a file remembers what it said; looked up once a chunk."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self._tags: Mapping[int, Sequence[str]] = {}
        self._notes: Mapping[int, str] = {}

    def prepare(self, rows: Sequence[Any], /) -> None:
        self._phones.prepare(rows)
        ids = [row.id for row in rows]
        self._tags, self._notes = tags.of_registrations(ids), desk_notes.of_registrations(ids)

    def of(self, row: Any) -> str:
        called, note = self._tags.get(row.id, ()), self._notes.get(row.id, "")
        values = values_of(row, self._phones.of(row), called, note)
        return marks(secret(), row.reference, values)
