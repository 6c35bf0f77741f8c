"""A door's sealed list: every ticket of the meetup and what it would get, in 256 buckets.

Two hundred phones ask for it all the time. So the tickets are read at most every two seconds a process,
and a bucket is sealed once for all phones that lack it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flask import current_app
from sqlalchemy import bindparam, select

from app.clock import now
from app.db import db, end_reading
from app.domain.door import kiosks, sealing, tickets
from app.domain.door.sealing import BUCKETS, TAG_LENGTH, Record
from app.domain.hosting.matching import worth_a_word
from app.keys import keys
from app.models import Cohort, Person, Registration, Ticket
from app.recent import Recent
from app.services.door.door_released import RELEASED_AT
from app.services.door.door_rows import AnyRow
from app.services.meeting.tables import SHOWN_TABLE

FRESH_SECONDS = 2.0
SURE_SECONDS = 0.25  # for a phone that holds another list: it may know more than this process
MEETUPS_KEPT, FACES_KEPT = 20, 4
SEALED_KEPT, SEALED_SECONDS = 20 * BUCKETS, 86_400.0  # about 18 MB where meetups have 5,000 tickets

Label = Callable[[int | None], str]
_registration, _person, _cohort, _ticket = (
    Registration.__table__,
    Person.__table__,
    Cohort.__table__,
    Ticket.__table__,
)
_TICKETS = (
    select(
        _ticket.c.uid,
        _ticket.c.revision,
        _ticket.c.revoked_at.is_not(None).label("revoked"),
        _registration.c.reference,
        _registration.c.status,
        _registration.c.arrival_alert,
        _registration.c.host_listed,
        _registration.c.companions,
        _person.c.name,
        _cohort.c.ordinal.label("cohort"),
        RELEASED_AT,
        SHOWN_TABLE,
    )
    .select_from(
        _ticket.join(_registration, _registration.c.id == _ticket.c.registration_id)
        .join(_person, _person.c.id == _registration.c.person_id)
        .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
    )
    .where(_registration.c.meetup_id == bindparam("meetup"))
    .order_by(_ticket.c.id)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket of the list, not sealed yet."""

    code: str = field(repr=False)
    lookup: bytes
    text: bytes = field(repr=False)


@dataclass(frozen=True)
class Face:
    """The list as one language shows it, as of `made_at`."""

    meetup_id: int
    made_at: dt.datetime
    count: int
    reissued: int  # tickets that are not their registration's first; never fewer than before
    tags: bytes
    marks: tuple[bytes, ...] = field(repr=False)
    buckets: tuple[tuple[Line, ...], ...] = field(repr=False)

    def lacking(self, have: bytes | None) -> list[int]:
        """The buckets that a phone with these tags does not hold as they are."""
        if have is None:
            return list(range(BUCKETS))
        at = range(0, BUCKETS * TAG_LENGTH, TAG_LENGTH)
        return [n for n, i in enumerate(at) if have[i : i + TAG_LENGTH] != self.tags[i : i + TAG_LENGTH]]

    def sealed(self, bucket: int) -> str:
        """A bucket's records in base64, "" for none; sealed anew only where this process has not lately."""
        if not self.buckets[bucket]:
            return ""
        return _sealed.get(self.marks[bucket], lambda: self._seal(bucket))

    def _seal(self, bucket: int) -> str:
        records = (
            sealing.seal(line.text, line.code, self.meetup_id, os.urandom(sealing.NONCE_LENGTH))
            for line in self.buckets[bucket]
        )
        return base64.b64encode(b"".join(records)).decode()


