"""Judging a batch of scans and writing it into the ledger, inside a transaction of the caller's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from app.domain.door import tickets
from app.domain.door.admission import Presented, Verdict, all_in, judge, judge_exit
from app.domain.door.ledger import Entry, Exit, Passage
from app.domain.door.moments import Moment
from app.domain.door.scans import Item, Malformed, OverrideScan, PartyScan, Remark, Scan
from app.domain.registering.registrations import Status
from app.services.door import door_learning, door_released, door_rows, door_standing
from app.services.door.door_outcomes import First, Outcome, first_of, from_ledger, told, who
from app.services.door.door_parties import store_override, store_party, whose
from app.services.door.door_rows import AnyRow
from app.services.door.door_standing import DESK, OF_A_VALID_TICKET, OF_AN_EXIT, OF_SOMEBODY, History
from app.services.door.door_station import Station
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
    """One outcome an item, in order. A scan id that is known gets its stored answer and changes none."""
    scans: dict[str, Scan] = {}
    for item in items:
        if isinstance(item, Scan):
            scans.setdefault(item.id, item)
    remarks: dict[str, Remark] = {}
    for item in items:
        if isinstance(item, Remark) and item.id not in scans:
            remarks.setdefault(item.id, item)
    look = look or _look(connection, station.meetup_id, scans, remarks)
    learned = door_learning.learn(connection, station, look.known, scans, at)
    known = {**look.known, **learned}
    fresh = [scan for scan in scans.values() if scan.id not in known]
    said = [each for each in remarks.values() if each.id not in known]
    judged = _Batch(connection, station, at).store(fresh, said, look.found, sent_at)
    stored = from_ledger(connection, known)
    answers = stored | {key: replace(stored[key], recounts=True) for key in learned} | judged
    bodies = {key: each.body_hash for key, each in (scans | remarks).items()}
    bodies |= {key: row.body_hash for key, row in known.items()}
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
    """Scans seen for the first time, with those of whom an earlier item of the same batch told already."""

    def __init__(self, connection: Connection, station: Station, at: dt.datetime) -> None:
        self.connection, self.station, self.at = connection, station, at
        self.moved: set[int] = set()

    def store(
        self, scans: Sequence[Scan], remarks: Sequence[Remark], found: Found, sent_at: object
    ) -> dict[str, Outcome]:
        """Taken in one order in every batch (person, time, id), so that two batches never deadlock."""
        keys = {scan.id: _key(found[scan.id]) for scan in scans}
        keys |= whose(self.connection, self.station.meetup_id, remarks, keys)
        items: list[Scan | Remark] = [*scans, *remarks]
        told = {each.id: each.scanned_at for each in items}
        skews = {scan.id: scan.skew for scan in scans if scan.skew is not None}
        times = self.station.placed(self.connection, told, sent_at, self.at, skews)

        def order(each: Scan | Remark) -> tuple[int, dt.datetime, bool, str]:
            """What is said of a scan comes after it, whatever the clock says."""
            at, is_remark = times[each.id].corrected_at, isinstance(each, Remark)
            if isinstance(each, Remark) and each.of in times:
                at = max(at, times[each.of].corrected_at)
            return keys[each.id], at, is_remark, each.id

        outcomes = {}
        for each in sorted(items, key=order):
            outcomes[each.id] = self._stored(each, times[each.id], found)
            self.moved.add(keys[each.id])
        return outcomes

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
            # What belongs to another meetup leaves no trace of whom it belongs to.
            self._append(scan, when, verdict)
            return Outcome(scan.id, verdict)
        return self._exit(scan, when, row) if scan.leaves else self._entry(scan, when, row)

    def _entry(self, scan: Scan, when: Moment, row: AnyRow) -> Outcome:
        status, held = self._status(row, when), self._held(row, scan)
        entry = self._entry_of(scan, when, row)
        past = self._lived(entry, held) if held else _past(row)
        verdict = judge(
            Presented(
                status,
                revoked=_was_revoked(row, when),
                already_in=past.is_in,
                called_off=self.station.was_called_off(when),
            )
        )
        past = past if verdict in OF_A_VALID_TICKET else _Past()
        links = {"refers_to_id": past.key, "admits": self.station.admits(scan, 1 + row.companions)}
        key = self._append(scan, when, verdict, **_links(row, status), **links)
        if verdict in OF_A_VALID_TICKET and held:
            held = self._settled(row, held.plus(entry, key))
        elif verdict is Verdict.OK:
            self._admit(when, row, key)
        elif verdict is Verdict.ALREADY_REDEEMED and _came_before(scan, when, row):
            door_standing.derive(self.connection, row.id)
        released = self._released(row, when) if verdict is Verdict.WAITLISTED else None
        sent = past.first is not None and past.first.may_have_sent(when.corrected_at)
        outcome = Outcome(
            scan.id, status=status, first=past.first, left=past.left, released=released, from_tablet=sent
        )
        return self._told(scan, verdict, row, outcome, held)

    def _exit(self, scan: Scan, when: Moment, row: AnyRow) -> Outcome:
        status, held = self._status(row, when), self._history(row)
        exit_ = Exit(scan.id, when.corrected_at, 1 + row.companions, self.station.device_id or DESK)
        before = held.before(exit_)
        verdict = judge_exit(
            Presented(
                status,
                revoked=_was_revoked(row, when),
                inside=before.people,
                called_off=self.station.was_called_off(when),
            )
        )
        went = before.left if verdict is Verdict.NOT_IN else None
        links = {"refers_to_id": held.key_of(went), "admits": 1 + row.companions}
        key = self._append(scan, when, verdict, **_links(row, status), **links)
        if verdict in OF_AN_EXIT:
            held = self._settled(row, held.plus(exit_, key))
        outcome = Outcome(scan.id, status=status, left=_first_by(held, went))
        return self._told(scan, verdict, row, outcome, held)

    def _settled(self, row: AnyRow, held: History) -> History:
        door_standing.settle(self.connection, row.id, held)
        return held

    def _entry_of(self, scan: Scan, when: Moment, row: AnyRow) -> Entry:
        people = scan.let_in or self.station.admits(scan, 1 + row.companions)
        return Entry(scan.id, when.corrected_at, people, self.station.device_id or DESK, scan.let_in)

    def _told(
        self, scan: Scan, verdict: Verdict, row: AnyRow, outcome: Outcome, held: History | None
    ) -> Outcome:
        """The answer, with whose ticket it is and how the people on it stand."""
        party = held.party(scan.id) if held and verdict in OF_SOMEBODY else None
        return replace(outcome, verdict=verdict, person=who(row), party=party, recounts=held is not None)

    def _released(self, row: AnyRow, when: Moment) -> dt.datetime | None:
        releases = door_released.of(self.connection, [row.id]).get(row.id, ())
        return door_released.last(Verdict.WAITLISTED, when.corrected_at, releases)

    def _status(self, row: AnyRow, when: Moment) -> Status:
        """The state in which they stood at the door: a seat lost since then let them in, one gained since did not.

        A ticket that was shown had been issued, whatever the phone's clock says.
        """
        status: Status = row.status
        at = max(when.corrected_at, row.issued_at or when.corrected_at)
        if row.status_at <= at:
            return status
        return door_rows.status_at(self.connection, row.id, at) or status

    def _held(self, row: AnyRow, scan: Scan) -> History | None:
        """Everything on somebody of whom it takes more than the first entry to say how they stand."""
        has_exits = self.station.tracks_exits and row.admitted_at is not None
        was_refused = scan.let_in == 0 or row.first_let_in == 0
        if row.companions or row.has_turned or has_exits or was_refused or row.id in self.moved:
            return self._history(row)
        return None

    def _history(self, row: AnyRow) -> History:
        return door_standing.history(self.connection, row.id, 1 + row.companions)

    def _lived(self, entry: Entry, held: History) -> _Past:
        """In already are they if all on the ticket are in now, or were when this entry happened; and by another one that
        let them in after their phone had refused them, which is not named where it was taken back."""
        other = held.overtaking(entry)
        if other and other.scan_id in held.undone:
            return _Past(is_in=True)
        if other and other.let_in != 0:
            return _in_by(held, other)
        others = held.beside(entry)
        before = others.before(entry)
        for stands in (others.standing, before):
            if stands.admitting and all_in(held.size, stands.people):
                return _in_by(held, stands.admitting)
        return _Past(held.key_of(before.left), left=_first_by(held, before.left))

    def _admit(self, when: Moment, row: AnyRow, key: int) -> None:
        """Let in somebody of whom nothing is known. From then on others who tell of them wait, as `history` has them."""
        if row.status is not Status.CONFIRMED:
            door_standing.derive(self.connection, row.id)
        elif not door_rows.admit(self.connection, row.id, when.corrected_at, key):
            raise LostRace
        elif self.station.tracks_exits:
            held = door_standing.read(self.connection, row.id)
            if len(held.passages) > 1:
                door_standing.settle(self.connection, row.id, held)

    def _append(self, scan: Scan, when: Moment, verdict: Verdict, **links: Any) -> int:
        return door_rows.append(self.connection, self.station.row_of(scan, when, verdict, self.at) | links)


@dataclass(frozen=True, slots=True)
class _Past:
    """What an entry refers to: the entry by which they are in already, or the exit that they come back from."""

    key: int | None = None
    first: First | None = None
    left: First | None = None
    is_in: bool = False


def _past(row: AnyRow) -> _Past:
    if row.admitted_at is None:
        return _Past()
    return _Past(row.admitted_by_id, first_of(row), is_in=True)


def _in_by(held: History, entry: Entry) -> _Past:
    return _Past(held.key_of(entry), _first_by(held, entry), is_in=True)


def _first_by(held: History, passage: Passage | None) -> First | None:
    return told(held.rows[passage.scan_id]) if passage else None


def _links(row: AnyRow, status: Status) -> dict[str, Any]:
    return {"registration_id": row.id, "ticket_id": row.ticket_id, "status": status}


def _was_revoked(row: AnyRow, when: Moment) -> bool:
    return row.revoked_at is not None and row.revoked_at <= when.corrected_at


def _came_before(scan: Scan, when: Moment, row: AnyRow) -> bool:
    """Whether this scan, now that it is known, is an earlier one than that by which they are in."""
    if row.admitted_at is None or row.first_scan_id is None:
        return False
    return (when.corrected_at, scan.id) < (row.admitted_at, row.first_scan_id)


def _key(row: AnyRow | None) -> int:
    return row.id if row is not None else 0
