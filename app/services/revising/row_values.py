"""What an attendee has of all that an edited list may change; the same for the file that goes out and for its return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.registering.tags import written
from app.domain.revising.parts import Part, Values, marks
from app.keys import keys
from app.services.organizing import desk_notes, tags


def values_of(row: Any, called: Sequence[str], note: str) -> Values:
    """Of a row with the columns of `attendees.stream`."""
    return {
        Part.STATUS: row.status.value,
        Part.NAME: row.name,
        Part.COHORT: "" if row.ordinal is None else str(row.ordinal),
        Part.CERTIFICATE: row.certificate or "",
        Part.ADDRESS: row.address,
        Part.PHONE: row.phone or "",
        Part.TAGS: written(called),
        Part.NOTE: note,
    }


def secret() -> bytes:
    return keys().link + b"|edited-list"


class Marks:
    """The column by which a file remembers what it said; looked up once a chunk."""

    def __init__(self) -> None:
        self._tags: Mapping[int, Sequence[str]] = {}
        self._notes: Mapping[int, str] = {}

    def prepare(self, rows: Sequence[Any], /) -> None:
        ids = [row.id for row in rows]
        self._tags, self._notes = tags.of_registrations(ids), desk_notes.of_registrations(ids)

    def of(self, row: Any) -> str:
        values = values_of(row, self._tags.get(row.id, ()), self._notes.get(row.id, ""))
        return marks(secret(), row.reference, values)
