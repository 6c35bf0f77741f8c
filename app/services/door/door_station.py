"""Where scans come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from app.domain.door.admission import Verdict
from app.domain.door.moments import SLACK, ClockFault, Moment, moment
from app.domain.door.scans import Scan
from app.models import CheckInKind, Device
from app.services.door.devices import DoorPass
from app.services.door.door_contacts import SEEN_EVERY

_device = Device.__table__
_FIRST_ENROLLED = select(func.min(_device.c.created_at)).where(
    _device.c.meetup_id == bindparam("meetup"),
    or_(_device.c.last_seen_at.is_(None), _device.c.last_seen_at <= bindparam("silent_since")),
)


NO_SKEWS: Mapping[str, dt.timedelta] = {}


@dataclass(frozen=True, slots=True)
class Station:
    """Where scans come from: a staff phone, or an organizer's desk."""

    meetup_id: int
    called_off_at: dt.datetime | None = None
    device_id: int | None = None
    account_id: int | None = None
    gate: str | None = None
    name: str | None = None
    since: dt.datetime | None = None
    supervises: bool = False
    is_kiosk: bool = False
    tracks_exits: bool = False
    shift_over: dt.datetime | None = None

    def placed(
        self,
        connection: Connection,
        told: Mapping[str, object],
        sent_at: object,
        at: dt.datetime,
        skews: Mapping[str, dt.timedelta] = NO_SKEWS,
    ) -> dict[str, Moment]:
        """When the things that arrive at `at` happened here, each as its phone told; `skews` where it told that, too.

        What a phone did before it was enrolled it did in an earlier enrolment, and hands it over now. How far back
        that can be is asked only where something is older than the enrolment.
        """
        times = self._placed(told, sent_at, at, skews)
        if self.since and any(each.fault is ClockFault.IMPOSSIBLE for each in times.values()):
            earlier = replace(self, since=self._first_enrolled(connection, self.since))
            return earlier._placed(told, sent_at, at, skews)
        return times

    def _placed(
        self,
        told: Mapping[str, object],
        sent_at: object,
        at: dt.datetime,
        skews: Mapping[str, dt.timedelta],
    ) -> dict[str, Moment]:
        return {
            key: moment(said, sent_at, at, self.since, self.shift_over, skews.get(key))
            for key, said in told.items()
        }

    def _first_enrolled(self, connection: Connection, since: dt.datetime) -> dt.datetime:
        """When this phone may first have been enrolled here. An enrolment that was seen after this one is another's:
        a browser has one token at a time. So nobody claims a time at which no phone that fell silent could scan.
        """
        given = {"meetup": self.meetup_id, "silent_since": since + SEEN_EVERY}
        first: dt.datetime | None = connection.execute(_FIRST_ENROLLED, given).scalar()
        return min(first or since, since)

    def was_over(self, when: Moment) -> bool:
        """It happened after the phone's right had ended, by more than an upload on its way makes it seem later."""
        return self.shift_over is not None and when.corrected_at > self.shift_over + SLACK

    def was_called_off(self, when: Moment) -> bool:
        """The meetup had been called off when it happened."""
        return self.called_off_at is not None and self.called_off_at <= when.corrected_at

    def admits(self, scan: Scan, people: int) -> int:
        """How many of the `people` on a ticket an entry lets in, at most: none whom a tablet sent to the staff, as no late
        green is seen there."""
        return 0 if scan.let_in == 0 and (scan.by_guest or self.is_kiosk) else people

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
            "let_in": scan.let_in,
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
        door.called_off_at,
        device_id=door.device_id,
        gate=door.gate,
        name=door.name,
        since=door.enrolled_at,
        supervises=door.may_supervise,
        is_kiosk=door.is_kiosk,
        tracks_exits=door.tracks_exits,
        shift_over=door.shift_over,
    )
