"""Companions who did not come in with the others: how many of a party a scan let in, told after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.admission import Verdict
from app.domain.ledger import Moment, moment
from app.domain.scans import PartyScan
from app.models import CheckInKind
from app.services import door_rows, door_standing
from app.services.door_outcomes import Outcome, who
from app.services.door_rows import AnyRow
from app.services.door_standing import OF_A_VALID_TICKET
from app.services.door_station import Station


def store_parties(
    connection: Connection, station: Station, parties: Sequence[PartyScan], sent_at: object, at: dt.datetime
) -> dict[str, Outcome]:
    """One outcome each, by id: how the party stands then. Taken in one order in every batch."""
    targets = door_rows.stored(connection, station.meetup_id, {party.of for party in parties})
    ordered = sorted(parties, key=lambda each: (_person(targets.get(each.of)), each.id))
    return {
        party.id: _store(connection, station, party, targets.get(party.of), sent_at, at) for party in ordered
    }


def _store(
    connection: Connection,
    station: Station,
    party: PartyScan,
    target: AnyRow | None,
    sent_at: object,
    at: dt.datetime,
) -> Outcome:
    if target is None or target.kind is not CheckInKind.ENTRY or target.verdict not in OF_A_VALID_TICKET:
        return Outcome(party.id, error="no_such_check_in")
    when = moment(party.scanned_at, sent_at, at, station.since)
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


def _person(target: AnyRow | None) -> int:
    return (target.registration_id or 0) if target is not None else 0
