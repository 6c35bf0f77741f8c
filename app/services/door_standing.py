"""What the ledger says of one person: read from all their rows, so that no upload order decides it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain import ledger
from app.domain.admission import Verdict
from app.domain.ledger import Entry, Standing
from app.models import CheckInKind
from app.services import door_rows

OF_A_VALID_TICKET = frozenset({Verdict.OK, Verdict.ALREADY_REDEEMED})


@dataclass(frozen=True, slots=True)
class History:
    """A person's scans and undos, with the ledger's key of each scan."""

    entries: tuple[Entry, ...]
    undone: dict[str, dt.datetime]
    keys: dict[str, int]

    @property
    def standing(self) -> Standing:
        return ledger.standing(self.entries, self.undone)

    def inside_before(self, entry: Entry) -> int | None:
        """The key of the scan by which the person was in already when `entry` happened."""
        found = ledger.inside_before(entry, self.entries, self.undone)
        return self.keys[found.scan_id] if found else None


def history(connection: Connection, registration_id: int) -> History:
    """Everything on this person. In a transaction that writes, others wait from here to its end."""
    door_rows.lock(connection, registration_id)
    return read(connection, registration_id)


def read(connection: Connection, registration_id: int) -> History:
    rows = door_rows.history(connection, registration_id)
    names = {row.id: row.scan_id for row in rows}
    entries = tuple(
        Entry(row.scan_id, row.corrected_at)
        for row in rows
        if row.kind is CheckInKind.ENTRY and row.verdict in OF_A_VALID_TICKET
    )
    undone = {names[row.refers_to_id]: row.corrected_at for row in rows if row.kind is CheckInKind.UNDO}
    return History(entries, undone, {row.scan_id: row.id for row in rows})


def derive(connection: Connection, registration_id: int) -> None:
    """Set when and by which scan the person is in."""
    held = history(connection, registration_id)
    first = held.standing.admitting
    at, by = (first.at, held.keys[first.scan_id]) if first else (None, None)
    door_rows.set_admission(connection, registration_id, at, by)
