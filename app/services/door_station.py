"""Where scans come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.domain.admission import Verdict
from app.domain.ledger import Moment, moment
from app.domain.scans import Scan
from app.models import CheckInKind
from app.services.devices import DoorPass


@dataclass(frozen=True, slots=True)
class Station:
    """Where scans come from: a staff phone, or an organizer's desk."""

    meetup_id: int
    called_off: bool
    device_id: int | None = None
    account_id: int | None = None
    gate: str | None = None
    name: str | None = None
    since: dt.datetime | None = None
    supervises: bool = False
    tracks_exits: bool = False
    shift_over: dt.datetime | None = None

    def placed(self, told: object, sent_at: object, at: dt.datetime) -> Moment:
        """When something that arrives at `at` happened here."""
        return moment(told, sent_at, at, self.since, self.shift_over)

    def was_over(self, when: Moment) -> bool:
        """It happened after the phone's right had ended."""
        return self.shift_over is not None and when.corrected_at > self.shift_over

    def row_of(self, scan: Scan, when: Moment, verdict: Verdict, at: dt.datetime) -> dict[str, Any]:
        """The ledger's row of a scan made here, of which nobody knows yet to whom it belongs."""
        return {
            "meetup_id": self.meetup_id,
            "scan_id": scan.id,
            "kind": CheckInKind.EXIT if scan.leaves else CheckInKind.ENTRY,
            "verdict": verdict,
            "registration_id": None,
            "ticket_id": None,
            "status": None,
            "refers_to_id": None,
            "admits": 1,
            "device_id": self.device_id,
            "account_id": self.account_id,
            "method": scan.method,
            "gate": scan.gate or self.gate,
            "payload": scan.payload,
            "scanned_at": when.scanned_at,
            "clock_offset_ms": round(when.offset.total_seconds() * 1000),
            "corrected_at": when.corrected_at,
            "clock_fault": when.fault,
            "received_at": at,
            "body_hash": scan.body_hash,
        }


def station_of(door: DoorPass) -> Station:
    return Station(
        door.meetup_id,
        door.called_off,
        device_id=door.device_id,
        gate=door.gate,
        name=door.name,
        since=door.enrolled_at,
        supervises=door.may_supervise,
        tracks_exits=door.tracks_exits,
        shift_over=door.shift_over,
    )
