"""What the ledger says of one person: read from all their rows, so that no upload order decides it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.domain.door import ledger
from app.domain.door.admission import Verdict
from app.domain.door.ledger import Entry, Exit, Passage, Standing
from app.models import CheckInKind
from app.services.door import door_rows
from app.services.door.door_rows import AnyRow

OF_A_VALID_TICKET = frozenset({Verdict.OK, Verdict.ALREADY_REDEEMED})
OF_AN_EXIT = frozenset({Verdict.LEFT, Verdict.NOT_IN})
DESK = 0  # in the place of a phone
OF_SOMEBODY = OF_A_VALID_TICKET | OF_AN_EXIT


@dataclass(frozen=True, slots=True)
class Party:
    """People on one ticket: all of them, those who are in, and those who came in or went out by one scan."""

    size: int
    inside: int
    by_this: int


@dataclass(frozen=True, slots=True)
class History:
    """A person's scans and undos, with the ledger's key of each scan, and its row as far as that was read."""

    passages: tuple[Passage, ...]
    undone: dict[str, dt.datetime]
    keys: dict[str, int]
    rows: Mapping[str, AnyRow]
    size: int = 1  # with the companions

    @property
    def standing(self) -> Standing:
        return ledger.standing(self.passages, self.undone, self.size)

    def before(self, scan: Passage) -> Standing:
        """How the person stood when `scan` happened."""
        return ledger.before(scan, self.passages, self.undone, self.size)

    def overtaking(self, entry: Entry) -> Entry | None:
        """The later entry by which those came in whom `entry`, which is not of these yet, did not let in."""
        return ledger.overtaking([*self.passages, entry], self.undone).get(entry.scan_id)

    def beside(self, entry: Entry) -> History:
        """What speaks against letting somebody in by `entry`."""
        return replace(self, passages=tuple(ledger.beside(entry, self.passages, self.undone)))

    def key_of(self, passage: Passage | None) -> int | None:
        return self.keys[passage.scan_id] if passage else None

    def plus(self, passage: Passage, key: int) -> History:
        """With a scan that was added to the ledger since, as its row `key`."""
        return replace(self, passages=(*self.passages, passage), keys=self.keys | {passage.scan_id: key})

    def party(self, scan_id: str) -> Party | None:
        """How the people on the ticket stand now, and how many came in or went out by this scan.

        None for somebody alone, unless the answer would be taken to mean that they came in, and they did not.
        """
        if self.size == 1 and not self._misleads(scan_id):
            return None
        held = self.standing
        return Party(self.size, held.people, held.taken.get(scan_id, 0))

    def _misleads(self, scan_id: str) -> bool:
        """Whether nobody came in by an entry: a tablet had sent them to the staff, or they came in by a later one that
        was taken back."""
        if any(
            each.scan_id == scan_id and isinstance(each, Entry) and not each.admits for each in self.passages
        ):
            return True
        other = ledger.overtaking(self.passages, self.undone).get(scan_id)
        return other is not None and other.scan_id in self.undone


def history(connection: Connection, registration_id: int, size: int = 1) -> History:
    """Everything on this person. In a transaction that writes, others wait from here to its end.

    `size`: with the companions, of somebody of whom the ledger holds nothing yet.
    """
    door_rows.lock(connection, registration_id)
    return read(connection, registration_id, size)


def read(connection: Connection, registration_id: int, size: int = 1) -> History:
    return of_rows(door_rows.history(connection, registration_id), size)


def of_rows(rows: Sequence[AnyRow], size: int = 1) -> History:
    """`read` from one person's rows of the ledger that are at hand."""
    names = {row.id: row.scan_id for row in rows}
    corrected, overridden = _corrected(rows), overridden_of(rows)
    passages = (_passage(row, corrected.get(row.id), overridden=row.id in overridden) for row in rows)
    undone = {names[row.refers_to_id]: row.corrected_at for row in rows if row.kind is CheckInKind.UNDO}
    size = rows[0].size if rows else size
    by_scan = {row.scan_id: row for row in rows}
    keys = {row.scan_id: row.id for row in rows}
    return History(tuple(each for each in passages if each), undone, keys, by_scan, size)


def _passage(row: AnyRow, corrected: int | None, *, overridden: bool) -> Passage | None:
    """What the row counts as. Not what it was answered: somebody told "not in" may have come in by a late scan.

    By a supervisor's word one person comes in: the phone knows no ticket that it asks for, and not its party.
    """
    said, phone = row.let_in if corrected is None else corrected, row.device_id or DESK
    if row.kind is CheckInKind.EXIT and row.verdict in OF_AN_EXIT:
        return Exit(row.scan_id, row.corrected_at, said or row.admits, phone)
    if row.kind is CheckInKind.ENTRY and overridden:
        people = said or (row.admits if said is None and row.verdict in OF_A_VALID_TICKET else 1)
        return Entry(row.scan_id, row.corrected_at, people, phone, said or 1)
    if row.kind is CheckInKind.ENTRY and row.verdict in OF_A_VALID_TICKET:
        return Entry(row.scan_id, row.corrected_at, said or row.admits, phone, said)
    return None


def overridden_of(rows: Sequence[AnyRow]) -> set[int]:
    """The scans whose holders a supervisor let in, whatever the verdict was."""
    return {row.refers_to_id for row in rows if row.kind is CheckInKind.OVERRIDE}


def _corrected(rows: Sequence[AnyRow]) -> dict[int, int]:
    """How many of a party a scan let in, where somebody said so: the newest word counts, then the larger id."""
    told = [row for row in rows if row.kind is CheckInKind.PARTY]
    return {
        row.refers_to_id: row.admits for row in sorted(told, key=lambda row: (row.corrected_at, row.scan_id))
    }


def party_of(connection: Connection, person: AnyRow, scan_id: str) -> Party | None:
    """How a party stands now, and how many of it this scan let in or out; None for somebody alone."""
    return read(connection, person.id).party(scan_id) if person.companions else None


def derive(connection: Connection, registration_id: int) -> None:
    """Set when and by which scan the person came in, and whether they are out again."""
    settle(connection, registration_id, history(connection, registration_id))


def settle(connection: Connection, registration_id: int, held: History) -> None:
    """`derive` from the history that the transaction has read, and brought up to date."""
    stands = held.standing
    first, left = stands.admitting, stands.left
    door_rows.set_admission(
        connection,
        registration_id,
        at=first.at if first else None,
        by=held.key_of(first),
        people=stands.came,
        left_at=left.at if left else None,
        left=stands.came - stands.people,
    )
