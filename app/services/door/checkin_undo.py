"""Taking a check-in back: a row of its own, with a reason. The ticket may enter again afterwards.

A walk-in whose entry is taken back never came: their registration ends with it, and the seat is free again. Who comes
after all is a new walk-in. So does the seat of somebody who was erased while they were in: nobody can come on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.door.admission import Verdict
from app.domain.door.ledger import Entry
from app.domain.door.scans import DESK, REASON_KEPT, body_hash, clean, read_id
from app.domain.door.walk_ins import WALK_IN_UNDONE
from app.domain.errors import DomainError
from app.models import CheckInKind, Meetup, Person, Registration, Source, Status
from app.services import audit
from app.services.door import devices, door_counts, door_rows, door_standing
from app.services.door.door_outcomes import Outcome, from_ledger
from app.services.door.door_rows import AnyRow
from app.services.door.door_station import Station, station_of
from app.services.races import LostRace, once_more
from app.services.registering import tickets
from app.services.registering.registration_changes import change, held_with_meetup
from app.services.seating import promotion


@dataclass(frozen=True, slots=True)
class _Wish:
    """An undo as asked for: its own id, the scan it takes back, why."""

    id: str
    undoes: str
    reason: str

    @property
    def body(self) -> bytes:
        return body_hash({"id": self.id, "undoes": self.undoes, "reason": self.reason})


@once_more
def undo(
    hashes: Sequence[str], slug: str, undo_id: object, scan_id: object, reason: object
) -> tuple[devices.DoorPass, Outcome]:
    """Take back the check-in `scan_id`, from a supervisor's phone. Twice is harmless."""
    with transaction() as session:
        door = devices.admitted(session.connection(), hashes, slug)
        if not door.may_supervise:
            raise DomainError("not_allowed")
        wish = _wish(undo_id, scan_id, reason)
        outcome = _undo(session, station_of(door), wish, f"device:{door.device_id}", door.program_id)
    door_counts.forget(door.meetup_id)
    return door, outcome


@once_more
def undo_at_desk(meetup_id: int, account_id: int, reference: str, reason: object, undo_id: object) -> Outcome:
    """Take back the last check-in that let this registration in: who left and came back stays the one who left."""
    with transaction() as session:
        program_id = session.get_one(Meetup, meetup_id).program_id
        station = Station(meetup_id, account_id=account_id)
        wish = _wish(undo_id, _scan_that_admitted(session.connection(), meetup_id, reference), reason)
        outcome = _undo(session, station, wish, f"account:{account_id}", program_id)
    door_counts.forget(meetup_id)
    return outcome


def _wish(undo_id: object, scan_id: object, reason: object) -> _Wish:
    key, target, why = read_id(undo_id), read_id(scan_id), clean(reason, REASON_KEPT)
    if key is None or target is None:
        raise DomainError("malformed")
    if why is None:
        raise DomainError("undo_reason_missing")
    return _Wish(key, target, why)


def _undo(session: Session, station: Station, wish: _Wish, actor: str, program_id: int) -> Outcome:
    connection = session.connection()
    if stored := door_rows.stored(connection, station.meetup_id, [wish.id]).get(wish.id):
        if stored.body_hash != wish.body:
            raise DomainError("conflicting_body")
        return from_ledger(connection, {wish.id: stored})[wish.id]
    target = _undoable(connection, station.meetup_id, wish.undoes)
    leaving = _leaving(session, target.registration_id)
    door_rows.lock(connection, target.registration_id)
    if leaving is None and _is_erased(session, target.registration_id):
        raise LostRace
    if earlier := door_rows.undo_of(connection, target.id):
        return replace(from_ledger(connection, {wish.id: earlier})[wish.id], id=wish.id)
    door_rows.append(connection, _row(station, wish, target))
    door_standing.derive(connection, target.registration_id)
    subject = f"check_in:{target.id}"
    audit.record(session, "check_in.undone", subject, actor, program_id=program_id, meetup=station.meetup_id)
    if leaving:
        _free_seat(session, *leaving, actor)
    written = door_rows.stored(connection, station.meetup_id, [wish.id])
    return replace(from_ledger(connection, written)[wish.id], replayed=False)


def _leaving(session: Session, registration_id: int) -> tuple[Meetup, Registration] | None:
    """Where somebody walked in, or is erased: their meetup and registration, under the seat lock, which comes before
    all others."""
    source = session.scalar(select(Registration.source).where(Registration.id == registration_id))
    leaves = source is Source.WALK_IN or _is_erased(session, registration_id)
    return held_with_meetup(session, registration_id) if leaves else None


def _is_erased(session: Session, registration_id: int) -> bool:
    query = select(Person.erased_at).join(Registration, Registration.person_id == Person.id)
    return session.scalar(query.where(Registration.id == registration_id)) is not None


def _free_seat(session: Session, meetup: Meetup, gone: Registration, actor: str) -> None:
    """Their registration ends unless somebody is known to have come in on it all the same. The seat of somebody erased
    stays in the numbers of a meetup that is over."""
    session.refresh(gone)
    walked_in = gone.source is Source.WALK_IN
    ends = walked_in or now() < meetup.ends_at
    if ends and gone.admitted_at is None and gone.status is Status.CONFIRMED:
        change(session, [gone], Status.CANCELLED, actor, WALK_IN_UNDONE if walked_in else "")
        tickets.revoke(session, gone.id)
        promotion.promote(session, meetup)


def _undoable(connection: Connection, meetup_id: int, scan_id: str) -> AnyRow:
    """The scan of that id at this meetup: a green one, or one by which somebody came in or went."""
    target = door_rows.stored(connection, meetup_id, [scan_id]).get(scan_id)
    if target is None:
        raise DomainError("no_such_check_in")
    if target.registration_id is None or target.kind not in (CheckInKind.ENTRY, CheckInKind.EXIT):
        raise DomainError("nothing_to_undo")
    if target.verdict not in (Verdict.OK, Verdict.LEFT):
        held = door_standing.read(connection, target.registration_id)
        if target.scan_id not in held.standing.taken:
            raise DomainError("nothing_to_undo")
    return target


def _scan_that_admitted(connection: Connection, meetup_id: int, reference: str) -> str:
    row = door_rows.by_reference(connection, meetup_id, [reference]).get(reference)
    if row is None or row.admitted_by_id is None:
        raise DomainError("nothing_to_undo")
    held = door_standing.read(connection, row.id)
    counting = [
        each for each in held.passages if isinstance(each, Entry) and each.scan_id in held.standing.taken
    ]
    return max(counting, key=lambda each: (each.at, each.scan_id)).scan_id


def _row(station: Station, wish: _Wish, target: AnyRow) -> dict[str, Any]:
    at = now()
    return {
        "meetup_id": station.meetup_id,
        "scan_id": wish.id,
        "kind": CheckInKind.UNDO,
        "verdict": Verdict.UNDONE,
        "registration_id": target.registration_id,
        "device_id": station.device_id,
        "account_id": station.account_id,
        "method": DESK if station.account_id else "list",
        "gate": station.gate,
        "scanned_at": at,
        "corrected_at": at,
        "received_at": at,
        "body_hash": wish.body,
        "refers_to_id": target.id,
        "reason": wish.reason,
    }
