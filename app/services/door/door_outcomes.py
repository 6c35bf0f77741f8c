"""The answer to a scan, as values: made when it is judged, or again from the ledger's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.domain.door.admission import Verdict
from app.domain.hosting.matching import HostListed, worth_a_word
from app.domain.registering.registrations import Status
from app.models import CheckInKind, DeviceRole, Source
from app.services.door import door_released, door_rows, door_standing
from app.services.door.door_rows import AnyRow
from app.services.door.door_standing import Party

_SCANS = (CheckInKind.ENTRY, CheckInKind.EXIT)
# So soon after a tablet had a guest, who has to walk over, the staff may be asked about it before it has said that it sent them.
ON_THEIR_WAY = dt.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a scan, as the door shows them."""

    name: str
    cohort: int | None
    reference: str
    note: str | None = None  # what the organizers call a guest whom they want to greet
    host: HostListed | None = (
        None  # how they stand on the list of the larger event's host, where that is worth a word
    )


@dataclass(frozen=True, slots=True)
class First:
    """The entry that came first, or the exit by which they left. `at_desk`: by an organizer, not by a staff phone.

    `may_send_on`: by a self check-in tablet, which hasn't said that anybody came in by it.
    """

    at: dt.datetime
    gate: str | None
    device: str | None
    at_desk: bool = False
    may_send_on: bool = False

    def may_have_sent(self, at: dt.datetime) -> bool:
        """Whether who is here at that time may come from the tablet, which let nobody in."""
        return self.may_send_on and abs(at - self.at) <= ON_THEIR_WAY


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one scan: a verdict, or the code of what kept it from being stored."""

    id: str | None
    verdict: Verdict | None = None
    error: str | None = None
    replayed: bool = False
    status: Status | None = None
    person: Who | None = None
    first: First | None = None
    left: First | None = None  # of an entry: they come back; of an exit: they had gone before
    party: Party | None = None  # as it stands now
    released: dt.datetime | None = None  # on the waitlist, since their seat was released at the door
    recounts: bool = False  # what else is known of the ticket may count otherwise by it
    from_tablet: bool = False  # in by a tablet that may have sent them to the staff a moment ago
    of_exit: bool = False  # what was undone is an exit
    of_walk_in: bool = False  # what was undone let in a walk-in, whose seat is free again


def who(row: AnyRow) -> Who:
    return Who(row.name, row.cohort, row.reference, row.arrival_alert, worth_a_word(row.host_listed))


def first_of(row: AnyRow) -> First:
    """The entry by which this person is in already."""
    on = _may_send_on(row.first_role, row.first_let_in)
    return First(row.admitted_at, row.first_gate, row.first_device, row.first_account_id is not None, on)


def told(row: AnyRow) -> First:
    """The check-in that another one refers to."""
    on = _may_send_on(row.device_role, row.let_in)
    return First(row.corrected_at, row.gate, row.device, row.account_id is not None, on)


def _may_send_on(role: DeviceRole | None, let_in: int | None) -> bool:
    return role is DeviceRole.KIOSK and not let_in


def from_ledger(connection: Connection, rows: Mapping[str, AnyRow]) -> dict[str, Outcome]:
    """The stored answers of these ledger rows, by scan id."""
    if not rows:
        return {}
    people = door_rows.by_id(
        connection, {row.registration_id for row in rows.values() if row.registration_id}
    )
    others = door_rows.referred(connection, {row.refers_to_id for row in rows.values() if row.refers_to_id})
    waiting = {row.registration_id for row in rows.values() if row.verdict is Verdict.WAITLISTED}
    releases = door_released.of(connection, waiting)
    return {
        scan_id: replace(
            _stored(row, people.get(row.registration_id), others.get(row.refers_to_id)),
            party=_party(connection, row, people.get(row.registration_id)),
            released=door_released.last(row.verdict, row.corrected_at, releases.get(row.registration_id, ())),
        )
        for scan_id, row in rows.items()
    }


def _never_came(person: AnyRow | None) -> bool:
    return person is not None and person.source is Source.WALK_IN and person.status is Status.CANCELLED


def _party(connection: Connection, row: AnyRow, person: AnyRow | None) -> Party | None:
    if person is None or row.verdict not in door_standing.OF_SOMEBODY:
        return None
    if not person.companions and row.let_in != 0:
        return None
    return door_standing.read(connection, person.id).party(row.scan_id)


def _stored(row: AnyRow, person: AnyRow | None, other: AnyRow | None) -> Outcome:
    already = row.verdict is Verdict.ALREADY_REDEEMED
    first = told(other) if already and other is not None else None
    of_exit = other is not None and other.kind is CheckInKind.EXIT
    return Outcome(
        row.scan_id,
        verdict=row.verdict,
        replayed=True,
        status=row.status,
        person=who(person) if person is not None else None,
        first=first,
        left=told(other) if of_exit and row.kind in _SCANS and other is not None else None,
        from_tablet=first is not None and first.may_have_sent(row.corrected_at),
        of_exit=of_exit and row.kind is CheckInKind.UNDO,
        of_walk_in=row.kind is CheckInKind.UNDO and _never_came(person),
    )
