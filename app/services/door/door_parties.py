"""What is said of a scan after it: how many of a party it let in or out, or that a supervisor let its holder in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.domain.door.admission import Verdict
from app.domain.door.moments import Moment
from app.domain.door.scans import OverrideScan, PartyScan, Remark
from app.models import CheckInKind, Device, DeviceRole
from app.services.door import door_rows, door_standing
from app.services.door.door_outcomes import Outcome, who
from app.services.door.door_rows import AnyRow
from app.services.door.door_station import Station

_SCANS = (CheckInKind.ENTRY, CheckInKind.EXIT)


def whose(
    connection: Connection, meetup_id: int, remarks: Sequence[Remark], scans: Mapping[str, int]
) -> dict[str, int]:
    """The registration that each is about, 0 for none; `scans` says it of the scans of the same batch."""
    wanted = {each.of for each in remarks} - scans.keys()
    earlier = door_rows.stored(connection, meetup_id, wanted)
    known = {key: row.registration_id or 0 for key, row in earlier.items()} | dict(scans)
    return {each.id: known.get(each.of, 0) for each in remarks}


def store_party(
    connection: Connection, station: Station, party: PartyScan, when: Moment, at: dt.datetime
) -> Outcome:
    """How the party stands then; an error where there is no such scan of somebody's ticket.

    A self check-in tablet may say it of its own scans, and of those of another one: it may have been that before it was
    enrolled anew. Also of one that the server refuses and a phone's older list let in: it is kept who came, for an override to count.
    """
    target = door_rows.stored(connection, station.meetup_id, [party.of]).get(party.of)
    if target is None or target.kind not in _SCANS or target.registration_id is None:
        return Outcome(party.id, error="no_such_check_in")
    if station.is_kiosk and not _is_by_tablet(connection, station, target):
        return Outcome(party.id, error="not_allowed")
    door_rows.append(connection, _row(station, party, target, when, at) | _party(party))
    door_standing.derive(connection, target.registration_id)
    person = door_rows.by_id(connection, [target.registration_id])[target.registration_id]
    stands = door_standing.party_of(connection, person, target.scan_id)
    return Outcome(
        party.id, Verdict.OK, status=target.status, person=who(person), party=stands, recounts=True
    )


def store_override(
    connection: Connection, station: Station, override: OverrideScan, when: Moment, at: dt.datetime
) -> Outcome:
    """From then on the scan counts as an entry, whatever it was answered; its answer stays as it was.

    Whose ticket the server does not know is recorded, and counted nowhere.
    """
    if not station.supervises:
        return Outcome(override.id, error="not_allowed")
    target = door_rows.stored(connection, station.meetup_id, [override.of]).get(override.of)
    if target is None or target.kind is not CheckInKind.ENTRY:
        return Outcome(override.id, error="no_such_check_in")
    told = {"kind": CheckInKind.OVERRIDE, "reason": override.reason}
    door_rows.append(connection, _row(station, override, target, when, at) | told)
    if target.registration_id is None:
        return Outcome(override.id, Verdict.OK)
    door_standing.derive(connection, target.registration_id)
    person = door_rows.by_id(connection, [target.registration_id])[target.registration_id]
    stands = door_standing.party_of(connection, person, target.scan_id)
    return Outcome(override.id, Verdict.OK, status=target.status, person=who(person), party=stands)


def _is_by_tablet(connection: Connection, station: Station, target: AnyRow) -> bool:
    if target.device_id == station.device_id:
        return True
    role = connection.execute(select(Device.role).where(Device.id == target.device_id)).scalar()
    return role is DeviceRole.KIOSK


def _party(party: PartyScan) -> dict[str, Any]:
    return {"kind": CheckInKind.PARTY, "admits": party.admits}


def _row(station: Station, remark: Remark, target: AnyRow, when: Moment, at: dt.datetime) -> dict[str, Any]:
    return {
        "meetup_id": station.meetup_id,
        "scan_id": remark.id,
        "verdict": Verdict.OK,
        "status": target.status,
        "registration_id": target.registration_id,
        "ticket_id": target.ticket_id,
        "device_id": station.device_id,
        "account_id": station.account_id,
        "method": target.method,
        "gate": target.gate,
        "scanned_at": when.scanned_at,
        "clock_offset_ms": round(when.offset.total_seconds() * 1000),
        "corrected_at": when.corrected_at,
        "clock_fault": when.fault,
        "received_at": at,
        "body_hash": remark.body_hash,
        "refers_to_id": target.id,
    }