@dataclass
class _Held:
    """What this process remembers of one meetup's tickets."""

    meetup_id: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    rows: list[AnyRow] | None = None
    read: float = 0.0  # by the monotonic clock
    made_at: dt.datetime = field(default_factory=now)
    faces: dict[tuple[object, ...], Face] = field(default_factory=dict)

    def refresh(self, at_most: float) -> None:
        """Read the tickets, unless they were read less than `at_most` seconds ago."""
        if self.rows is not None and time.monotonic() - self.read < at_most:
            return
        end_reading()  # what this request has read so far may be older than the wait for the lock
        read, made_at = time.monotonic(), now()
        rows = list(db.session.connection().execute(_TICKETS, {"meetup": self.meetup_id}))
        if rows != self.rows:
            self.rows, self.faces = rows, {}
        self.read, self.made_at = read, made_at

    def face(self, label: Label, called_off: bool, masked: bool) -> Face:
        rows = self.rows or []
        labels = {cohort: label(cohort) for cohort in {row.cohort: None for row in rows}}
        key = (called_off, masked, *labels.items())
        if key not in self.faces:
            if len(self.faces) >= FACES_KEPT:
                self.faces.clear()
            self.faces[key] = _face(self, rows, labels, called_off, masked)
        return replace(self.faces[key], made_at=self.made_at)


_sealed: Recent[str] = Recent(SEALED_KEPT, SEALED_SECONDS)
_opening = threading.Lock()


def of(meetup_id: int, called_off: bool, label: Label, have: bytes | None, *, masked: bool = False) -> Face:
    """The list for a phone that holds these tags; two seconds old at most, and newer than what it holds.

    `masked`: for a self check-in tablet, whose records tell a masked name and whether the ticket opens the door.
    """
    held = _held(meetup_id)
    with held.lock:
        held.refresh(FRESH_SECONDS)
        face = held.face(label, called_off, masked)
        if have is None or have == face.tags:
            return face
        held.refresh(SURE_SECONDS)
        return held.face(label, called_off, masked)


def lookup(uid: str, revision: int, meetup_id: int) -> bytes:
    """Where the record of this issue of a ticket lies."""
    return sealing.lookup(tickets.derive_code(keys().ticket, uid, revision), meetup_id)


def _held(meetup_id: int) -> _Held:
    """This application's memory of the meetup, made at the first question."""
    lists: dict[int, _Held] = current_app.extensions.setdefault("door_lists", {})
    with _opening:
        if meetup_id not in lists and len(lists) >= MEETUPS_KEPT:
            del lists[next(iter(lists))]
        return lists.setdefault(meetup_id, _Held(meetup_id))


def _face(
    held: _Held, rows: list[AnyRow], labels: dict[int | None, str], called_off: bool, masked: bool
) -> Face:
    buckets: list[list[Line]] = [[] for _ in range(BUCKETS)]
    for row in rows:
        line = _line(held.meetup_id, row, labels[row.cohort], called_off, masked)
        buckets[sealing.bucket_of(line.lookup)].append(line)
    secret = hmac.digest(keys().ticket, b"door-list-tags", "sha256")
    marks = [
        sealing.mark(secret, held.meetup_id, number, ((line.lookup, line.text) for line in lines))
        for number, lines in enumerate(buckets)
    ]
    return Face(
        meetup_id=held.meetup_id,
        made_at=held.made_at,
        count=len(rows),
        reissued=sum(row.revision > 1 for row in rows),
        tags=b"".join(mark[:TAG_LENGTH] for mark in marks),
        marks=tuple(marks),
        buckets=tuple(map(tuple, buckets)),
    )


def _line(meetup_id: int, row: AnyRow, cohort: str, called_off: bool, masked: bool) -> Line:
    state = sealing.state(row.status, revoked=row.revoked, called_off=called_off)
    code = tickets.derive_code(keys().ticket, row.uid, row.revision)
    record = Record(
        row.name,
        cohort,
        row.reference,
        state,
        row.arrival_alert,
        people=1 + row.companions,
        released=row.released_at.isoformat() if row.released_at else None,
        why=sealing.why(row.status, state),
        host=worth_a_word(row.host_listed),
        table=row.table if state == sealing.ADMITTED else None,
    )
    text = sealing.plain(kiosks.told(record) if masked else record)
    return Line(code, sealing.lookup(code, meetup_id), text)
