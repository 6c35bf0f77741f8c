"""What a phone did while the answer to a scan was on its way, told when it sends the scan again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, update

from app.domain.door.admission import Verdict
from app.domain.door.scans import Scan
from app.models import CheckIn, CheckInKind
from app.services.door import door_rows, door_standing
from app.services.door.door_rows import AnyRow
from app.services.door.door_standing import OF_A_VALID_TICKET
from app.services.door.door_station import Station

_LEARN = (
    update(CheckIn)
    .where(CheckIn.id == bindparam("key"))
    .values(let_in=bindparam("people"), admits=bindparam("most"))
)


def learn(
    connection: Connection,
    station: Station,
    known: Mapping[str, AnyRow],
    scans: Mapping[str, Scan],
    at: dt.datetime,
) -> dict[str, AnyRow]:
    """Write how many people phones let in by scans that are `known` already; their rows as they are then.

    Where more or fewer may be in by it, a row is added besides: phones and pages ask for what has come to the ledger
    since, and would not hear of an old row that reads otherwise.
    """
    told = {key: scan for key, scan in scans.items() if key in known and _tells(scan, known[key])}
    for key, scan in told.items():
        row = known[key]
        most = station.admits(scan, row.admits)
        connection.execute(_LEARN, {"key": row.id, "people": scan.let_in, "most": most})
        if row.verdict not in OF_A_VALID_TICKET:
            continue
        if scan.let_in != row.admits:
            door_rows.append(connection, _note(station, row, scan.let_in, at))
        door_standing.derive(connection, row.registration_id)
    return door_rows.stored(connection, station.meetup_id, told)


def _tells(scan: Scan, row: AnyRow) -> bool:
    return scan.body_hash == row.body_hash and scan.let_in is not None and row.let_in is None


def _note(station: Station, row: AnyRow, people: int | None, at: dt.datetime) -> dict[str, Any]:
    return {
        "meetup_id": station.meetup_id,
        "scan_id": str(uuid.uuid4()),
        "kind": CheckInKind.LET_IN,
        "verdict": Verdict.OK,
        "status": row.status,
        "registration_id": row.registration_id,
        "ticket_id": row.ticket_id,
        "device_id": station.device_id,
        "account_id": station.account_id,
        "method": row.method,
        "gate": row.gate,
        "scanned_at": at,
        "corrected_at": at,
        "received_at": at,
        "body_hash": row.body_hash,
        "refers_to_id": row.id,
        "admits": people,
    }
