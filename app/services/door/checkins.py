"""Check-in: scans go into the ledger, once each, and the first green one lets the person in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.clock import now
from app.db import statements, transaction
from app.domain.door import tickets
from app.domain.door.scans import DESK, ENTRY, Item, OverrideScan, Scan, from_kiosk, read_item, read_scan
from app.models import Meetup
from app.services.door import devices, door_contacts, door_counts, door_memory, door_rows
from app.services.door.devices import DoorPass
from app.services.door.door_contacts import Report
from app.services.door.door_judging import Look, judge_and_store
from app.services.door.door_outcomes import Outcome
from app.services.door.door_station import Station, station_of
from app.services.races import once_more


class Recorded(NamedTuple):
    """What became of a phone's batch. `has_lost`: the ledger lacks the scan that the phone was answered before."""

    door: DoorPass
    outcomes: list[Outcome]
    has_lost: bool


@once_more
def record(
    hashes: Sequence[str],
    slug: str,
    items: Sequence[object],
    sent_at: object,
    waiting: int | None = None,
    last: str | None = None,
) -> Recorded:
    """Judge and store a phone's batch: one outcome for each item, in the batch's order.

    `waiting`: how many scans are left on the phone once this batch is stored, `last`: the scan that it was
    answered before, where it says so.

    A repeat gets its stored answer; a bad item hinders no other. Refused as a whole only when the
    phone is not, or no longer, a staff phone of this door.
    """
    devices.recognise(hashes, slug)
    read, at = [read_item(item) for item in items], now()
    with statements() as connection:
        door, look = _seen(connection, hashes, slug, read)
        read = [from_kiosk(item) for item in read] if door.is_kiosk else read
        has_lost = door_memory.lacks(connection, door.meetup_id, last)  # before the batch, which may hold it
        outcomes = judge_and_store(connection, station_of(door), read, sent_at, at, look)
        door_contacts.note_contact(connection, door, at, Report(scans_waiting=waiting))
    _count(door.meetup_id, outcomes, anew=any(_turns(each) for each in read))
    return Recorded(door, outcomes, has_lost)


@once_more
def record_at_desk(meetup_id: int, account_id: int, scan: Mapping[str, Any]) -> Outcome:
    """Judge and store one check-in by an organizer: `id`, and a ticket's `code` or a `registration`; an exit by `kind`."""
    at = now()
    item = {"kind": ENTRY, **scan, "method": DESK, "scanned_at": at.isoformat()}
    with transaction() as session:
        meetup = session.get_one(Meetup, meetup_id)
        called_off_at, tracks_exits = meetup.called_off_at, meetup.door_tracks_exits
        station = Station(meetup_id, called_off_at, account_id=account_id, tracks_exits=tracks_exits)
        read = [read_scan(item, methods={DESK})]
        (outcome,) = judge_and_store(session.connection(), station, read, at.isoformat(), at)
    _count(meetup_id, [outcome], anew=any(_turns(each) for each in read))
    return outcome


def _seen(
    connection: Connection, hashes: Sequence[str], slug: str, read: Sequence[Item]
) -> tuple[DoorPass, Look | None]:
    """The phone and, when it shows one ticket as nearly always, that ticket in the same question."""
    scan = read[0] if len(read) == len(hashes) == 1 else None
    if not isinstance(scan, Scan) or scan.code is None:
        return devices.admitted(connection, hashes, slug, late=True, kiosk=True), None
    row = door_rows.glance(connection, hashes[0], slug, scan.id, tickets.digest(scan.code))
    door = devices.pass_of(row, late=True, kiosk=True)
    if row is None or row.stored_id is not None:
        return door, None
    return door, Look({}, {scan.id: row if row.ticket_id is not None else None})


def _turns(item: Item) -> bool:
    """Whether it may move somebody otherwise than in by a green scan."""
    return isinstance(item, OverrideScan) or (isinstance(item, Scan) and item.leaves)


def _count(meetup_id: int, outcomes: Sequence[Outcome], *, anew: bool) -> None:
    """Whoever comes alone and for the first time is added to what is remembered; else all are counted anew."""
    if anew or any(outcome.party or outcome.recounts for outcome in outcomes):
        door_counts.forget(meetup_id)
    else:
        door_counts.add(meetup_id, outcomes)
