"""Companions who did not come in with the others: how many of a party a scan let in, told after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.admission import Verdict
from app.domain.ledger import Moment
from app.domain.scans import PartyScan
from app.models import CheckInKind
from app.services import door_rows, door_standing
from app.services.door_outcomes import Outcome, who
from app.services.door_rows import AnyRow
from app.services.door_standing import OF_A_VALID_TICKET
from app.services.door_station import Station


def whose(
    connection: Connection, meetup_id: int, parties: Sequence[PartyScan], scans: Mapping[str, int]
) -> dict[str, int]:
    """The registration that each is about, 0 for none; `scans` says it of the scans of the same batch."""
    wanted = {party.of for party in parties} - scans.keys()
    earlier = door_rows.stored(connection, meetup_id, wanted)
    known = {key: row.registration_id or 0 for key, row in earlier.items()} | dict(scans)
    return {party.id: known.get(party.of, 0) for party in parties}


def store_party(
    connection: Connection, station: Station, party: PartyScan, when: Moment, at: dt.datetime
) -> Outcome:
    """How the party stands then; an error where there is no such scan of a valid ticket."""
    target = door_rows.stored(connection, station.meetup_id, [party.of]).get(party.of)
    if target is None or target.kind is not CheckInKind.ENTRY or target.verdict not in OF_A_VALID_TICKET:
        return Outcome(party.id, error="no_such_check_in")
    door_rows.append(connection, _row(station, party, target, when, at))
    door_standing.derive(connection, target.registration_id)
    person = door_rows.by_id(connection, [target.registration_id])[target.registration_id]
    stands = door_standing.party_of(connection, person, target.scan_id)
    return Outcome(party.id, Verdict.OK, status=target.status, person=who(person), party=stands)


def _row(station: Station, party: PartyScan, target: AnyRow, when: Moment, at: dt.datetime) -> dict[str, Any]:
    return {
        "meetup_id": station.meetup_id,
        "scan_id": party.id,
        "kind": CheckInKind.PARTY,
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
        "body_hash": party.body_hash,
        "refers_to_id": target.id,
        "admits": party.admits,
    }
