"""Judging a batch of scans and writing it into the ledger, inside a transaction of the caller's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain import tickets
from app.domain.admission import Presented, Verdict, all_in, judge
from app.domain.ledger import Entry, Moment
from app.domain.registrations import Status
from app.domain.scans import Item, Malformed, OverrideScan, PartyScan, Remark, Scan
from app.models import CheckInKind
from app.services import door_rows, door_standing
from app.services.door_outcomes import First, Outcome, first_of, from_ledger, told, who
from app.services.door_parties import store_override, store_party, whose
from app.services.door_rows import AnyRow
from app.services.door_standing import OF_A_VALID_TICKET
from app.services.door_station import Station
from app.services.races import LostRace

Found = Mapping[str, AnyRow | None]


@dataclass(frozen=True, slots=True)
class Look:
    """What the database holds on the scans of a batch: their stored answers, and what they show."""

    known: Mapping[str, AnyRow]
    found: Found


def judge_and_store(
    connection: Connection,
    station: Station,
    items: Sequence[Item],
    sent_at: object,
    at: dt.datetime,
    look: Look | None = None,
) -> list[Outcome]:
    """One outcome an item, in order. A scan id that is known gets its stored answer and changes nothing."""
    scans: dict[str, Scan] = {}
    for item in items:
        if isinstance(item, Scan):
            scans.setdefault(item.id, item)
    remarks: dict[str, Remark] = {}
    for item in items:
        if isinstance(item, Remark) and item.id not in scans:
            remarks.setdefault(item.id, item)
    look = look or _look(connection, station.meetup_id, scans, remarks)
    fresh = [scan for scan in scans.values() if scan.id not in look.known]
    said = [each for each in remarks.values() if each.id not in look.known]
    judged = _Batch(connection, station, at).store(fresh, said, look.found, sent_at)
    answers = from_ledger(connection, look.known) | judged
    bodies = {key: each.body_hash for key, each in (scans | remarks).items()}
    bodies |= {key: row.body_hash for key, row in look.known.items()}
    return [_answer(item, answers, bodies) for item in items]


def _look(
    connection: Connection, meetup_id: int, scans: Mapping[str, Scan], remarks: Mapping[str, Remark]
) -> Look:
    known = door_rows.stored(connection, meetup_id, [*scans, *remarks])
    fresh = [scan for key, scan in scans.items() if key not in known]
    digests = {scan.id: tickets.digest(scan.code) for scan in fresh if scan.code}
    references = {scan.id: scan.registration for scan in fresh if scan.registration}
    by_digest = door_rows.by_digest(connection, digests.values())
    by_reference = door_rows.by_reference(connection, meetup_id, references.values())
    shown = {key: by_digest.get(digest) for key, digest in digests.items()}
    named = {key: by_reference.get(reference) for key, reference in references.items()}
    return Look(known, dict.fromkeys((scan.id for scan in fresh), None) | shown | named)


def _answer(item: Item, answers: Mapping[str, Outcome], bodies: Mapping[str, bytes]) -> Outcome:
    if isinstance(item, Malformed):
        return Outcome(item.id, error="malformed")
    if item.body_hash != bodies[item.id]:
        return Outcome(item.id, error="conflicting_body")
    return answers[item.id]


class _Batch:
    """Scans seen for the first time, with who came in by an earlier one of the same batch."""

    def __init__(self, connection: Connection, station: Station, at: dt.datetime) -> None:
        self.connection, self.station, self.at = connection, station, at
        self.entered: dict[int, tuple[int, First]] = {}

    def store(
        self, scans: Sequence[Scan], remarks: Sequence[Remark], found: Found, sent_at: object
    ) -> dict[str, Outcome]:
        """Taken in one order in every batch (person, time, id), so that two batches never deadlock."""
        keys = {scan.id: _key(found[scan.id]) for scan in scans}
        keys |= whose(self.connection, self.station.meetup_id, remarks, keys)
        items: list[Scan | Remark] = [*scans, *remarks]
        times = {each.id: self.station.placed(each.scanned_at, sent_at, self.at) for each in items}

        def order(each: Scan | Remark) -> tuple[int, dt.datetime, bool, str]:
            """What is said of a scan comes after it, whatever the clock says."""
            at, is_remark = times[each.id].corrected_at, isinstance(each, Remark)
            if isinstance(each, Remark) and each.of in times:
                at = max(at, times[each.of].corrected_at)
            return keys[each.id], at, is_remark, each.id

        return {each.id: self._stored(each, times[each.id], found) for each in sorted(items, key=order)}

    def _stored(self, each: Scan | Remark, when: Moment, found: Found) -> Outcome:
        if self.station.was_over(when):
            return Outcome(each.id, error="shift_over")
        if isinstance(each, PartyScan):
            return store_party(self.connection, self.station, each, when, self.at)
        if isinstance(each, OverrideScan):
            return store_override(self.connection, self.station, each, when, self.at)
        return self._one(each, when, found[each.id])

    def _one(self, scan: Scan, when: Moment, row: AnyRow | None) -> Outcome:
        if row is None or row.meetup_id != self.station.meetup_id:
            verdict = judge(Presented(row.status if row is not None else None, this_meetup=False))
            self._append(scan, when, verdict)
            return Outcome(scan.id, verdict)
        status, earlier = self._status(row, when), self._earlier(scan, when, row)
        verdict = judge(
            Presented(
                status,
                revoked=row.revoked_at is not None and row.revoked_at <= when.corrected_at,
                already_in=earlier is not None,
                called_off=self.station.called_off,
            )
        )
        refers_to, first = earlier if earlier and verdict is Verdict.ALREADY_REDEEMED else (None, None)
        key = self._append(
            scan,
            when,
            verdict,
            registration_id=row.id,
            ticket_id=row.ticket_id,
            status=status,
            refers_to_id=refers_to,
            admits=1 + row.companions,
        )
        if verdict is Verdict.OK:
            self._admit(scan, when, row, key)
        elif verdict is Verdict.ALREADY_REDEEMED and (row.companions or _came_before(scan, when, row)):
            door_standing.derive(self.connection, row.id)
        ticketed = row.ticket_id is not None
        party = (
            door_standing.party_of(self.connection, row, scan.id) if verdict in OF_A_VALID_TICKET else None
        )
        return Outcome(
            scan.id, verdict, status=status, person=who(row), first=first, party=party, ticketed=ticketed
        )

    def _status(self, row: AnyRow, when: Moment) -> Status:
        """The state in which they stood at the door: a seat that was lost since then let them in."""
        status: Status = row.status
        if status is Status.CONFIRMED or row.status_at <= when.corrected_at:
            return status
        return door_rows.status_at(self.connection, row.id, when.corrected_at) or status

    def _earlier(self, scan: Scan, when: Moment, row: AnyRow) -> tuple[int | None, First] | None:
        """The check-in that lets this one find them in already."""
        if row.companions:
            return self._all_of_a_party(scan, when, row)
        if row.id in self.entered:
            return self.entered[row.id]
        if row.admitted_at is not None:
            return row.admitted_by_id, first_of(row)
        if not row.was_undone:
            return None
        held = door_standing.history(self.connection, row.id)
        key = held.inside_before(Entry(scan.id, when.corrected_at))
        return self._referred(key)

    def _all_of_a_party(self, scan: Scan, when: Moment, row: AnyRow) -> tuple[int, First] | None:
        """The same for several people on one ticket: only when all of them are in."""
        held = door_standing.history(self.connection, row.id)
        standing = held.standing
        if standing.admitting and all_in(1 + row.companions, standing.people):
            return self._referred(held.keys[standing.admitting.scan_id])
        if not row.was_undone:
            return None
        return self._referred(held.inside_before(Entry(scan.id, when.corrected_at)))

    def _referred(self, key: int | None) -> tuple[int, First] | None:
        return (key, told(door_rows.referred(self.connection, [key])[key])) if key else None

    def _admit(self, scan: Scan, when: Moment, row: AnyRow, key: int) -> None:
        if row.was_undone or row.companions or row.status is not Status.CONFIRMED:
            door_standing.derive(self.connection, row.id)
        elif not door_rows.admit(self.connection, row.id, when.corrected_at, key):
            raise LostRace
        station = self.station
        first = First(
            when.corrected_at, scan.gate or station.gate, station.name, station.account_id is not None
        )
        self.entered[row.id] = (key, first)

    def _append(self, scan: Scan, when: Moment, verdict: Verdict, **links: Any) -> int:
        """A row of the ledger. What belongs to another meetup leaves no trace of whom it belongs to."""
        values = {
            "registration_id": None,
            "ticket_id": None,
            "status": None,
            "refers_to_id": None,
            "admits": 1,
        } | links
        return door_rows.append(
            self.connection,
            values
            | {
                "meetup_id": self.station.meetup_id,
                "scan_id": scan.id,
                "kind": CheckInKind.ENTRY,
                "verdict": verdict,
                "device_id": self.station.device_id,
                "account_id": self.station.account_id,
                "method": scan.method,
                "gate": scan.gate or self.station.gate,
                "payload": scan.payload,
                "scanned_at": when.scanned_at,
                "clock_offset_ms": round(when.offset.total_seconds() * 1000),
                "corrected_at": when.corrected_at,
                "clock_fault": when.fault,
                "received_at": self.at,
                "body_hash": scan.body_hash,
            },
        )


def _came_before(scan: Scan, when: Moment, row: AnyRow) -> bool:
    """Whether this scan, now that it is known, is an earlier one than that by which they are in."""
    if row.admitted_at is None or row.first_scan_id is None:
        return False
    return (when.corrected_at, scan.id) < (row.admitted_at, row.first_scan_id)


def _key(row: AnyRow | None) -> int:
    return row.id if row is not None else 0
