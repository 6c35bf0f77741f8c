"""The door as the organizers watch it: read twice a second at most for all who look, and told by one tag."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import bindparam, case, extract, func, literal_column, select

from app.clock import now
from app.db import db, end_reading
from app.domain.door.arrivals import Chart, chart
from app.domain.registering.registrations import Status
from app.models import CheckIn, Cohort, Device, DeviceRole, Meetup, Person, Registration
from app.services.door import door_conflicts, door_contacts, door_counts, door_gates, door_overrides
from app.services.door.door_gates import GateCount
from app.services.door.door_overrides import Override
from app.services.door.door_rows import AnyRow
from app.services.door.door_sights import Conflict

FRESH_SECONDS = 0.5  # with a look every two seconds: on every screen within three
MEETUPS_KEPT, PAGES_KEPT = 50, 8

_HERE = Registration.meetup_id == bindparam("meetup")
_IN = Registration.admitted_at.is_not(None)
_EXPECTED = case(
    (Registration.status == Status.CONFIRMED, 1 + Registration.companions), else_=door_counts.CAME
)
_COUNTS = (
    select(
        Cohort.ordinal,
        func.sum(_EXPECTED).label("expected"),
        func.sum(door_counts.CAME).label("inside"),
        func.sum(Registration.left_count).label("out_again"),
    )
    .select_from(Registration)
    .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    .where(_HERE, (Registration.status == Status.CONFIRMED) | _IN)
    .group_by(Cohort.ordinal)
)
_SECOND = extract("epoch", Registration.admitted_at)
_MINUTE = (_SECOND - _SECOND % literal_column("60")).label("minute")
_ARRIVALS = select(_MINUTE, func.sum(door_counts.CAME)).where(_HERE, _IN).group_by(_MINUTE)
_MARKED = (
    select(
        Registration.reference,
        Registration.arrival_alert,
        Registration.admitted_at,
        Registration.left_at,
        Person.name,
        Cohort.ordinal,
        CheckIn.gate,
    )
    .join(Person, Person.id == Registration.person_id)
    .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    .outerjoin(CheckIn, CheckIn.id == Registration.admitted_by_id)
    .where(
        _HERE,
        Registration.arrival_alert.is_not(None),
        (Registration.status == Status.CONFIRMED) | _IN,
    )
)
_PHONES = (
    select(
        Device.id,
        Device.name,
        Device.role,
        Device.gate,
        Device.last_seen_at,
        Device.list_made_at,
        Device.scans_waiting,
        Device.revoked_at,
        Device.expires_at,
    )
    .where(Device.meetup_id == bindparam("meetup"))
    .order_by(Device.revoked_at.is_not(None), Device.id)
)
_DOOR = select(Meetup.door_gates, Meetup.door_tracks_exits).where(Meetup.id == bindparam("meetup"))


@dataclass(frozen=True, slots=True)
class Figure:
    """People of a cohort (its `key`): come in, of these gone again, and expected."""

    key: int | None
    inside: int
    left: int
    expected: int

    @property
    def now(self) -> int:
        return self.inside - self.left


@dataclass(frozen=True, slots=True)
class Marked:
    """A guest whose arrival the organizers want to be told of, as what (`alert`)."""

    name: str
    cohort: int | None
    reference: str
    alert: str
    at: dt.datetime | None
    gate: str | None
    left_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Phone:
    """What was heard of a phone the last time; `is_silent`: longer ago than a phone at work is silent."""

    id: int
    name: str
    role: DeviceRole
    gate: str | None
    last_seen_at: dt.datetime | None
    list_made_at: dt.datetime | None
    scans_waiting: int | None
    revoked_at: dt.datetime | None
    is_over: bool
    is_silent: bool


@dataclass(frozen=True)
class Live:
    """All that the live view shows, as of one moment. Equal ones have one `tag`."""

    total: Figure
    cohorts: tuple[Figure, ...]
    gates: tuple[GateCount, ...]
    tracks_exits: bool
    arrivals: Chart
    marked: tuple[Marked, ...]
    phones: tuple[Phone, ...]
    conflicts: tuple[Conflict, ...]
    overrides: tuple[Override, ...]
    pages: dict[Hashable, tuple[str, str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def come(self) -> tuple[Marked, ...]:
        """The marked guests who are here or were, the latest first."""
        return tuple(sorted((each for each in self.marked if each.at), key=_since, reverse=True))

    def page(self, key: Hashable, render: Callable[[], str]) -> tuple[str, str]:
        """What `render` makes of it and its tag, made once for all who look (`key`: as what, in what language)."""
        if key not in self.pages:
            if len(self.pages) >= PAGES_KEPT:
                self.pages.clear()
            text = render()
            self.pages[key] = text, hashlib.sha256(text.encode()).hexdigest()[:16]
        return self.pages[key]


@dataclass
class _Held:
    """What this process remembers of a meetup's door."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    read: float = 0.0
    live: Live | None = None


