"""Where scans come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.domain.ledger import Moment, moment
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
    shift_over: dt.datetime | None = None

    def placed(self, told: object, sent_at: object, at: dt.datetime) -> Moment:
        """When something that arrives at `at` happened here."""
        return moment(told, sent_at, at, self.since, self.shift_over)

    def was_over(self, when: Moment) -> bool:
        """It happened after the phone's right had ended."""
        return self.shift_over is not None and when.corrected_at > self.shift_over


def station_of(door: DoorPass) -> Station:
    return Station(
        door.meetup_id,
        door.called_off,
        device_id=door.device_id,
        gate=door.gate,
        name=door.name,
        since=door.enrolled_at,
        supervises=door.may_supervise,
        shift_over=door.shift_over,
    )