_opening = threading.Lock()


def of(meetup_id: int) -> Live:
    """The door as it is, half a second old at most. Eleven statements each time, however many people and viewers."""
    held = _held(meetup_id)
    with held.lock:
        if held.live is not None and time.monotonic() - held.read < FRESH_SECONDS:
            return held.live
        end_reading()  # what this request has read so far may be older than the wait for the lock
        read, live = time.monotonic(), _read(meetup_id)
        if live != held.live:
            held.live = live
        held.read = read
        return held.live


def _read(meetup_id: int) -> Live:
    connection, here = db.session.connection(), {"meetup": meetup_id}
    gates, tracks_exits = connection.execute(_DOOR, here).one()
    cohorts = [
        Figure(row.ordinal, int(row.inside), int(row.out_again), int(row.expected))
        for row in connection.execute(_COUNTS, here)
    ]
    return Live(
        total=_total(cohorts),
        cohorts=tuple(sorted(cohorts, key=lambda each: (each.key is None, each.key or 0))),
        gates=_gates(meetup_id, gates or []),
        tracks_exits=tracks_exits,
        arrivals=chart((int(minute), int(people)) for minute, people in connection.execute(_ARRIVALS, here)),
        marked=tuple(
            Marked(
                row.name,
                row.ordinal,
                row.reference,
                row.arrival_alert,
                row.admitted_at,
                row.gate,
                row.left_at,
            )
            for row in sorted(connection.execute(_MARKED, here), key=lambda row: row.name)
        ),
        phones=tuple(_phone(row) for row in connection.execute(_PHONES, here)),
        conflicts=tuple(door_conflicts.of(meetup_id)),
        overrides=tuple(door_overrides.of(meetup_id)),
    )


def _phone(row: AnyRow) -> Phone:
    at = now()
    return Phone(
        row.id,
        row.name,
        row.role,
        row.gate,
        row.last_seen_at,
        row.list_made_at,
        row.scans_waiting,
        row.revoked_at,
        is_over=row.expires_at <= at,
        is_silent=door_contacts.is_silent(row.last_seen_at, at),
    )


def _total(cohorts: Iterable[Figure]) -> Figure:
    total = Figure(None, 0, 0, 0)
    for each in cohorts:
        total = Figure(
            None, total.inside + each.inside, total.left + each.left, total.expected + each.expected
        )
    return total


def _gates(meetup_id: int, own: list[str]) -> tuple[GateCount, ...]:
    """None where the door names no gate, and nobody came in at one."""
    found = door_gates.counts(meetup_id, own)
    return tuple(found) if own or any(each.gate is not None for each in found) else ()


def _since(marked: Marked) -> dt.datetime:
    return marked.at or dt.datetime.min.replace(tzinfo=dt.UTC)


def _held(meetup_id: int) -> _Held:
    kept: dict[int, _Held] = current_app.extensions.setdefault("door_live", {})
    with _opening:
        if meetup_id not in kept and len(kept) >= MEETUPS_KEPT:
            del kept[next(iter(kept))]
        return kept.setdefault(meetup_id, _Held())
